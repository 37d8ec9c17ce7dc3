using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Publishes ports of the host: see <see cref="PortGate"/>.</summary>
public sealed record OpenGates(ImmutableArray<PortGate> Gates) : DeployStep
{
    /// <summary>
    /// Gates that go for it, since the kernel lets the host have one of the two alone: the one thing about the edge that
    /// is not without a gap.
    /// </summary>
    public ImmutableArray<PortGate> Instead { get; init; } = [];

    /// <summary>Whether an edge of an earlier version, which publishes ports itself, ends for it.</summary>
    public bool FromEdge { get; init; }

    internal override bool HasGap => FromEdge || !Instead.IsEmpty;

    /// <inheritdoc/>
    public override string Describe() =>
        $"publish {List(Gates)}"
        + (
            FromEdge ? " by gates, no longer by the edge (about a second without service)"
            : Instead.IsEmpty ? ""
            : $" instead of {List(Instead)} (about a second without service there)"
        );

    /// <summary>What is to be opened so that all of some ports are; null: they are.</summary>
    internal static OpenGates? Of(IEnumerable<PortGate> wanted, Snapshot now)
    {
        ImmutableArray<PortGate> closed = [.. wanted.Where(gate => !now.IsOpen(gate))];
        return closed.IsEmpty || !now.Traits.HasEdge
            ? null
            : new OpenGates(closed)
            {
                Instead =
                [
                    .. now
                        .Gates.Select(there => there.Gate)
                        .Concat(now.Edge.Ports.Select(PortGate.Parse).OfType<PortGate>())
                        .Where(there => closed.Any(there.IsInTheWayOf)),
                ],
            };
    }

    /// <summary>
    /// The gates of ports that an edge of an earlier version publishes itself, which is being replaced by one that does
    /// not; null: it is of this version.
    /// </summary>
    internal static OpenGates? InsteadOf(EdgeState edge, IEnumerable<PortGate> wanted) =>
        wanted.Where(gate => edge.Ports.Contains(gate.ToString())).ToImmutableArray() is { IsEmpty: false } gates
            ? new OpenGates(gates) { FromEdge = true }
            : null;

    /// <summary>Ports that this deploy opens are closed again, and those that went for them are published again.</summary>
    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options)
    {
        // What an upgrade of the edge brings stays.
        if (FromEdge)
            return [];
        ImmutableArray<PortGate> made = [.. Gates.Where(gate => !before.Gates.Any(there => there.Gate == gate))];
        ImmutableArray<PortGate> back = [.. Instead.Where(before.IsOpen)];
        ImmutableArray<PortGate> gone = [.. made.Where(gate => !back.Any(gate.IsInTheWayOf))];
        return
        [
            .. back.IsEmpty ? Array.Empty<DeployStep>() : [new OpenGates(back) { Instead = [.. made.Except(gone)] }],
            .. gone.IsEmpty ? Array.Empty<DeployStep>() : [new CloseGates(gone)],
        ];
    }
}

internal sealed class OpenGatesHandler : StepHandler<OpenGates>
{
    protected override async Task RunAsync(
        OpenGates step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        foreach (var gate in step.Gates)
            await tools.Host.ConfigureGateAsync(gate, cancellationToken);
        var gap = await tools.Platform.Edge.OpenGatesAsync(
            tools.Context.AppName,
            step.Gates,
            step.Instead,
            cancellationToken
        );
        if (gap > TimeSpan.Zero)
            tools.Reporter.Note(
                FormattableString.Invariant(
                    $"nobody listened on {string.Join(", ", step.FromEdge ? step.Gates : step.Instead)} for {gap.TotalSeconds:0.0} s; who came meanwhile was refused by the host and is not counted"
                )
            );
    }
}
