using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>Asks the package source whether a package that the solution uses is known to be vulnerable.</summary>
public interface IAudit : IRecyclicBuild
{
    /// <summary>What is audited.</summary>
    AbsolutePath AuditedSolution { get; }

    /// <summary>
    /// Fails also where the package source has no data of vulnerabilities, which a package that is known to be
    /// vulnerable tells.
    /// </summary>
    Target Audit =>
        _ =>
            _.Description("Fails when a package that we use is known to be vulnerable, or when nobody can tell")
                .Executes(async cancellationToken =>
                {
                    if (DryRun)
                    {
                        WriteLine($"would ask for the packages of {AuditedSolution.Name}");
                        return;
                    }
                    var probe = TemporaryDirectory / "audit-probe";
                    AuditProbe.Write(probe);
                    // The probe first: it is small, and without it the answer means nothing.
                    if (
                        AuditReading.ProbeFailure(
                            await PackageSource.AskAsync(
                                CommandRunner,
                                probe / AuditProbe.Project,
                                false,
                                cancellationToken
                            )
                        ) is
                        { } blind
                    )
                        throw new TargetFailedException(blind);
                    if (
                        AuditReading.Failure(
                            await PackageSource.AskAsync(CommandRunner, AuditedSolution, true, cancellationToken)
                        ) is
                        { } failure
                    )
                        throw new TargetFailedException(failure);
                    ReportSummary("Audit", "no package is known to be vulnerable");
                });
}

/// <summary>
/// Pure: what the answer of <c>dotnet list package --vulnerable</c> means. A source without data of vulnerabilities
/// gives the same answer as one that finds none; by a package that is known to be vulnerable the two are told apart.
/// </summary>
internal static class AuditReading
{
    private const string Untold = "\n  users   untouched\n  next    ";

    /// <returns>Why nothing can be said; null: the source knows vulnerabilities.</returns>
    public static string? ProbeFailure(CommandResult probe) =>
        !probe.Succeeded
            ? $"the package source could not be asked\n{Tail(probe)}{Untold}see that the source of packages is reachable, and run it again"
        : Names(probe) ? null
        : $"nobody can tell whether a package is vulnerable: the package source knows of no vulnerabilities, not even of {AuditProbe.Package} {AuditProbe.Version} ({AuditProbe.Advisory}){Untold}run it where NuGet's own source is reachable, or name a source that has its data of vulnerabilities";

    /// <returns>Why the audit fails; null: nothing is known.</returns>
    public static string? Failure(CommandResult answer) =>
        !answer.Succeeded ? $"the packages could not be looked up\n{Tail(answer)}{Untold}mend what the lines above name"
        : Names(answer)
            ? $"a package is known to be vulnerable; it is named above{Untold}raise its version in Directory.Packages.props"
        : null;

    private static bool Names(CommandResult result) =>
        result.StandardOutput.Contains("has the following vulnerable packages", StringComparison.Ordinal);

    private static string Tail(CommandResult result) =>
        string.Join(
            '\n',
            (result.StandardOutput + result.StandardError)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .TakeLast(5)
                .Select(line => "    " + line)
        );
}
