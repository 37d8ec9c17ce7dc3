using System.Text.Json.Nodes;
using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Memory;

/// <summary>Canaries, as a person asks for them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
public sealed class CanaryTests
{
    private readonly MemoryHost _host = new(
        new MemoryApplication("shop")
            .Service("api", "shop/api:${TAG}", port: 8000)
            .Service("bot", "shop/bot:${TAG}", overlap: false)
    );

    private readonly BuildTester _tester;

    public CanaryTests() => _tester = new BuildTester().On(_host);

    [Test]
    public async Task A_release_gets_its_users_share_by_share()
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        await RunAsync(0, "AtomicDeploy", "--tag", "v2", "--canary", "5,25,100", "--bake", "10s");
        _host.Seen.ShouldBe(["nothing", "v1", "v1~v2", "v2"]);
        (await RunAsync(0, "History")).ShouldContain("canary 5,25,100");
        JsonNode.Parse(await RunAsync(0, "History", "--json"))![0]!["canary"]!.ToJsonString().ShouldBe("[5,25,100]");
    }

    [Test]
    public async Task One_that_is_worse_is_undone_and_the_numbers_are_told()
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        _host.Judge(_ => new CanaryVerdict(CanaryAnswer.Breach, "8 of 100 requests failed"));
        var said = await RunAsync(1, "AtomicDeploy", "--tag", "v2", "--canary", "5", "--bake", "10s");
        said.ShouldContain("the canary at 5% is worse than the release beside it");
        said.ShouldContain("8 of 100 requests failed");
        _host.Serving.ShouldBe("v1");
    }

    [TestCase("--canary: 25 follows 50: that does not rise", "--canary", "50,25")]
    [TestCase("--canary: 0 is not a share", "--canary", "0,25")]
    [TestCase("--canary: 101 is not a share", "--canary", "5,101")]
    [TestCase("--bake: a share cannot be judged for 0 s", "--canary", "5", "--bake", "0")]
    [TestCase("--bake: a share cannot be judged for 720 h", "--canary", "5", "--bake", "30d")]
    [TestCase("--bake: there is no canary that it could be for", "--bake", "5m")]
    [TestCase("--hold-limit: a share cannot be held for 720 h", "--canary", "5", "--hold-limit", "30d")]
    public async Task What_makes_no_canary_is_refused_with_its_place(string why, params string[] options)
    {
        (await RunAsync(2, ["AtomicDeploy", "--tag", "v1", .. options])).ShouldContain(why);
        _host.Serving.ShouldBeNull();
    }

    [Test]
    public async Task An_environment_has_one_of_its_own_and_the_command_line_wins()
    {
        await RunAsync<Careful>(0, "AtomicDeploy", "--tag", "v1");
        await RunAsync<Careful>(0, "AtomicDeploy", "--tag", "v2");
        await RunAsync<Careful>(0, "AtomicDeploy", "--tag", "v3", "--canary", "100");
        _host.History.Select(entry => string.Join(',', entry.Canary)).ShouldBe(["", "10,50", ""]);
    }

    [Test]
    public async Task Status_tells_of_a_canary_whose_deployer_died_and_Promote_ends_it()
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        var step =
            1 + StepOf(await RunAsync(0, "AtomicDeploy", "--tag", "v2", "--canary", "5,50", "--dry-run"), "bake 5%");
        // It dies as it begins what follows the first share.
        _host.KillAtStep(step);
        await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2", "--canary", "5,50", "--bake", "10s");
        _host.Serving.ShouldBe("v1~v2");
        (await RunAsync(0, "Status")).ShouldContain(
            "canary    5% of the visitors have v2 (all is well); its deployer died, the share stays: ./build.sh Promote or Recover goes on, Abort goes back"
        );
        var json = JsonNode.Parse(await RunAsync(0, "Status", "--json"))!;
        (json["share"]!.GetValue<int>(), json["canary"]!["percent"]!.GetValue<int>()).ShouldBe((5, 5));
        (await RunAsync(0, "Hold")).ShouldContain("its deployer died, and its share stays as it is");
        (await RunAsync(0, "Promote", "--full")).ShouldContain("shop: users have v2.");
        _host.Serving.ShouldBe("v2");
        JsonNode.Parse(await RunAsync(0, "Status", "--json"))!["canary"].ShouldBeNull();
    }

    [TestCase("Promote")]
    [TestCase("Hold")]
    [TestCase("Abort")]
    public async Task Without_a_canary_they_are_refused(string target)
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        (await RunAsync(2, target)).ShouldContain("shop has none at work");
    }

    private static int StepOf(string plan, string step) =>
        int.Parse(
            plan.Split('\n').First(line => line.Contains(step, StringComparison.Ordinal)).Trim().Split('.')[0],
            System.Globalization.CultureInfo.InvariantCulture
        );

    private Task<string> RunAsync(int exitCode, params string[] arguments) => RunAsync<ShopBuild>(exitCode, arguments);

    private async Task<string> RunAsync<T>(int exitCode, params string[] arguments)
        where T : RecyclicBuild, new()
    {
        var run = await _tester.RunAsync<T>(arguments);
        run.ExitCode.ShouldBe(exitCode, run.Output + run.Error);
        return arguments.Contains("--json") ? run.Output : run.Output + run.Error;
    }

    public class Careful : RecyclicBuild, IAtomicDeploy
    {
        IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments =>
            [
                DeployEnvironment.Local with
                {
                    Strategy = new DeployStrategy { Canary = new CanaryTerms([10, 50], TimeSpan.FromSeconds(5)) },
                },
            ];
    }
}
