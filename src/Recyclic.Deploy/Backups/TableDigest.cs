using System.Collections.Immutable;

namespace Recyclic.Deploy.Backups;

/// <summary>What is in a table, as far as two copies of it can be told apart.</summary>
/// <param name="Schema">Empty: it is no table, such as all large objects together.</param>
/// <param name="Rows">How many.</param>
/// <param name="Digest">Of all rows, in whatever order they lie: the sum of a 64-bit hash of each.</param>
public sealed record TableDigest(string Schema, string Name, long Rows, string Digest)
{
    /// <inheritdoc/>
    public override string ToString() => Schema.Length == 0 ? Name : $"{Schema}.{Name}";
}

/// <summary>Pure: whether a copy has what the original had.</summary>
public static class TableDigests
{
    /// <summary>What is different, a sentence each; empty: nothing is.</summary>
    /// <param name="expected">Of the original, at the moment of the dump.</param>
    /// <param name="found">Of the copy.</param>
    public static ImmutableArray<string> Differences(
        IReadOnlyCollection<TableDigest> expected,
        IReadOnlyCollection<TableDigest> found
    )
    {
        var copies = found.ToDictionary(table => (table.Schema, table.Name));
        var differences = ImmutableArray.CreateBuilder<string>();
        foreach (var table in expected)
            if (!copies.Remove((table.Schema, table.Name), out var copy))
                differences.Add($"the table {table} is missing: it had {table.Rows} rows");
            else if (copy.Rows != table.Rows)
                differences.Add($"the table {table} has {copy.Rows} rows instead of {table.Rows}");
            else if (copy.Digest != table.Digest)
                differences.Add($"the table {table} has the {table.Rows} rows, but not with the same content");
        differences.AddRange(copies.Values.Select(table => $"the table {table} was not in the database"));
        return differences.ToImmutable();
    }
}
