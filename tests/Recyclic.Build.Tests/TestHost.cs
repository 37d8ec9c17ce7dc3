using System.Linq.Expressions;
using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests;

/// <summary>A tester with an empty directory of its own, for builds that read files.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly BuildTester _tester = new() { RootDirectory = Directory.CreateTempSubdirectory("recyclic-").FullName };

    public AbsolutePath Root => _tester.RootDirectory;
    public Dictionary<string, string> Environment => _tester.Environment;
    public FakeCommandRunner Commands => _tester.Commands;

    public TestHost File(string name, string text)
    {
        (Root / ".nuke" / name).WriteAllText(text);
        return this;
    }

    public Task<BuildTestRun> RunAsync<T>(params string[] arguments) where T : RecyclicBuild, new() => RunAsync<T>(arguments, []);

    public Task<BuildTestRun> RunAsync<T>(string[] arguments, Expression<Func<T, Target>>[] defaults, CancellationToken cancellationToken = default)
        where T : RecyclicBuild, new() => _tester.RunAsync(arguments, defaults, cancellationToken);

    public void Dispose() => Root.DeleteDirectory();
}
