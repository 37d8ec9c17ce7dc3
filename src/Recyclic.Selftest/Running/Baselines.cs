using Recyclic.Deploy.Model;
using Recyclic.Selftest.Adapters;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Running;

/// <summary>
/// Brings the application to where a scenario starts from; mostly it is there already, left by the case before.
/// </summary>
internal sealed class Baselines(Stack stack)
{
    private const int EnoughDeploys = 3;
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(2);
    private (StatusSeen? Status, Inventory Inventory)? _left;

    /// <summary>What an ordinary deploy leaves; null: there has been none yet.</summary>
    public Inventory? Ordinary { get; private set; }

    /// <summary>Another application begins anew: what the one before it has left is none of its own.</summary>
    public async Task ShapeAsync(Shape shape, CancellationToken cancellationToken)
    {
        if (stack.Shape == shape)
            return;
        await ResetAsync(cancellationToken);
        (stack.Shape, Ordinary) = (shape, null);
    }

    /// <summary>Returns what users have then; null: nothing.</summary>
    public async Task<string?> ReachAsync(
        Baseline wanted,
        Func<Fault?, string[], CancellationToken, Task<CommandEnd>> run,
        CancellationToken cancellationToken
    )
    {
        var known = _left;
        _left = null;
        if (!wanted.Exists)
        {
            await stack.RemoveAsync(cancellationToken);
            return null;
        }
        if (wanted.Releases <= 1 && known is { } left && IsReached(wanted, left.Status, left.Inventory))
            return left.Status!.Tag;
        var status = await StatusAsync(cancellationToken);
        // What was deployed before this case is not known to be more than what serves.
        var releases = status?.Tag is null ? 0 : 1;
        string? before = null;
        for (var deploys = 0; deploys < EnoughDeploys; deploys++, releases++)
        {
            if (releases >= wanted.Releases && IsReached(wanted, status, await stack.InventoryAsync(cancellationToken)))
                return status!.Tag;
            var next = Versions.Other(status?.Tag, before);
            before = status?.Tag;
            await DeployAsync(next, wanted.IsWarm, run, cancellationToken);
            status = await StatusAsync(cancellationToken);
        }
        return IsReached(wanted, status, await stack.InventoryAsync(cancellationToken))
            ? status!.Tag
            : throw new InvalidOperationException(
                $"{EnoughDeploys} ordinary deploys did not lead to {wanted}, but to {status}"
            );
    }

    /// <summary>Remembers what a case has left: nothing happens before the next one.</summary>
    public void Leave(StatusSeen? status, Inventory inventory) => _left = (status, inventory);

    /// <summary>After a case that broke, nothing that it left may reach the next one.</summary>
    public Task ResetAsync(CancellationToken cancellationToken)
    {
        _left = null;
        return stack.RemoveAsync(cancellationToken);
    }

    private bool IsReached(Baseline wanted, StatusSeen? status, Inventory inventory)
    {
        var isSo = wanted.IsReachedBy(status, inventory, stack.App);
        if (isSo)
            Ordinary ??= inventory;
        return isSo;
    }

    private static async Task DeployAsync(
        string tag,
        bool keepWarm,
        Func<Fault?, string[], CancellationToken, Task<CommandEnd>> run,
        CancellationToken cancellationToken
    )
    {
        string[] warm = keepWarm ? ["--keep-warm"] : [];
        var end = await run(null, ["AtomicDeploy", "--skip", "--tag", tag, "--watch", "0", .. warm], cancellationToken);
        if (end.ExitCode != 0)
            throw new InvalidOperationException(
                $"without any fault, {end.Arguments} ended with exit code {end.ExitCode}:\n{end.Tail(25)}"
            );
    }

    private async Task<StatusSeen?> StatusAsync(CancellationToken cancellationToken)
    {
        await using var status = stack.Start(null, "Status", "--json");
        return StatusSeen.Parse((await status.Ended.WaitAsync(CommandDeadline, cancellationToken)).Output);
    }
}
