using System.Text.Json.Nodes;
using Recyclic.Build.Testing;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Memory;

/// <summary>A release that is judged after the cutover, as a person asks for it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
public sealed class WatchForTests
{
    private readonly MemoryHost _host = new(
        new MemoryApplication("shop").Service("api", "shop/api:${TAG}", port: 8000)
    );

    private readonly BuildTester _tester;

    public WatchForTests() => _tester = new BuildTester().On(_host);

    [Test]
    public async Task A_breach_is_undone_told_and_in_the_history()
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        _host.Judge(_ => Breach);
        var said = await RunAsync(1, "AtomicDeploy", "--tag", "v2", "--watch-for", "30m");
        said.ShouldContain("the watch found high_error_rate: 8 of 100 requests failed");
        said.ShouldContain("v1 on blue, as before");
        _host.Serving.ShouldBe("v1");
        (await RunAsync(0, "History")).ShouldContain("the watch found high_error_rate");
        JsonNode.Parse(await RunAsync(0, "History", "--json"))![0]!["trigger"]!
            .GetValue<string>()
            .ShouldBe("high_error_rate");
    }

    [Test]
    public async Task A_second_one_within_an_hour_asks_for_a_person_who_may_go_back()
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        _host.Judge(_ => Breach);
        await RunAsync(1, "AtomicDeploy", "--tag", "v2", "--watch-for", "30m");
        var said = await RunAsync(3, "AtomicDeploy", "--tag", "v3", "--watch-for", "30m");
        said.ShouldContain("nobody is moved back without a person");
        said.ShouldContain("./build.sh Rollback goes back where that works");
        _host.Serving.ShouldBe("v3");
        (await RunAsync(0, "Status")).ShouldNotContain("interrupted");
        await RunAsync(0, "Rollback", "--yes");
        _host.Serving.ShouldBe("v1");
    }

    [TestCase("25h")]
    [TestCase("30d")]
    public async Task Longer_than_a_day_is_refused(string time)
    {
        (await RunAsync(2, "AtomicDeploy", "--tag", "v1", "--watch-for", time)).ShouldContain(
            "--watch-for: a release cannot be watched for that long"
        );
        _host.Serving.ShouldBeNull();
    }

    private static CanaryVerdict Breach =>
        new(CanaryAnswer.Breach, "8 of 100 requests failed") { Trigger = "high_error_rate" };

    private async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        var run = await _tester.RunAsync<ShopBuild>(arguments);
        run.ExitCode.ShouldBe(exitCode, run.Output + run.Error);
        return arguments.Contains("--json") ? run.Output : run.Output + run.Error;
    }
}
