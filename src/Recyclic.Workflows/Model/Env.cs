using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>
/// Environment variables with their values: <c>Env.Of("DOTNET_NOLOGO", "true").AndSecret("NUGET_API_KEY",
/// "ACME_NUGET_KEY")</c>. A name is there once; the later value holds.
/// </summary>
/// <param name="Values">By the variable's name. A value may have GitHub's expressions.</param>
public sealed record Env(ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>No variable.</summary>
    public static Env None { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>One variable.</summary>
    public static Env Of(string name, string value) => None.And(name, value);

    /// <summary>With a variable of this value.</summary>
    public Env And(string name, string value) => new(Values.SetItem(name, value));

    /// <summary>With a variable that has the value of a secret, whatever that is called.</summary>
    public Env AndSecret(string name, string secret) => And(name, $"${{{{ secrets.{secret} }}}}");

    /// <summary>
    /// With a variable that has the value of one of the repository's or the environment's variables, whatever that is
    /// called.
    /// </summary>
    public Env AndVariable(string name, string variable) => And(name, $"${{{{ vars.{variable} }}}}");

    /// <inheritdoc/>
    public bool Equals(Env? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Count;
}
