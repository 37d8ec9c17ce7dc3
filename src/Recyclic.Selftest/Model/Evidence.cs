using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Load;

namespace Recyclic.Selftest.Model;

/// <summary>How a command of the tool ended.</summary>
internal sealed record CommandEnd(string Arguments, int ExitCode, string Output, string Error, double Seconds)
{
    /// <summary>Whether the fault that was asked for came to pass.</summary>
    public bool WasStruck =>
        Output.Contains(FaultStriker.Mark, StringComparison.Ordinal)
        || Error.Contains(FaultStriker.Mark, StringComparison.Ordinal);

    /// <summary>The last lines that it printed.</summary>
    public string Tail(int lines) =>
        string.Join(
            '\n',
            (Output + Error)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .TakeLast(lines)
                .Select(line => $"        {line.TrimEnd()}")
        );
}

/// <summary>What <c>Status --json</c> said.</summary>
/// <param name="Slot">`blue`, `green`, or null while nothing serves.</param>
/// <param name="PreviousState">`warm`, `stopped`, `images`, or null without an earlier release.</param>
internal sealed record StatusSeen(
    string? Tag,
    string? Slot,
    string? PreviousState,
    bool EdgeHealthy,
    bool Locked,
    bool Interrupted
)
{
    /// <summary>Null when the text is not the document that the contract promises.</summary>
    public static StatusSeen? Parse(string json)
    {
        try
        {
            if (
                JsonNode.Parse(json) is not JsonObject status
                || status["services"] is not JsonArray
                || status["edge"]?["healthy"] is not { } healthy
            )
                return null;
            return new StatusSeen(
                status["release"]?["tag"]?.GetValue<string>(),
                status["slot"]?.GetValue<string>(),
                status["previous"]?["state"]?.GetValue<string>(),
                healthy.GetValue<bool>(),
                status["lock"] is not null,
                status["interrupted"] is not null
            );
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <param name="State">As the engine names it, for example `running` or `exited`.</param>
internal sealed record ContainerSeen(string Name, string State)
{
    /// <summary>Whether it is a service's, by its name.</summary>
    public bool IsOf(string service) => Name.Contains($"-{service}-", StringComparison.Ordinal);
}

/// <summary>All that bears the application's name on the engine.</summary>
internal sealed record Inventory(
    ImmutableArray<ContainerSeen> Containers,
    ImmutableSortedSet<string> Networks,
    ImmutableSortedSet<string> Volumes
)
{
    public IEnumerable<ContainerSeen> Of(string app, string slot) =>
        Containers.Where(container => container.Name.StartsWith($"{app}--{slot}-", StringComparison.Ordinal));
}

/// <summary>What the engine tells of a container.</summary>
internal enum Moment
{
    Started,
    Healthy,

    /// <summary>It was sent a signal; a stop begins so.</summary>
    Signalled,
    Ended,
}

/// <summary>A moment of a container of a release.</summary>
/// <param name="Service">Its name in the compose file.</param>
/// <param name="UnixMs">By the engine's clock.</param>
/// <param name="IsExclusive">Whether its service must not run twice.</param>
/// <param name="ExitCode">Of one that ended; else null.</param>
internal sealed record ContainerEvent(
    string Id,
    string Service,
    Moment Moment,
    double UnixMs,
    bool IsExclusive = false,
    int? ExitCode = null
);

/// <summary>All that was seen of a case. What it means is for <see cref="Invariants"/> to say.</summary>
internal sealed record Evidence
{
    public required SelftestCase Case { get; init; }
    public required string App { get; init; }

    /// <summary>What users had before; null: nothing.</summary>
    public required string? Serving { get; init; }

    public required CommandEnd Struck { get; init; }
    public required StatusSeen? StatusAfterFault { get; init; }
    public required CommandEnd Next { get; init; }

    /// <summary>What the next command was to bring; null: whichever good release a rollback chooses.</summary>
    public required string? NextTag { get; init; }

    public required StatusSeen? StatusAtEnd { get; init; }
    public required ImmutableArray<RequestRecord> Requests { get; init; }

    /// <summary>The journal's lines, as they stand, that this case has written.</summary>
    public required ImmutableArray<string> JournalLines { get; init; }

    public required Inventory Left { get; init; }

    /// <summary>Networks and volumes that an ordinary deploy leaves.</summary>
    public required Inventory Ordinary { get; init; }

    /// <summary>What the engine told of the release services since the lane was made.</summary>
    public required ImmutableArray<ContainerEvent> Events { get; init; }

    /// <summary>
    /// What a deployer did that was continued after its lock had been taken away; null: nothing, or it was not so.
    /// </summary>
    public string? TouchedWithoutLock { get; init; }

    /// <summary>What became of a stranger or a neighbour of the application; null: each is as it was.</summary>
    public string? Disturbed { get; init; }

    /// <summary>What the edge's log has of requests that were not answered well; looked up when some failed.</summary>
    public ImmutableArray<string> EdgeTroubles { get; init; } = [];

    /// <summary>Why the lock was not gone by itself; null: it was.</summary>
    public string? LockStayed { get; init; }
}
