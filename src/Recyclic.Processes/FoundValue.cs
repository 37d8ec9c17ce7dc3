namespace Recyclic.Processes;

/// <summary>
/// A value that may be a secret, by where it was found: a container's environment, a file of variables, a secret's file.
/// </summary>
/// <param name="Name">The variable's or the secret's name; empty: it has none.</param>
/// <param name="Value">As it is, nothing encoded.</param>
public sealed record FoundValue(string Name, string Value)
{
    /// <summary>Longer ones are no passwords; files are read no further.</summary>
    private const int Longest = 64 * 1024;

    private const int MostParts = 64;

    /// <summary>Whether it is one whatever its name: it came from where only secrets are; default: false.</summary>
    public bool IsSecret { get; init; }

    /// <summary>
    /// Whether it is known to all anyway, as an image's tag or a service's name is; then it is none but behind its name.
    /// </summary>
    public bool IsPublic { get; init; }

    /// <summary>The record's own would print the value.</summary>
    public override string ToString() => Name;

    /// <summary>
    /// The value, and what it says of passwords inside: the one of an address, those of a connection's `Key=value;`,
    /// those of the lines of a file of variables.
    /// </summary>
    internal IEnumerable<FoundValue> Parts()
    {
        if (string.IsNullOrWhiteSpace(Value))
            yield break;
        var whole = Value.Length > Longest ? this with { Value = Value[..Longest] } : this;
        var isAddress = Value.Contains("://", StringComparison.Ordinal);
        // An address is to be read: its password is the secret of it.
        yield return isAddress && !IsSecret && !SecretStrength.IsAddressSecret(Name)
            ? whole with
            {
                IsPublic = true,
            }
            : whole;
        if (isAddress)
            foreach (var (start, end) in SecretContext.Passwords(Value))
            foreach (var text in new[] { Value[start..end], Uri.UnescapeDataString(Value[start..end]) }.Distinct())
                yield return new FoundValue("", text) { IsSecret = true };
        if (!Value.Contains('=', StringComparison.Ordinal))
            yield break;
        foreach (var pair in Value.Split([';', '&', '?', '\n'], MostParts, StringSplitOptions.TrimEntries))
            if (
                pair.IndexOf('=', StringComparison.Ordinal) is var at and > 0
                && pair[(at + 1)..].Trim('"', '\'') is { Length: > 0 } value
                && pair[..at].Trim() is var key
                && (SecretStrength.IsSecretName(key) || IsSecret && Value.Contains('\n', StringComparison.Ordinal))
            )
                foreach (var text in new[] { value, Uri.UnescapeDataString(value) }.Distinct())
                    yield return new FoundValue(key, text) { IsSecret = SecretStrength.IsSecretName(key) };
    }
}
