using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>
/// A build hears of its targets in the order of the run, and what it does then never hides how they ended.
/// </summary>
[CancelAfter(20_000)]
public class EventTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task Events_come_in_the_order_of_the_run()
    {
        var run = await RunAsync("All");
        run.ExitCode.ShouldBe(0, run.Output);
        Heard(run)
            .ShouldBe([
                "created",
                "initialized",
                "running First",
                "act First",
                "succeeded First",
                "skipped Never",
                "running Second",
                "act Second",
                "succeeded Second",
                "skipped Late",
                "finished",
            ]);
    }

    [Test]
    public async Task A_target_that_is_tried_again_is_told_once_of_its_beginning_and_its_end()
    {
        var run = await RunAsync("Flaky");
        run.ExitCode.ShouldBe(0, run.Output);
        Heard(run)
            .ShouldBe([
                "created",
                "initialized",
                "running Flaky",
                "act Flaky",
                "act Flaky",
                "succeeded Flaky",
                "finished",
            ]);
    }

    [Test]
    public async Task A_failure_is_told_after_its_error_and_before_what_is_assured()
    {
        var run = await RunAsync("Broken", "CleanUp", "--skip", "Never");
        run.ExitCode.ShouldBe(7);
        Heard(run)
            .ShouldBe([
                "created",
                "initialized",
                "running Broken",
                "failed Broken",
                "running CleanUp",
                "act CleanUp",
                "succeeded CleanUp",
                "finished",
            ]);
        run.Output.IndexOf("it broke", StringComparison.Ordinal)
            .ShouldBeLessThan(run.Output.IndexOf("failed Broken", StringComparison.Ordinal));
    }

    [Test]
    public async Task What_the_plan_skips_is_told_once_also_when_the_build_fails_before_its_turn()
    {
        var run = await RunAsync("Broken", "Never", "--skip", "Never");
        run.ExitCode.ShouldBe(2);
        run = await RunAsync("Broken", "Second", "--skip", "First", "Never");
        run.ExitCode.ShouldBe(7);
        Heard(run).Count(heard => heard == "skipped First").ShouldBe(1);
    }

    [TestCase("running", "First", "OnTargetRunning of EventBuild threw for First: InvalidOperationException: oh")]
    [TestCase("succeeded", "First", "OnTargetSucceeded of EventBuild threw for First: InvalidOperationException: oh")]
    [TestCase("skipped", "Never", "OnTargetSkipped of EventBuild threw for Never: InvalidOperationException: oh")]
    public async Task An_event_that_throws_fails_its_target_and_is_named(string when, string target, string text)
    {
        _host.Environment["THROWS_AT"] = $"{when} {target}";
        var run = await RunAsync("All");
        run.ExitCode.ShouldBe(1, run.Output);
        run.Output.ShouldContain("[ERR] " + text);
        run.StatusOf(target).ShouldBe(ExecutionStatus.Failed);
        run.StatusOf("Second").ShouldBe(ExecutionStatus.NotRun);
        Heard(run).ShouldContain($"failed {target}");
        Heard(run).Contains("act First").ShouldBe(when != "running");
    }

    [Test]
    public async Task An_event_that_throws_is_not_tried_again()
    {
        _host.Environment["THROWS_AT"] = "running Flaky";
        var run = await RunAsync("Flaky");
        run.ExitCode.ShouldBe(1);
        Heard(run).ShouldNotContain("act Flaky");
    }

    [Test]
    public async Task A_failure_stays_the_failure_that_it_was_when_its_event_throws()
    {
        _host.Environment["THROWS_AT"] = "failed Broken";
        var run = await RunAsync("Broken");
        run.ExitCode.ShouldBe(7);
        run.Targets[0].Notes.ShouldBe(["it broke"]);
        run.Output.ShouldContain("[ERR] it broke");
        run.Output.ShouldContain("OnTargetFailed of EventBuild threw for Broken: InvalidOperationException: oh");
    }

    [TestCase("First", 1)]
    [TestCase("Broken", 7)]
    public async Task The_last_event_fails_a_build_that_had_succeeded_and_leaves_another_its_code(
        string target,
        int exitCode
    )
    {
        _host.Environment["THROWS_AT"] = "finished";
        var run = await RunAsync(target);
        run.ExitCode.ShouldBe(exitCode);
        run.Error.ShouldContain("error: OnBuildFinished of EventBuild threw: InvalidOperationException: oh");
    }

    [Test]
    public async Task Side_by_side_each_target_hears_its_own_events_before_what_depends_on_it_begins()
    {
        var run = await RunAsync("All", "Flaky", "--parallel", "3");
        run.ExitCode.ShouldBe(0, run.Output);
        var heard = Heard(run);
        heard.IndexOf("succeeded First").ShouldBeLessThan(heard.IndexOf("running Second"));
        heard.Count.ShouldBe(heard.Distinct().Count() + 1, "only Flaky acts twice");
    }

    [Test]
    public async Task An_event_that_does_not_end_is_left_behind_after_a_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        _host.Environment["HANGS_AT"] = "succeeded First";
        _host.Adjust = host => host with { Clock = new ImpatientClock() };
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(300));
        var run = await _host.RunAsync<EventBuild>(["First", "--cancel-timeout", "1"], [], cancellation.Token);
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("OnTargetSucceeded of EventBuild threw for First: TimeoutException");
    }

    private Task<BuildTestRun> RunAsync(params string[] arguments) => _host.RunAsync<EventBuild>(arguments);

    private static List<string> Heard(BuildTestRun run) =>
        [
            .. run
                .Output.Split('\n')
                .Where(line => line.StartsWith("heard: ", StringComparison.Ordinal))
                .Select(line => line["heard: ".Length..]),
        ];
}

