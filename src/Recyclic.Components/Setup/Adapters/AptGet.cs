using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Setup.Adapters;

/// <summary>
/// Has apt add packages, and nothing else: what it would do is read first, and anything that touches what is installed
/// is refused.
/// </summary>
/// <param name="root">Where the machine's files begin; another folder than `/` is a machine of a test.</param>
/// <param name="variables">Set for apt and the scripts of packages, besides those that keep them from asking
/// questions.</param>
public sealed class AptGet(
    ICommandRunner runner,
    Action<string> say,
    string root = "/",
    ImmutableDictionary<string, string>? variables = null
)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(5);

    /// <summary>
    /// needrestart would restart services after an installation, those that run containers among them.
    /// </summary>
    private readonly ImmutableDictionary<string, string> _variables = (
        variables ?? ImmutableDictionary<string, string>.Empty
    )
        .SetItem("DEBIAN_FRONTEND", "noninteractive")
        .SetItem("LC_ALL", "C")
        .SetItem("NEEDRESTART_SUSPEND", "1")
        .SetItem("APT_LISTCHANGES_FRONTEND", "none");

    private readonly PackageLock _lock = new(root, say, LockPatience);

    /// <summary>Installs packages with what they depend on.</summary>
    /// <param name="packages">As apt-get takes them: `name` or `name/suite`.</param>
    /// <param name="byHand">What a person may do instead.</param>
    /// <param name="onRead">Called once it is certain that packages are only added, with their versions, before
    /// anything is installed.</param>
    /// <exception cref="ConfigurationException">apt would touch what is installed, or cannot do it; nothing was
    /// installed.</exception>
    /// <exception cref="TargetFailedException">The installation itself failed.</exception>
    public async Task InstallAsync(
        ImmutableArray<string> packages,
        string byHand,
        CancellationToken cancellationToken,
        Func<AptSimulation, Task>? onRead = null
    )
    {
        var updated = await WithLockAsync(["update", "-q"], cancellationToken);
        // Of one source of many that does not answer apt makes a warning; what counts is whether the packages can be
        // had.
        var complaint = updated
            .StandardError.Split('\n')
            .FirstOrDefault(line =>
                line.StartsWith("E: ", StringComparison.Ordinal)
                || line.StartsWith("W: Failed", StringComparison.Ordinal)
                || line.StartsWith("Err:", StringComparison.Ordinal)
            )
            ?[3..].Trim();
        var simulation = await SimulateAsync(["install", "--no-install-recommends", .. packages], cancellationToken);
        if (simulation.RefusalOf(packages, byHand, complaint) is { } refusal)
            throw new ConfigurationException([refusal]);
        if (simulation.New.IsEmpty)
            return;
        if (onRead is not null)
            await onRead(simulation);
        // --no-remove besides: the world may have changed since it was simulated.
        var installed = await WithLockAsync(
            [
                "install",
                "-y",
                "-q",
                "--no-remove",
                "--no-install-recommends",
                "-o",
                $"DPkg::Lock::Timeout={LockPatience.TotalSeconds:0}",
                "-o",
                "DPkg::Options::=--force-confold",
                .. packages,
            ],
            cancellationToken
        );
        if (!installed.Succeeded)
            Fail(installed);
    }

    /// <summary>Removes packages and leaves their configuration and data.</summary>
    /// <exception cref="TargetFailedException">It failed.</exception>
    public async Task RemoveAsync(ImmutableArray<string> packages, CancellationToken cancellationToken)
    {
        var removed = await WithLockAsync(
            ["remove", "-y", "-q", "-o", $"DPkg::Lock::Timeout={LockPatience.TotalSeconds:0}", .. packages],
            cancellationToken
        );
        if (!removed.Succeeded)
            Fail(removed);
    }

    /// <summary>What apt would do; it does nothing and takes no lock.</summary>
    public async Task<AptSimulation> SimulateAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var simulated = await RunAsync(["-s", "-q", .. arguments], cancellationToken);
        return AptSimulation.Read(simulated.StandardOutput, simulated.StandardError, simulated.ExitCode);
    }

    private async Task<CommandResult> WithLockAsync(
        ImmutableArray<string> arguments,
        CancellationToken cancellationToken
    )
    {
        await _lock.WaitAsync(cancellationToken);
        while (true)
        {
            var result = await RunAsync(arguments, cancellationToken);
            if (
                result.Succeeded && !LockHolders.IsLockError(result.StandardError)
                || !LockHolders.IsLockError(result.StandardError)
            )
                return result;
            await _lock.WaitAgainAsync(LastLine(result.StandardError, "E: "), cancellationToken);
        }
    }

    private Task<CommandResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        runner.RunAsync(
            Command.Of("apt-get", arguments) with
            {
                Environment = _variables,
                Timeout = TimeSpan.FromMinutes(20),
            },
            cancellationToken
        );

    private static string LastLine(string text, string start) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..]
        ?? "another process has it";

    private static void Fail(CommandResult result)
    {
        var next = result.StandardError.Contains("Unable to fetch", StringComparison.Ordinal)
            ? "nothing was installed: mend the network or apt's sources until apt-get update works, and run the same command again"
            : "see what apt-get install -f would do, mend what the last lines name, and run ./build.sh Setup again; --status says what was done";
        throw new TargetFailedException(
            $"Setup failed.\n{new CommandFailedException(result).Message}\n  next    {next}",
            2
        );
    }
}
