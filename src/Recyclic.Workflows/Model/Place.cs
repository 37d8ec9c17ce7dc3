using System.Collections.Immutable;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows;

/// <summary>Where targets run: targets of one place share a job unless their order or a gate between them forbids it.</summary>
/// <param name="Targets">Each target is in one place at most.</param>
public sealed record Place(params ImmutableArray<TargetReference> Targets)
{
    /// <summary>The job's identifier; default: the name of its last target.</summary>
    public string? Name { get; init; }

    /// <summary>Label of the machine; default: the workflow's.</summary>
    public string? Runner { get; init; }

    /// <summary>The GitHub environment: its secrets and its rules. Jobs of one environment run one after the other, and are never cancelled by a newer one. Default: none.</summary>
    public string? Environment { get; init; }

    /// <summary>Address that GitHub shows for the environment; default: none.</summary>
    public string? Url { get; init; }

    /// <summary>Whether reviewers of the environment approve here, before anything that comes later runs.</summary>
    public bool IsGate { get; init; }

    /// <summary>What the job's token may do; default: read the repository.</summary>
    public Permissions Permissions { get; init; } = Permissions.ReadContents;

    /// <summary>Environment variables that are filled from secrets of the same name, besides those that the targets require; default: none.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>Environment variables that are filled from the repository's or the environment's variables of the same name, besides those of parameters that the targets require; default: none.</summary>
    public ImmutableArray<string> Variables { get; init; } = [];

    /// <summary>Further options of the command line, such as <c>["--environment", "production"]</c>; default: none.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>How long the job may take; default: the workflow's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Runs the job once for each combination; default: once.</summary>
    public ImmutableArray<Axis> Matrix { get; init; } = [];

    /// <summary>A target that puts right what a failed or cancelled job left, in a job of its own that a cancellation does not stop. It may only read the repository, and has no GitHub token. Default: none.</summary>
    public TargetReference? Rescue { get; init; }

    /// <summary>Which of the <see cref="Secrets"/> the rescue sees; default: all but the GitHub token.</summary>
    public ImmutableArray<string>? RescueSecrets { get; init; }

    /// <summary>Steps before the targets; default: none.</summary>
    public ImmutableArray<Step> Steps { get; init; } = [];

    /// <summary>Anything else of the job, such as <c>services</c>, as it stands; must not repeat a key that is generated. Default: none.</summary>
    public YamlMap Extra { get; init; } = new();

    /// <summary>An approval gate: the environment's reviewers approve, then the target runs and records it.</summary>
    public static Place Gate(string environment, TargetReference target) => new(target) { Environment = environment, IsGate = true };

    /// <summary>Targets that deploy to an environment.</summary>
    public static Place Deploy(string environment, params ImmutableArray<TargetReference> targets) => new(targets) { Environment = environment };
}

/// <summary>One dimension of a matrix.</summary>
/// <param name="Parameter">The parameter that gets the values, by its name or its member's; null: the values are labels of machines.</param>
/// <param name="Values">At least one.</param>
public sealed record Axis(string? Parameter, params ImmutableArray<string> Values)
{
    public static Axis Runner(params ImmutableArray<string> labels) => new(null, labels);
}

/// <summary>What a job's token may do. Everything that is not named is forbidden.</summary>
public sealed record Permissions(ImmutableSortedDictionary<string, string> Scopes)
{
    public static Permissions None { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
    public static Permissions ReadContents { get; } = None.And("contents", "read");

    /// <param name="scope">As GitHub calls it: <c>packages</c>, <c>deployments</c>, <c>id-token</c>.</param>
    /// <param name="access"><c>read</c>, <c>write</c> or <c>none</c>.</param>
    public Permissions And(string scope, string access) => new(Scopes.SetItem(scope, access));

    public bool Equals(Permissions? other) => other is not null && Scopes.SequenceEqual(other.Scopes);

    public override int GetHashCode() => Scopes.Count;
}