/// <summary>Says what it hears; throws where the environment says so.</summary>
public class EventBuild : RecyclicBuild
{
    private int _attempts;

    public Target First => _ => _.Executes(() => Say("act First"));

    public Target Never =>
        _ =>
            _.DependsOn(First)
                .OnlyWhenStatic(() => false)
                .WhenSkipped(DependencyBehavior.Execute)
                .Executes(() => Say("act Never"));

    public Target Second => _ => _.DependsOn(First).After(Never).Executes(() => Say("act Second"));

    public Target Late => _ => _.DependsOn(Second).OnlyWhenDynamic(() => false).Executes(() => Say("act Late"));

    public Target All => _ => _.DependsOn(First, Never, Second, Late);

    public Target Flaky =>
        _ =>
            _.WithRetry(1)
                .Executes(() =>
                {
                    Say("act Flaky");
                    if (_attempts++ == 0)
                        throw new InvalidOperationException("not yet");
                });

    public Target Broken => _ => _.Executes(() => throw new TargetFailedException("it broke", exitCode: 7));

    public Target CleanUp => _ => _.AssuredAfterFailure().After(Broken).Executes(() => Say("act CleanUp"));

    protected internal override void OnBuildCreated() => Hear("created");

    protected internal override void OnBuildInitialized() => Hear("initialized");

    protected internal override void OnBuildFinished() => Hear("finished");

    protected internal override void OnTargetRunning(string target) => Hear($"running {target}");

    protected internal override void OnTargetSucceeded(string target) => Hear($"succeeded {target}");

    protected internal override void OnTargetFailed(string target) => Hear($"failed {target}");

    protected internal override void OnTargetSkipped(string target) => Hear($"skipped {target}");

    private void Hear(string what)
    {
        Say(what);
        if (EnvironmentVariables.GetValueOrDefault("HANGS_AT") == what)
            Thread.Sleep(TimeSpan.FromSeconds(3));
        if (EnvironmentVariables.GetValueOrDefault("THROWS_AT") == what)
            throw new InvalidOperationException("oh");
    }

    private void Say(string what) => WriteLine("heard: " + what);
}
