using System.Linq.Expressions;
using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests;

/// <summary>A tester with an empty directory of its own, for builds that read files.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly BuildTester _tester;

    public TestHost() =>
        _tester = new BuildTester
        {
            RootDirectory = Directory.CreateTempSubdirectory("recyclic-").FullName,
            Configure = host => Adjust(host with { KeepsReports = true }),
        };

    public AbsolutePath Root => _tester.RootDirectory;
    public Dictionary<string, string> Environment => _tester.Environment;
    public FakeCommandRunner Commands => _tester.Commands;

    /// <summary>What standard input holds; default: nothing.</summary>
    public string Input
    {
        get => _tester.Input;
        set => _tester.Input = value;
    }

    /// <summary>Answers questions; null: there is no terminal.</summary>
    public Func<string, bool, CancellationToken, Task<string?>>? Ask
    {
        get => _tester.Ask;
        set => _tester.Ask = value;
    }

    /// <summary>What a test wants otherwise in the host.</summary>
    public Func<BuildHost, BuildHost> Adjust { get; set; } = host => host;

    public TestHost File(string name, string text)
    {
        (Root / ".nuke" / name).WriteAllText(text);
        return this;
    }

    public Task<BuildTestRun> RunAsync<T>(params string[] arguments)
        where T : RecyclicBuild, new() => RunAsync<T>(arguments, []);

    public Task<BuildTestRun> RunAsync<T>(
        string[] arguments,
        Expression<Func<T, Target>>[] defaults,
        CancellationToken cancellationToken = default
    )
        where T : RecyclicBuild, new() => _tester.RunAsync(arguments, defaults, cancellationToken);

    public void Dispose() => Root.DeleteDirectory();
}

/// <summary>Every wait is over at once.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
}
