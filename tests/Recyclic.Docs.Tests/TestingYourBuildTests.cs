using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components;
using Recyclic.Deploy.Testing;

namespace Recyclic.Docs.Tests;

/// <summary>The tests in docs/testing-your-build.md are these, and they pass.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public partial class TestingYourBuildTests
{
    private const string Page = "docs/testing-your-build.md";
    private const string Source = "tests/Recyclic.Docs.Tests/TestingYourBuildTests.cs";

    public class Build : RecyclicBuild, IAtomicDeploy, IRollback, IRecover;

    // snippet: host
    private readonly MemoryHost _host = new(
        new MemoryApplication("shop")
            .Service("api", "shop/api:${TAG}", port: 8000, dependsOn: "db")
            .Service("bot", "shop/bot:${TAG}", overlap: false)
            .Service("db", "postgres:16")
    );

    private Task<BuildTestRun> RunAsync(params string[] arguments) =>
        new BuildTester().On(_host).RunAsync<Build>(arguments);

    // end

    // snippet: undone
    [Test]
    public async Task A_release_that_turns_unhealthy_is_undone()
    {
        await RunAsync("AtomicDeploy", "--tag", "v1");
        await RunAsync("AtomicDeploy", "--tag", "v2");
        _host.Serving.ShouldBe("v2");

        _host.Let("shop/api:v3", Fate.TurnsUnhealthy);
        var run = await RunAsync("AtomicDeploy", "--tag", "v3");

        run.ExitCode.ShouldBe(1);
        _host.Serving.ShouldBe("v2");
        _host.Seen.ShouldBe(["nothing", "v1", "v2"]);
    }

    // end

    // snippet: killed
    [Test]
    public async Task Wherever_a_deployer_is_killed_users_are_served_and_the_next_command_recovers()
    {
        await RunAsync("AtomicDeploy", "--tag", "v1");
        var step = 0;
        BuildTestRun run;
        do
        {
            _host.KillAtStep(++step);
            run = await RunAsync("AtomicDeploy", "--tag", $"v{step + 1}");
            await RunAsync("Recover");
            _host.IsInterrupted.ShouldBeFalse();
        } while (run.ExitCode == TestProcess.KilledExitCode);

        run.ExitCode.ShouldBe(0, "no step is left to be killed at");
        _host.Seen.Skip(1).ShouldNotContain("nothing");
    }

    // end

    // snippet: rollback
    [Test]
    public async Task A_rollback_gives_the_release_before_back()
    {
        await RunAsync("AtomicDeploy", "--tag", "v1");
        await RunAsync("AtomicDeploy", "--tag", "v2");
        await RunAsync("Rollback", "--yes");
        _host.Serving.ShouldBe("v1");
    }

    // end

    public static IEnumerable<string> Names() =>
        Snippet().Matches(Docs.Read(Source)).Select(match => match.Groups[2].Value);

    [Test]
    public void There_are_snippets() => Names().Count().ShouldBe(4);

    [TestCaseSource(nameof(Names))]
    public void A_snippet_is_as_in_the_source(string name)
    {
        var match = Snippet().Matches(Docs.Read(Source)).Single(match => match.Groups[2].Value == name);
        var code = Regex.Replace(match.Groups[3].Value, $"^{match.Groups[1].Value}", "", RegexOptions.Multiline);
        Docs.Block(Page, "snippet: " + name).ShouldBe(code.TrimEnd('\n') + "\n");
    }

    [GeneratedRegex(@"^( *)// snippet: (\w+)\n(.*?)^ *// end$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
