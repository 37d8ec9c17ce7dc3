using System.Collections.Immutable;

namespace Recyclic.Workflows.Rehearsal;

/// <summary>A workflow as its file says it: what GitHub would see, not what we meant.</summary>
/// <param name="Name">What GitHub shows.</param>
/// <param name="Inputs">Of a run by hand, or of a call.</param>
/// <param name="Jobs">Each after those that it needs.</param>
public sealed record RehearsedWorkflow(
    string Name,
    ImmutableArray<RehearsedInput> Inputs,
    ImmutableArray<RehearsedJob> Jobs
)
{
    /// <summary>The events that start it, in the order of the file.</summary>
    public ImmutableArray<string> Events { get; init; } = [];
}

/// <summary>A field that a run asks for.</summary>
/// <param name="Default">Empty: none.</param>
public sealed record RehearsedInput(string Name, bool IsRequired, string Default);

/// <summary>A job.</summary>
/// <param name="Id">Its identifier.</param>
public sealed record RehearsedJob(string Id)
{
    /// <summary>The reusable workflow that it is; null: it has steps.</summary>
    public string? Uses { get; init; }

    /// <summary>Images of its container and its services, which a rehearsal does not start.</summary>
    public ImmutableArray<string> Images { get; init; } = [];

    /// <summary>Whether others go on, and the workflow may succeed, when it fails.</summary>
    public bool ContinuesOnError { get; init; }

    /// <summary>Whether one combination of its matrix that fails ends the others.</summary>
    public bool FailsFast { get; init; }

    /// <summary>Jobs that it waits for.</summary>
    public ImmutableArray<string> Needs { get; init; } = [];

    /// <summary>Null: it runs when all that it needs has succeeded.</summary>
    public string? Condition { get; init; }

    /// <summary>The environment that it is for; null: none.</summary>
    public string? Environment { get; init; }

    /// <summary>Whether a person approves here: its environment records no deployment.</summary>
    public bool IsGate { get; init; }

    /// <summary>How long it may take; default: 6 hours, as GitHub has it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(6);

    /// <summary>From the name of an output to its expression.</summary>
    public ImmutableSortedDictionary<string, string> Outputs { get; init; } = NoTexts;

    /// <summary>One combination for each run of the job; without a matrix a single empty one.</summary>
    public ImmutableArray<ImmutableSortedDictionary<string, string>> Matrix { get; init; } = [NoTexts];

    /// <summary>In their order.</summary>
    public ImmutableArray<RehearsedStep> Steps { get; init; } = [];

    internal static ImmutableSortedDictionary<string, string> NoTexts { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>A step: an action or a script.</summary>
/// <param name="Line">Where it stands in the file.</param>
public sealed record RehearsedStep(int Line)
{
    /// <summary>By which others name it; null: none.</summary>
    public string? Id { get; init; }

    /// <summary>The action; null: it is a script.</summary>
    public string? Uses { get; init; }

    /// <summary>The script; null: it is an action.</summary>
    public string? Run { get; init; }

    /// <summary>When it runs; null: after successes.</summary>
    public string? Condition { get; init; }

    /// <summary>What reads the script; default: bash.</summary>
    public string Shell { get; init; } = "bash";

    /// <summary>Where the script runs, relative to the clone; empty: in its root.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Whether the job goes on when it fails.</summary>
    public bool ContinuesOnError { get; init; }

    /// <summary>How long it may take; null: as long as the job.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The inputs of an action.</summary>
    public ImmutableSortedDictionary<string, string> With { get; init; } = RehearsedJob.NoTexts;

    /// <summary>Its variables, with those of its job and of the workflow.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = RehearsedJob.NoTexts;

    /// <summary>The action without its version.</summary>
    public string Action => Uses?.Split('@')[0] ?? "";
}
