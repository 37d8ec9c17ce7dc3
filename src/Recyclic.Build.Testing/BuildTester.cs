using System.Linq.Expressions;
using Recyclic.Build.Parameters;
using Recyclic.Build.Running;

namespace Recyclic.Build.Testing;

/// <summary>
/// Runs a build class in memory: no process is started, no file is written, nothing is taken from the environment of
/// the test.
/// <code>
/// var tester = new BuildTester { Parameters = { ["Tag"] = "1.2.3" } };
/// tester.Commands.On("docker", "push").Returns("done");
/// var run = await tester.RunAsync&lt;Build&gt;("PushImages");
/// run.StatusOf("PushImages").ShouldBe(ExecutionStatus.Succeeded);
/// run.CommandLines.ShouldBe(["docker push shop/api:1.2.3"]);
/// </code>
/// </summary>
public sealed class BuildTester
{
    /// <summary>Environment variables of the build; default: none.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Values of parameters by member name, given as on the command line; default: none.</summary>
    public Dictionary<string, string> Parameters { get; } = [];

    /// <summary>What programs do, and what was run.</summary>
    public FakeCommandRunner Commands { get; } = new();

    /// <summary>
    /// The directory that holds <c>.nuke</c>; default: one that does not exist, so no parameters file is read.
    /// </summary>
    public AbsolutePath RootDirectory { get; init; } = OperatingSystem.IsWindows() ? @"C:\nowhere" : "/nowhere";

    /// <summary>Where the caller stands; default: the root directory.</summary>
    public AbsolutePath? WorkingDirectory { get; init; }

    /// <summary>Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What standard input holds; default: nothing.</summary>
    public string Input { get; set; } = "";

    /// <summary>
    /// Answers the build's questions: question, whether the answer is hidden; default: null, there is no terminal.
    /// </summary>
    public Func<string, bool, CancellationToken, Task<string?>>? Ask { get; set; }

    /// <summary>Changes anything else of the host; default: nothing.</summary>
    public Func<BuildHost, BuildHost> Configure { get; set; } = host => host;

    /// <summary>Runs a build that has no default target.</summary>
    /// <param name="arguments">As on the command line: <c>"Deploy", "--dry-run"</c>.</param>
    public Task<BuildTestRun> RunAsync<T>(params IReadOnlyList<string> arguments)
        where T : RecyclicBuild, new() => RunAsync<T>(arguments, [], CancellationToken.None);

    /// <param name="arguments">As on the command line.</param>
    /// <param name="defaults">The targets that run when none is named, as <c>Main</c> gives them to
    /// <c>Execute</c>.</param>
    /// <param name="cancellationToken">Takes the part of Ctrl-C.</param>
    /// <returns>Of a build whose <see cref="TestProcess"/> was killed: what it had printed by then, and 137.</returns>
    public async Task<BuildTestRun> RunAsync<T>(
        IReadOnlyList<string> arguments,
        Expression<Func<T, Target>>[] defaults,
        CancellationToken cancellationToken
    )
        where T : RecyclicBuild, new()
    {
        // Not disposed of: a killed build's may be written to when nobody reads it any more.
        var (output, error) = (new StringWriter(), new StringWriter());
        using var input = new StringReader(Input);
        using var process = new TestProcess(cancellationToken);
        BuildSession? session = null;
        var earlier = Commands.Ran.Length;
        var host = new BuildHost
        {
            Output = output,
            Error = error,
            Input = input,
            Ask = Ask,
            KeepsReports = false,
            RootDirectory = RootDirectory,
            WorkingDirectory = WorkingDirectory ?? RootDirectory,
            Environment = Environment,
            CommandRunner = Commands,
            HasProgram = Commands.Has,
            Clock = Clock,
            StandIns = [process],
            OnBegin = begun => session = begun,
        };
        var run = RecyclicBuild.RunAsync([.. Options(), .. arguments], Configure(host), process.Interrupted, defaults);
        var wasKilled = await Task.WhenAny(run, process.Killed) == process.Killed;
        var exitCode = wasKilled ? TestProcess.KilledExitCode : await run;
        return new(exitCode, output.ToString(), error.ToString())
        {
            Targets =
            [
                .. (session?.Progress.Runs ?? [])
                    .Where(run => run.Status != ExecutionStatus.Scheduled)
                    .Select(run => new TargetOutcome(run.Target.Name, run.Status, [.. run.Notes])),
            ],
            Commands = [.. Commands.Ran.Skip(earlier)],
        };
    }

    private IEnumerable<string> Options() =>
        Parameters.Select(parameter => $"--{ParameterNames.Kebab(parameter.Key)}={parameter.Value}");
}
