using System.Collections.Immutable;

namespace Recyclic.Processes;

/// <summary>
/// Pure: which variables of this process a program inherits. Names are compared without regard to case, as Windows
/// does.
/// </summary>
/// <param name="Names">Names as they are. One that ends in `*` stands for all that begin so, but for those that look
/// like a credential.</param>
public sealed record VariableRule(ImmutableHashSet<string> Names)
{
    private static readonly string[] Credentials = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"];

    private readonly ImmutableHashSet<string> _whole =
    [
        .. Names.Where(name => !name.EndsWith('*')).Select(name => name.ToUpperInvariant()),
    ];

    private readonly ImmutableArray<string> _beginnings =
    [
        .. Names.Where(name => name.EndsWith('*')).Select(name => name[..^1].ToUpperInvariant()),
    ];

    /// <summary>The rule with further names.</summary>
    public VariableRule And(params IEnumerable<string> names) => new(Names.Union(names));

    /// <summary>Whether the program gets a variable of that name.</summary>
    public bool Admits(string name)
    {
        var upper = name.ToUpperInvariant();
        return _whole.Contains(upper)
            || _beginnings.Any(beginning => upper.StartsWith(beginning, StringComparison.Ordinal))
                && !LooksLikeCredential(upper);
    }

    /// <inheritdoc/>
    public bool Equals(VariableRule? other) => other is not null && Names.SetEquals(other.Names);

    /// <inheritdoc/>
    public override int GetHashCode() => Names.Count;

    private static bool LooksLikeCredential(string upper) =>
        upper.EndsWith("_KEY", StringComparison.Ordinal)
        || Credentials.Any(word => upper.Contains(word, StringComparison.Ordinal));
}
