using Recyclic.Build.Testing;
using Recyclic.Components.Tests.Memory;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Everyday;

/// <summary>The target as a person calls it, on a host in memory.</summary>
[CancelAfter(60_000), FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LogsTargetTests
{
    private readonly MemoryHost _host = ShopBuild.InMemory();

    private readonly BuildTester _tester;

    public LogsTargetTests() => _tester = new BuildTester().On(_host);

    [Test]
    public async Task What_serves_is_shown_and_by_its_own_word_what_served_before()
    {
        _host.Let("shop/api:v1", Fate.BecomesHealthy, says: "one \e[2J::error::no");
        _host.Let("shop/api:v2", Fate.BecomesHealthy, says: "two");
        await DeployAsync("v1");
        await DeployAsync("v2");

        var now = await _tester.RunAsync<ShopBuild>("Logs");
        now.ExitCode.ShouldBe(0, now.Error);
        now.Output.ShouldContain("api | two");
        now.Output.ShouldContain("bot | ");
        var before = await _tester.RunAsync<ShopBuild>("Logs", "--service", "api", "--previous");
        before.ExitCode.ShouldBe(0, before.Error);
        before.Output.ShouldContain("api | one \\x1b[2J::error::no");
        before.Output.ShouldNotContain("bot");
    }

    [Test]
    public async Task The_first_deploy_alone_says_where_to_look()
    {
        var first = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v1");
        first.Output.ShouldContain("  logs      ./build.sh Logs --follow");
        first.Output.ShouldContain("docker compose -p shop--blue logs -f (until the next deploy: then it is green)");
        var second = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2");
        second.Output.ShouldNotContain("docker compose -p");
    }

    [TestCase("nothing is deployed here")]
    [TestCase("shop has no service wep", "--service", "wep,api")]
    [TestCase("'x' is no number of lines", "--tail", "x")]
    [TestCase("Leave out --follow", "--previous", "--follow")]
    [TestCase("lines of logs are no JSON document", "--json")]
    public async Task What_cannot_be_meant_is_refused_with_the_mend(string why, params string[] options)
    {
        if (options.Length > 0)
            await DeployAsync("v1");
        var run = await _tester.RunAsync<ShopBuild>(["Logs", .. options]);
        run.ExitCode.ShouldBe(2);
        (run.Output + run.Error).ShouldContain(why);
    }

    [Test]
    public async Task Following_goes_on_until_Ctrl_C_and_that_is_no_error(CancellationToken cancellationToken)
    {
        await DeployAsync("v1");
        using var person = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        person.CancelAfter(TimeSpan.FromSeconds(1));
        var run = await _tester.RunAsync<ShopBuild>(["Logs", "--follow"], [], person.Token);
        run.ExitCode.ShouldBe(130);
        run.Output.ShouldContain("api | ");
        (run.Output + run.Error).ShouldNotContain("[ERR]");
    }

    private async Task DeployAsync(string tag) =>
        (await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", tag)).ExitCode.ShouldBe(0);
}
