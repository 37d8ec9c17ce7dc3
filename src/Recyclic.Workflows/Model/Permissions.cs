using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>What a job's token may do. Everything that is not named is forbidden.</summary>
/// <param name="Scopes">From a scope as GitHub calls it to <c>read</c>, <c>write</c> or <c>none</c>.</param>
public sealed record Permissions(ImmutableSortedDictionary<string, string> Scopes)
{
    /// <summary>Nothing.</summary>
    public static Permissions None { get; } =
        new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>Reading the repository.</summary>
    public static Permissions ReadContents { get; } = None.And("contents", "read");

    /// <summary>With one more scope; the later access to one holds.</summary>
    /// <param name="scope">As GitHub calls it: <c>packages</c>, <c>deployments</c>, <c>id-token</c>.</param>
    /// <param name="access"><c>read</c>, <c>write</c> or <c>none</c>.</param>
    public Permissions And(string scope, string access) => new(Scopes.SetItem(scope, access));

    /// <inheritdoc/>
    public bool Equals(Permissions? other) => other is not null && Scopes.SequenceEqual(other.Scopes);

    /// <inheritdoc/>
    public override int GetHashCode() => Scopes.Count;
}
