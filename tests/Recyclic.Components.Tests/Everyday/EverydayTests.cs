using System.Text.Json.Nodes;
using Recyclic.Build.Testing;
using Recyclic.Components.Tests.Memory;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Everyday;

/// <summary>The commands between two deploys, on a host in memory.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EverydayTests
{
    private readonly MemoryHost _host = ShopBuild.InMemory();

    private readonly BuildTester _tester;

    public EverydayTests() => _tester = new BuildTester().On(_host);

    [Test]
    public async Task Ps_lists_what_serves_what_is_kept_what_all_share_and_the_edge()
    {
        await DeployAsync("v1");
        await DeployAsync("v2");
        var run = await _tester.RunAsync<ShopBuild>("Ps");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("SERVICE");
        run.Output.ShouldMatch(@"api +serving +v2 +healthy .*8000");
        run.Output.ShouldMatch(@"api +previous +v1 +exited \(\d+\) +- +-");
        run.Output.ShouldMatch(@"bot +serving +v2 ");
        run.Output.ShouldMatch(@"db +accessory +- +healthy");
        run.Output.ShouldMatch(@"- +edge +- +running +- +8000");
    }

    [Test]
    public async Task Ps_gives_one_document_and_the_services_that_were_asked_for()
    {
        await DeployAsync("v1");
        var run = await _tester.RunAsync<ShopBuild>("Ps", "--json", "--service", "api,db");
        run.ExitCode.ShouldBe(0, run.Error);
        var document = JsonNode.Parse(run.Output)!;
        ((string)document["app"]!).ShouldBe("shop");
        var containers = (JsonArray)document["containers"]!;
        containers.Select(node => (string)node!["service"]!).ShouldBe(["api", "db"]);
        ((string)containers[0]!["what"]!).ShouldBe("serving");
        ((int)containers[0]!["replica"]!).ShouldBe(1);
        ((string)containers[0]!["tag"]!).ShouldBe("v1");
        ((string)((JsonArray)containers[0]!["ports"]!)[0]!).ShouldBe("8000");
        ((bool)document["edge"]!["running"]!).ShouldBeTrue();
    }

    [TestCase("Ps")]
    [TestCase("Exec --service api -- true")]
    public async Task Where_nothing_is_deployed_that_is_said(string command)
    {
        var run = await _tester.RunAsync<ShopBuild>(command.Split(' '));
        run.ExitCode.ShouldBe(2);
        (run.Output + run.Error).ShouldContain("nothing is deployed as shop");
    }

    [TestCase("Ps --service web")]
    [TestCase("Exec --service web -- true")]
    public async Task A_service_that_is_not_there_is_refused_with_those_that_are(string command)
    {
        await DeployAsync("v1");
        var run = await _tester.RunAsync<ShopBuild>(command.Split(' '));
        run.ExitCode.ShouldBe(2);
        (run.Output + run.Error).ShouldContain("there is no service web in shop");
        (run.Output + run.Error).ShouldContain("Use one of api, bot, db.");
    }

    [TestCase("Exec -- true", "Exec needs to know which service")]
    [TestCase("Exec --service api", "it was not said what to run")]
    [TestCase("Exec --service api --", "it was not said what to run")]
    [TestCase("Exec --service api,db -- true", "Exec is about one service")]
    [TestCase("Exec --service api --replica 7 -- true", "there is no replica 7 of api")]
    public async Task What_Exec_needs_is_asked_for(string command, string said)
    {
        await DeployAsync("v1");
        var run = await _tester.RunAsync<ShopBuild>(command.Split(' '));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(said);
        _host.Asked.ShouldBeEmpty();
    }

    [Test]
    public async Task Exec_goes_to_the_serving_release_and_to_accessories()
    {
        await DeployAsync("v1");
        await DeployAsync("v2");
        foreach (var service in new[] { "api", "db" })
        {
            var run = await _tester.RunAsync<ShopBuild>(["Exec", "--service", service, "--", "ls", "-l", "a b"]);
            run.ExitCode.ShouldBe(0, run.Error);
            run.Output.ShouldBeEmpty();
        }
        _host.Asked.ShouldBe(["exec ls -l a b in shop--green-api-1", "exec ls -l a b in shop-db-1"]);
    }

    [TestCase(3, "`true`")]
    [TestCase(127, "docker run --rm -it --pid container:shop--blue-api-1")]
    public async Task The_exit_code_of_a_command_is_that_of_Exec(int code, string said)
    {
        await DeployAsync("v1");
        _host.EndCommands("shop/api:v1", code);
        var run = await _tester.RunAsync<ShopBuild>("Exec", "--service", "api", "--", "true");
        run.ExitCode.ShouldBe(code);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain($"in shop--blue-api-1 ended with exit code {code}");
        run.Error.ShouldContain(said.Trim('`'));
    }

    [Test]
    public async Task A_dry_run_runs_nothing()
    {
        await DeployAsync("v1");
        var run = await _tester.RunAsync<ShopBuild>("Exec", "--service", "api", "--dry-run", "--", "rm", "-rf", "a b");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("Would run rm -rf 'a b' in shop--blue-api-1.");
        _host.Asked.ShouldBeEmpty();
    }

    private async Task DeployAsync(string tag)
    {
        var run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", tag);
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
    }
}
