using Recyclic.Deploy.Model;
using Recyclic.Selftest.Adapters;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Running;

/// <summary>Brings the application to where a scenario starts from; mostly it is there already, left by the case before.</summary>
internal sealed class Baselines(Stack stack)
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(2);

    /// <summary>What an ordinary deploy leaves; null: there has been none yet.</summary>
    public Inventory? Ordinary { get; private set; }

    /// <summary>Returns what users have then; null: nothing.</summary>
    public async Task<string?> ReachAsync(Baseline wanted, Func<Fault?, string[], CancellationToken, Task<CommandEnd>> run, CancellationToken cancellationToken)
    {
        if (!wanted.Exists)
        {
            await stack.RemoveAsync(cancellationToken);
            return null;
        }
        var status = await StatusAsync(cancellationToken);
        if (await IsReachedAsync(wanted, status, cancellationToken)) return status!.Tag;
        await DeployAsync(Versions.Other(status?.Tag), false, run, cancellationToken);
        var first = (await StatusAsync(cancellationToken))!.Tag;
        await DeployAsync(Versions.Other(first), wanted.IsWarm, run, cancellationToken);
        var reached = await StatusAsync(cancellationToken);
        if (!await IsReachedAsync(wanted, reached, cancellationToken)) throw new InvalidOperationException($"two ordinary deploys did not lead to {wanted}, but to {reached}");
        return reached!.Tag;
    }

    /// <summary>A serving release and, in the other slot, one that is as the scenario wants it: only then its steps are the same each time.</summary>
    private async Task<bool> IsReachedAsync(Baseline wanted, StatusSeen? status, CancellationToken cancellationToken)
    {
        if (status is not { Tag: { } tag, Slot: { } slot, EdgeHealthy: true, Locked: false, Interrupted: false, PreviousState: { } previous } || !Versions.Good.Contains(tag)) return false;
        if (wanted.NeedsWayBack && previous != (wanted.IsWarm ? "warm" : "stopped")) return false;
        var inventory = await stack.InventoryAsync(cancellationToken);
        var idle = inventory.Of(stack.App, slot == "blue" ? "green" : "blue").ToList();
        var isSo = idle.Count > 0 && idle.Any(container => container.State == "running") == wanted.IsWarm;
        if (isSo) Ordinary ??= inventory;
        return isSo;
    }

    private static async Task DeployAsync(string tag, bool keepWarm, Func<Fault?, string[], CancellationToken, Task<CommandEnd>> run, CancellationToken cancellationToken)
    {
        string[] warm = keepWarm ? ["--keep-warm"] : [];
        var end = await run(null, ["AtomicDeploy", "--skip", "--tag", tag, "--watch", "0", .. warm], cancellationToken);
        if (end.ExitCode != 0) throw new InvalidOperationException($"without any fault, {end.Arguments} ended with exit code {end.ExitCode}:\n{end.Tail(25)}");
    }

    private async Task<StatusSeen?> StatusAsync(CancellationToken cancellationToken)
    {
        await using var status = stack.Start(null, "Status", "--json");
        return StatusSeen.Parse((await status.Ended.WaitAsync(CommandDeadline, cancellationToken)).Output);
    }
}
