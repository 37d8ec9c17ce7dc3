using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

/// <summary>A folder with an application, a build in it, and an engine that it deploys to.</summary>
internal sealed partial class IdentityPlace : IAsyncDisposable
{
    public const string Services = """
        services:
          web:
            image: team/web:${TAG:?}
            ports: ["8000:80"]
            healthcheck: { test: ["CMD", "true"] }

        """;

    /// <summary>Each environment has a variable of its own name for its engine.</summary>
    private static readonly string[] Environments = ["local", "staging", "production"];

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("rcy-identity-");
    private readonly AbsolutePath _root;

    public IdentityPlace(string folder, string compose, string dotEnv)
    {
        _root = new AbsolutePath(_parent.CreateSubdirectory(folder).FullName);
        File.WriteAllText(_root / "docker-compose.yml", compose);
        File.WriteAllText(_root / "more.yml", "name: from-more\n" + Services);
        Directory.CreateDirectory(_root / "other");
        File.WriteAllText(_root / "other" / "elsewhere.yml", Services);
        if (dotEnv.Length > 0)
            File.WriteAllText(_root / ".env", dotEnv + "\n");
    }

    public SilentEngine Engine { get; init; } = new();

    /// <summary>
    /// Asserts that the engine was asked about this application since the last time, and about no other.
    /// </summary>
    public void ShouldHaveMeant(string app, string target)
    {
        var meant = Engine
            .Asked.Select(path => Meant().Match(path))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .ToArray();
        Engine.Asked.Clear();
        var naming = new Naming(app);
        meant.ShouldNotBeEmpty(target);
        meant
            .Where(name =>
                name != app
                && !name.StartsWith(app + "-", StringComparison.Ordinal)
                && name != naming.StateVolume
                && name != (naming with { AsIn010 = true }).StateVolume
            )
            .ShouldBeEmpty(target);
    }

    public async Task<(int ExitCode, string Output)> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        var host = new BuildHost
        {
            Output = output,
            Error = output,
            WorkingDirectory = _root,
            RootDirectory = _root,
            KeepsReports = false,
            Environment = Environments.ToDictionary(name => name, _ => Engine.Address),
        };
        var exitCode = await RecyclicBuild.RunAsync<Shop>(arguments, host, CancellationToken.None);
        return (exitCode, output.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _parent.Delete(recursive: true);
    }

    [GeneratedRegex(
        @"(?:recyclic\.app=|com\.docker\.compose\.project=|/volumes/|/containers/(?!json))([^""/?]+)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Meant();

    private sealed class Shop
        : RecyclicBuild,
            IAtomicDeploy,
            IRollback,
            IInspect,
            ILogs,
            IMaintainEdge,
            IBackup,
            IRemove,
            IEveryday,
            IRecover,
            ICertificates,
            IDeployStaging,
            IApproveProduction
    {
        IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments =>
            [.. Environments.Select(name => new DeployEnvironment(name) { Engine = EngineAddress.FromVariable(name) })];
    }
}
