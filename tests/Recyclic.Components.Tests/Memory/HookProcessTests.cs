using Recyclic.Build.Testing;
using Recyclic.Deploy.Testing;
using Recyclic.Processes;

namespace Recyclic.Components.Tests.Memory;

/// <summary>Hooks as programs that really run, of deploys in memory.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
public sealed class HookProcessTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("recyclic-hooks-");
    private readonly MemoryHost _host = new(
        new MemoryApplication("shop").Service("api", "shop/api:${TAG}", port: 8000)
    );
    private readonly BuildTester _tester;

    public HookProcessTests()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("These hooks are scripts of a shell.");
        _tester = new BuildTester { RootDirectory = _root.FullName }.On(_host);
        var configure = _tester.Configure;
        _tester.Configure = build => configure(build) with { CommandRunner = new HooksReallyRun(_tester.Commands) };
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Test]
    public async Task What_it_prints_is_in_the_output_and_it_has_the_variables_of_the_table_and_few_others()
    {
        Hook("post-deploy", "echo \"$RECYCLIC_APP $RECYCLIC_TAG in $RECYCLIC_SLOT\"; pwd; env > seen");
        Environment.SetEnvironmentVariable("RECYCLIC_TEST_OF_HOOKS", "nobody's business");
        try
        {
            var run = await DeployAsync("v1");
            run.ExitCode.ShouldBe(0, run.Output);
            run.Output.ShouldContain("shop v1 in blue");
            run.Output.ShouldContain(_root.Name);
        }
        finally
        {
            Environment.SetEnvironmentVariable("RECYCLIC_TEST_OF_HOOKS", null);
        }
        var seen = await File.ReadAllTextAsync(Path.Combine(_root.FullName, "seen"));
        seen.ShouldContain("RECYCLIC_HOOK=post-deploy\n");
        seen.ShouldContain("PATH=");
        seen.ShouldNotContain("RECYCLIC_TEST_OF_HOOKS");
    }

    [Test]
    public async Task One_that_never_ends_is_ended_with_what_it_has_started()
    {
        Hook("pre-shift", "sleep 300 & echo $! > child; wait");
        var run = await _tester.RunAsync<HurriedShop>("AtomicDeploy", "--tag", "v1");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("deploy/hooks/pre-shift");
        _host.Serving.ShouldBeNull();
        var child = (await File.ReadAllTextAsync(Path.Combine(_root.FullName, "child"))).Trim();
        for (var tried = 0; File.Exists($"/proc/{child}/stat") && tried < 100; tried++)
        {
            if ((await File.ReadAllTextAsync($"/proc/{child}/stat")).Contains(") Z ", StringComparison.Ordinal))
                break;
            await Task.Delay(100);
        }
        if (OperatingSystem.IsLinux() && File.Exists($"/proc/{child}/stat"))
            (await File.ReadAllTextAsync($"/proc/{child}/stat")).ShouldContain(") Z ");
    }

    [Test]
    public async Task One_that_the_system_cannot_start_fails_and_says_why()
    {
        var path = Hook("pre-shift", "true");
        await File.WriteAllTextAsync(path, "#!/no/such/shell\n");
        var run = await DeployAsync("v1");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("the hook pre-shift (deploy/hooks/pre-shift) failed: ");
        _host.Serving.ShouldBeNull();
    }

    private Task<BuildTestRun> DeployAsync(string tag) => _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", tag);

    private string Hook(string name, string script)
    {
        var path = Path.Combine(_root.FullName, "deploy", "hooks", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Hooks run; all other programs are played.</summary>
    private sealed class HooksReallyRun(ICommandRunner others) : ICommandRunner
    {
        private readonly ProcessCommandRunner _runner = new();

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
            (command.Program.Contains("/deploy/hooks/", StringComparison.Ordinal) ? _runner : others).RunAsync(
                command,
                cancellationToken
            );

        public IRunningCommand Start(Command command) => others.Start(command);
    }
}
