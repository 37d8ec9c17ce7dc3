using System.Collections.Immutable;
using System.Diagnostics;
using Recyclic.Deploy.Model;
using Recyclic.Selftest.Adapters;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Running;

/// <summary>
/// Carries out one case after another on one application: strike, look, run the next command, look again.
/// </summary>
internal sealed class CaseRunner(Stack stack, ServiceEvents events, Bystanders bystanders)
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan FreezeDeadline = TimeSpan.FromMinutes(2);

    /// <summary>Every version must stay up for as long as it takes the sickening one to show its flaw.</summary>
    private const string SickeningWatch = "9";

    private readonly Baselines _baselines = new(stack);

    /// <summary>Runs a scenario that nothing strikes, to learn the points it passes.</summary>
    public async Task<ImmutableArray<ScenarioPoint>> RehearseAsync(
        Scenario scenario,
        CancellationToken cancellationToken
    )
    {
        var (serving, _) = await StartAsync(scenario, NextCommand.Deploy, cancellationToken);
        // A recovery starts behind a deploy that was killed: its records are not the recovery's.
        var before = (await stack.JournalAsync(cancellationToken)).Length;
        var command = ArgumentsOf(scenario, serving);
        var end = await RunAsync(null, command, cancellationToken);
        var isBad = Versions.TargetOf(scenario, serving) is { } target && !Versions.Good.Contains(target);
        if (end.ExitCode != (isBad ? 1 : 0))
            throw new InvalidOperationException(
                $"without any fault, {end.Arguments} ended with exit code {end.ExitCode}:\n{end.Tail(25)}"
            );
        var lines = (await stack.JournalAsync(cancellationToken)).Skip(before);
        return Matrix.PointsOf(scenario, Journal.Parse(lines).Records);
    }

    public async Task<CaseResult> RunAsync(SelftestCase one, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var (serving, before) = await StartAsync(one.Scenario, one.Next, cancellationToken);
        var target = Versions.TargetOf(one.Scenario, serving);
        await using var load = await stack.LoadAsync(cancellationToken);

        var next = one.Next == NextCommand.Deploy ? Versions.Other(serving, target) : null;
        string[] nextCommand = next is null
            ? ["Rollback", "--yes", "--watch", "0"]
            : ["AtomicDeploy", "--skip", "--tag", next, "--watch", "0"];
        var fault = one.Fault.At(one.Point);
        await using var deployer = stack.Start(fault, [.. ArgumentsOf(one.Scenario, serving), .. Common]);
        CommandEnd struck,
            then;
        StatusSeen? status;
        string? lockStayed = null,
            touched = null;
        if (one.Fault == CaseFault.Taken && await deployer.IsFrozenAsync(FreezeDeadline, cancellationToken))
        {
            await RunAsync(null, ["Unlock", "--force"], cancellationToken);
            status = await StatusAsync(cancellationToken);
            then = await RunAsync(null, nextCommand, cancellationToken);
            var fingerprint = await stack.FingerprintAsync(cancellationToken);
            await deployer.ContinueAsync(cancellationToken);
            struck = await deployer.Ended.WaitAsync(CommandDeadline, cancellationToken);
            var afterwards = await stack.FingerprintAsync(cancellationToken);
            touched = afterwards == fingerprint ? null : $"before\n{fingerprint}\nafterwards\n{afterwards}";
        }
        else
        {
            struck = await deployer.Ended.WaitAsync(CommandDeadline, cancellationToken);
            lockStayed = await stack.LockStayedAsync(cancellationToken);
            status = await StatusAsync(cancellationToken);
            then = await RunAsync(null, nextCommand, cancellationToken);
        }

        var atEnd = await StatusAsync(cancellationToken);
        var result = await load.StopAsync(cancellationToken);
        var left = await stack.InventoryAsync(cancellationToken);
        _baselines.Leave(atEnd, left);
        var seen = new Evidence
        {
            Case = one,
            App = stack.App,
            Serving = serving,
            Struck = struck,
            StatusAfterFault = status,
            Next = then,
            NextTag = next,
            StatusAtEnd = atEnd,
            Requests = result.Records,
            JournalLines = [.. (await stack.JournalAsync(cancellationToken)).Skip(before)],
            Left = left,
            Ordinary = _baselines.Ordinary ?? left,
            Events = events.Seen,
            LockStayed = lockStayed,
            TouchedWithoutLock = touched,
            Disturbed = await bystanders.DisturbedAsync(cancellationToken),
        };
        if (Invariants.FailedRequests(seen) is [var first, ..])
            seen = seen with { EdgeTroubles = await stack.EdgeTroublesAsync(first.StartedUnixMs, cancellationToken) };
        return CaseResult.Of(seen, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <inheritdoc cref="Baselines.ResetAsync"/>
    public Task ResetAsync(CancellationToken cancellationToken) => _baselines.ResetAsync(cancellationToken);

    private static string[] Common =>
        ["--deploy-timeout", $"{CaseFaults.DeployTimeout.TotalSeconds:0}", "--drain-timeout", "10"];

    private static string[] ArgumentsOf(Scenario scenario, string? serving) =>
        scenario switch
        {
            Scenario.RollbackStopped or Scenario.RollbackWarm => ["Rollback", "--yes"],
            Scenario.Recovery => ["Recover"],
            _ =>
            [
                "AtomicDeploy",
                "--skip",
                "--tag",
                Versions.TargetOf(scenario, serving)!,
                "--watch",
                scenario == Scenario.Sickening ? SickeningWatch : "0.5",
            ],
        };

    /// <summary>
    /// Brings the application to where a scenario starts. Gives what users have then, and how long the journal is.
    /// </summary>
    private async Task<(string? Serving, int Before)> StartAsync(
        Scenario scenario,
        NextCommand next,
        CancellationToken cancellationToken
    )
    {
        await _baselines.ShapeAsync(Shape.Of(scenario), cancellationToken);
        var serving = await _baselines.ReachAsync(Baseline.Of(scenario, next), RunAsync, cancellationToken);
        var before = (await stack.JournalAsync(cancellationToken)).Length;
        if (scenario != Scenario.Recovery)
            return (serving, before);
        var deadly = new Fault(
            FaultKind.Kill,
            TimeSpan.Zero,
            new FaultPoint(FaultMoment.Before, JournalKind.Commit, 1)
        );
        await RunAsync(
            deadly,
            ["AtomicDeploy", "--skip", "--tag", Versions.Other(serving), "--watch", "0"],
            cancellationToken
        );
        if (await stack.LockStayedAsync(cancellationToken) is { } stayed)
            throw new InvalidOperationException(stayed);
        return (serving, before);
    }

    private async Task<StatusSeen?> StatusAsync(CancellationToken cancellationToken)
    {
        await using var status = stack.Start(null, "Status", "--json");
        return StatusSeen.Parse((await status.Ended.WaitAsync(CommandDeadline, cancellationToken)).Output);
    }

    private async Task<CommandEnd> RunAsync(Fault? fault, string[] command, CancellationToken cancellationToken)
    {
        string[] options = command[0] is "Unlock" ? [] : Common;
        await using var process = stack.Start(fault, [.. command, .. options]);
        return await process.Ended.WaitAsync(CommandDeadline, cancellationToken);
    }
}
