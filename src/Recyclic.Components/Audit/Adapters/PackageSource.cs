using Recyclic.Build;
using Recyclic.Processes;
using Serilog;

namespace Recyclic.Components.Adapters;

/// <summary>The source of packages, as `dotnet list package` asks it.</summary>
internal static class PackageSource
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    /// <param name="runner">That of the build, for packages bring code that runs here, and it is not to see the build's
    /// secrets.</param>
    /// <param name="project">A project or a solution.</param>
    /// <param name="isShown">Whether its answer is logged as it comes.</param>
    public static async Task<CommandResult> AskAsync(
        ICommandRunner runner,
        AbsolutePath project,
        bool isShown,
        CancellationToken cancellationToken
    )
    {
        var command = Command.Of("dotnet", "list", project, "package", "--vulnerable", "--include-transitive") with
        {
            WorkingDirectory = Path.GetDirectoryName(project),
            Timeout = Deadline,
        };
        return await runner.RunAsync(
            isShown ? command with { OnLine = line => Log.Information("{Line:l}", line) } : command,
            cancellationToken
        );
    }
}
