using Recyclic.Build.Testing;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Memory;

/// <summary>Smoke tests and hooks as a build author declares and tries them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
public sealed class SmokeAndHookTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("recyclic-hooks-");
    private readonly MemoryHost _host = new(
        new MemoryApplication("shop").Service("api", "shop/api:${TAG}", port: 8000)
    );
    private readonly BuildTester _tester;

    public SmokeAndHookTests()
    {
        _tester = new BuildTester { RootDirectory = _root.FullName }.On(_host);
        for (var number = 1; number <= 3; number++)
            _host.Answer($"shop/api:v{number}", "/health", 200, "up");
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Test]
    public async Task A_release_is_tried_before_users_have_it_and_where_they_come_in()
    {
        var run = await RunAsync("AtomicDeploy", "--tag", "v1");
        run.ExitCode.ShouldBe(0, run.Output);
        _host.Asked.ShouldBe(["GET /health of api.blue", "GET /health by 8000"]);
        run.Output.ShouldContain("shop v1 is live in local");
    }

    [Test]
    public async Task One_that_fails_without_traffic_ends_with_1_and_the_evidence()
    {
        await RunAsync("AtomicDeploy", "--tag", "v1");
        _host.Answer("shop/api:v2", "/health", 200, "down");
        var run = await RunAsync("AtomicDeploy", "--tag", "v2");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("the answer does not hold \"up\"");
        run.Output.ShouldContain("| down");
        _host.Seen.ShouldBe(["nothing", "v1"]);
    }

    [Test]
    public async Task One_that_fails_through_the_front_door_goes_back()
    {
        await RunAsync("AtomicDeploy", "--tag", "v1");
        _host.Answer("shop/api:v2", "/health", 200, "down", serves: true);
        (await RunAsync("AtomicDeploy", "--tag", "v2")).ExitCode.ShouldBe(1);
        _host.Seen.ShouldBe(["nothing", "v1", "v2", "v1"]);
    }

    [Test]
    public async Task A_command_that_fails_undoes()
    {
        await RunAsync("AtomicDeploy", "--tag", "v1");
        _host.EndCommands("shop/api:v2", 9);
        var run = await RunAsync("AtomicDeploy", "--tag", "v2");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("ended with exit code 9");
        _host.Seen.ShouldBe(["nothing", "v1"]);
    }

    [Test]
    public async Task Skipped_for_a_reason_the_history_has_it()
    {
        _host.Answer("shop/api:v1", "/health", 503);
        (await RunAsync("AtomicDeploy", "--tag", "v1", "--skip-smoke-tests", "nobody is in")).ExitCode.ShouldBe(0);
        _host.Asked.ShouldBeEmpty();
        (await RunAsync("History")).Output.ShouldContain("without smoke tests: nobody is in");
        (await RunAsync("History", "--json")).Output.ShouldContain("\"smokeTestsSkipped\": \"nobody is in\"");
    }

    [Test]
    public async Task Without_a_reason_they_are_not_skipped()
    {
        var run = await RunAsync("AtomicDeploy", "--tag", "v1", "--skip-smoke-tests", " ");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("there is no reason");
    }

    [Test]
    public async Task A_dry_run_lists_each_test_and_each_hook_and_runs_none()
    {
        Hook("pre-shift");
        Hook("on-failure");
        var run = await RunAsync("AtomicDeploy", "--tag", "v1", "--dry-run");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("smoke test blue without traffic: GET /health, api: check (in ");
        run.Output.ShouldContain("smoke test blue through the front door: GET /health, api: check (in ");
        run.Output.ShouldContain(
            "note: smoke test GET /health: status 200, the answer holds \"up\"; one try of at most 15 s"
        );
        run.Output.ShouldContain("hook pre-shift: deploy/hooks/pre-shift (in 5 min)");
        run.Output.ShouldContain("hook post-shift: tell (in 5 min; a failure is a warning)");
        run.Output.ShouldContain("note: hook on-failure: deploy/hooks/on-failure, if it fails");
        _host.Asked.ShouldBeEmpty();
        HooksRun.ShouldBeEmpty();
    }

    [Test]
    public async Task An_executable_gets_the_facts_and_no_secret()
    {
        Hook("post-shift");
        _tester.Environment["TOKEN"] = "s3cr3t-t0ken-of-the-shop";
        (await RunAsync("AtomicDeploy", "--tag", "v1")).ExitCode.ShouldBe(0);
        var hook = HooksRun.ShouldHaveSingleItem();
        hook.Environment["RECYCLIC_HOOK"].ShouldBe("post-shift");
        hook.Environment["RECYCLIC_APP"].ShouldBe("shop");
        hook.Environment["RECYCLIC_ENVIRONMENT"].ShouldBe("local");
        hook.Environment["RECYCLIC_TAG"].ShouldBe("v1");
        hook.Environment.ShouldNotContainKey("RECYCLIC_PREVIOUS_TAG");
        hook.Environment.Keys.ShouldAllBe(name => name.StartsWith("RECYCLIC_", StringComparison.Ordinal));
        hook.Inherits!.Admits("TOKEN").ShouldBeFalse();
        hook.Inherits.Admits("PATH").ShouldBeTrue();
        hook.Timeout.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Test]
    public async Task One_that_fails_before_the_commit_undoes_and_after_it_warns()
    {
        await RunAsync("AtomicDeploy", "--tag", "v1");
        Hook("pre-shift");
        Hook("on-failure");
        _tester.Commands.On(IsHook("pre-shift")).Fails(4, "the switch is locked");
        var run = await RunAsync("AtomicDeploy", "--tag", "v2");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("the hook pre-shift (deploy/hooks/pre-shift) failed: it ended with exit code 4");
        run.Output.ShouldContain("the switch is locked");
        HooksRun[^1].Environment["RECYCLIC_OUTCOME"].ShouldBe("undone");
        _host.Seen.ShouldBe(["nothing", "v1"]);

        File.Move(PathOf("pre-shift"), PathOf("post-shift"));
        _tester.Commands.On(IsHook("post-shift")).Fails(4, "the chat is down");
        run = await RunAsync("AtomicDeploy", "--tag", "v3");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("the hook post-shift (deploy/hooks/post-shift) failed: it ended with exit code 4");
        _host.Serving.ShouldBe("v3");
    }

    [Test]
    public async Task One_that_is_not_executable_is_refused_before_anything_is_touched_but_stops_no_way_back()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no such bit.");
        await RunAsync("AtomicDeploy", "--tag", "v1");
        await RunAsync("AtomicDeploy", "--tag", "v2");
        Hook("pre-shift", isExecutable: false);
        var changes = _host.Changes.Length;
        var run = await RunAsync("AtomicDeploy", "--tag", "v3");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("chmod +x deploy/hooks/pre-shift");
        _host.Changes.Length.ShouldBe(changes);
        (await RunAsync("AtomicDeploy", "--tag", "v3", "--dry-run")).ExitCode.ShouldBe(2);

        run = await RunAsync("Rollback", "--yes");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("deploy/hooks/pre-shift: it is not executable; it does not run");
        _host.Serving.ShouldBe("v1");
    }

    [Test]
    public async Task A_deployer_that_is_killed_at_any_of_their_steps_leaves_users_served()
    {
        Hook("pre-shift");
        Hook("post-deploy");
        await RunAsync("AtomicDeploy", "--tag", "v1");
        BuildTestRun run;
        var step = 0;
        do
        {
            _host.Answer($"shop/api:k{++step}", "/health", 200, "up").KillAtStep(step);
            run = await RunAsync("AtomicDeploy", "--tag", $"k{step}");
            (await RunAsync("Recover")).ExitCode.ShouldBe(0);
            _host.IsInterrupted.ShouldBeFalse($"step {step}");
        } while (run.ExitCode == TestProcess.KilledExitCode);
        run.ExitCode.ShouldBe(0, run.Output);
        step.ShouldBeGreaterThan(10);
        _host.Seen.Skip(1).ShouldNotContain("nothing");
        _host.Running.ShouldAllBe(container => container.StartsWith("api.", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_test_that_is_none_is_refused_before_anything_is_touched()
    {
        var run = await _tester.RunAsync<MistakenShop>("AtomicDeploy", "--tag", "v1");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("smoke test GET /health");
        run.Output.ShouldContain("is no regular expression");
        _host.History.ShouldBeEmpty();
    }

    private IReadOnlyList<Recyclic.Processes.Command> HooksRun =>
        [.. _tester.Commands.Ran.Where(command => command.Program.Contains("/hooks/", StringComparison.Ordinal))];

    private Task<BuildTestRun> RunAsync(params string[] arguments) => _tester.RunAsync<TestedShop>(arguments);

    private static Func<Recyclic.Processes.Command, bool> IsHook(string name) =>
        command => command.Program.EndsWith($"/hooks/{name}", StringComparison.Ordinal);

    private string PathOf(string name) => Path.Combine(_root.FullName, "deploy", "hooks", name);

    private void Hook(string name, bool isExecutable = true)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                PathOf(name),
                UnixFileMode.UserRead
                    | UnixFileMode.UserWrite
                    | (isExecutable ? UnixFileMode.UserExecute : UnixFileMode.None)
            );
        _tester.Commands.On(IsHook(name)).Returns("told");
    }
}
