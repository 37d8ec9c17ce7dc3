using Recyclic.Processes;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>What a build does not use costs its start nothing.</summary>
[CancelAfter(60_000)]
public class LoadTests
{
    private static readonly string[] Unused =
    [
        "Microsoft.VisualStudio.SolutionPersistence",
        "System.Net.Http",
        "System.Security.Cryptography",
    ];

    [Test]
    public async Task A_build_loads_no_library_that_it_does_not_use(CancellationToken cancellationToken)
    {
        var text = await RunAsync(nameof(LoadedBuild.Loaded), cancellationToken);
        text.ShouldContain("loaded Recyclic.Build.");
        foreach (var library in Unused)
            text.ShouldNotContain($"loaded {library}.");
    }

    [Test]
    public async Task One_with_a_solution_loads_what_reads_it(CancellationToken cancellationToken) =>
        (await RunAsync(nameof(LoadedBuild.WithSolution.LoadedWithSolution), cancellationToken)).ShouldContain(
            "loaded Microsoft.VisualStudio.SolutionPersistence."
        );

    private static async Task<string> RunAsync(string target, CancellationToken cancellationToken)
    {
        using var host = new TestHost();
        (host.Root / "Shop.slnx").WriteAllText("<Solution />");
        var command = Command.Of("dotnet", typeof(LoadTests).Assembly.Location, target, "--root", host.Root);
        return (await new ProcessCommandRunner().RunAsync(command, cancellationToken)).EnsureSuccess().StandardOutput;
    }
}
