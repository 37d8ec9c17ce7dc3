using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>One dimension of a matrix.</summary>
/// <param name="Parameter">The parameter that gets the values, by its name or its member's; null: the values are labels
/// of machines.</param>
/// <param name="Values">At least one.</param>
public sealed record Axis(string? Parameter, params ImmutableArray<string> Values)
{
    /// <summary>A dimension over machines.</summary>
    /// <param name="labels">A label each, or several as <c>[self-hosted, linux]</c>.</param>
    public static Axis Runner(params ImmutableArray<string> labels) => new(null, labels);
}

/// <summary>
/// Values of a matrix that belong together: one to add (<see cref="Place.Include"/>) or to leave out
/// (<see cref="Place.Exclude"/>).
/// </summary>
/// <param name="Values">From a parameter, by its name or its member's, to its value.</param>
public sealed record Combination(ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>The machine; default: not said.</summary>
    public string? Runner { get; init; }

    /// <summary>A combination that says one parameter.</summary>
    public static Combination Of(string parameter, string value) =>
        new Combination(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)).And(parameter, value);

    /// <summary>A combination that says the machine.</summary>
    public static Combination On(string runner) =>
        new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)) { Runner = runner };

    /// <summary>With one more parameter; the later value of one holds.</summary>
    public Combination And(string parameter, string value) => this with { Values = Values.SetItem(parameter, value) };

    /// <inheritdoc/>
    public bool Equals(Combination? other) =>
        other is not null && Runner == other.Runner && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Runner, Values.Count);
}
