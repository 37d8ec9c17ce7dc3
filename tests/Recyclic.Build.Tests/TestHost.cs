using System.Linq.Expressions;

namespace Recyclic.Build.Tests;

/// <summary>What a run printed and how it ended.</summary>
internal sealed record RunResult(int ExitCode, string Output, string Error);

/// <summary>Runs a build in an empty directory of its own, away from the process.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("recyclic-");

    public AbsolutePath Root => new(_directory.FullName);
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What standard input holds; default: nothing.</summary>
    public string Input { get; set; } = "";

    /// <summary>Answers questions; null: there is no terminal.</summary>
    public Func<string, bool, CancellationToken, Task<string?>>? Ask { get; set; }

    /// <summary>What a test wants otherwise in the host.</summary>
    public Func<BuildHost, BuildHost> Adjust { get; set; } = host => host;

    public TestHost File(string name, string text)
    {
        var path = Root / ".nuke" / name;
        path.Parent!.CreateDirectory();
        System.IO.File.WriteAllText(path, text);
        return this;
    }

    public Task<RunResult> RunAsync<T>(params string[] arguments) where T : RecyclicBuild, new() => RunAsync<T>(arguments, []);

    public async Task<RunResult> RunAsync<T>(string[] arguments, Expression<Func<T, Target>>[] defaults, CancellationToken cancellationToken = default)
        where T : RecyclicBuild, new()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader(Input);
        var host = new BuildHost { Output = output, Error = error, Input = input, Ask = Ask, WorkingDirectory = Root, RootDirectory = Root, Environment = Environment };
        var exitCode = await RecyclicBuild.RunAsync(arguments, Adjust(host), cancellationToken, defaults);
        return new(exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => _directory.Delete(recursive: true);
}

/// <summary>Every wait is over at once.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
}
