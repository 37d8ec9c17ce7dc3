using System.Collections.Immutable;

namespace Recyclic.Workflows.Rehearsal;

/// <summary>A workflow as its file says it: what GitHub would see, not what we meant.</summary>
public sealed record RehearsedWorkflow(string Name, ImmutableArray<RehearsedInput> Inputs, ImmutableArray<RehearsedJob> Jobs);

public sealed record RehearsedInput(string Name, bool IsRequired, string Default);

public sealed record RehearsedJob(string Id)
{
    public ImmutableArray<string> Needs { get; init; } = [];

    /// <summary>Null: it runs when all that it needs has succeeded.</summary>
    public string? Condition { get; init; }
    public string? Environment { get; init; }

    /// <summary>Whether a person approves here: its environment records no deployment.</summary>
    public bool IsGate { get; init; }
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(6);

    /// <summary>From the name of an output to its expression.</summary>
    public ImmutableSortedDictionary<string, string> Outputs { get; init; } = NoTexts;

    /// <summary>One combination for each run of the job; without a matrix a single empty one.</summary>
    public ImmutableArray<ImmutableSortedDictionary<string, string>> Matrix { get; init; } = [NoTexts];
    public ImmutableArray<RehearsedStep> Steps { get; init; } = [];

    internal static ImmutableSortedDictionary<string, string> NoTexts { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>A step: an action or a script.</summary>
/// <param name="Line">Where it stands in the file.</param>
public sealed record RehearsedStep(int Line)
{
    public string? Id { get; init; }
    public string? Uses { get; init; }
    public string? Run { get; init; }
    public string? Condition { get; init; }
    public ImmutableSortedDictionary<string, string> With { get; init; } = RehearsedJob.NoTexts;
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = RehearsedJob.NoTexts;

    /// <summary>The action without its version.</summary>
    public string Action => Uses?.Split('@')[0] ?? "";
}
