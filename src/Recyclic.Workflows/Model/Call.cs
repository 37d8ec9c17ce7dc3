using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>
/// A reusable workflow that runs as a job of this one. It has no steps, no machine and no targets of its own.
/// </summary>
/// <param name="Name">The job's identifier: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Uses"><c>./.github/workflows/docs.yml</c> of this repository, or
/// <c>owner/name/.github/workflows/docs.yml@</c> and the 40 hex digits of a commit.</param>
public sealed record Call(string Name, string Uses)
{
    /// <summary>The version that the commit is, for readers; default: none.</summary>
    public string? Version { get; init; }

    /// <summary>What GitHub shows; default: the identifier.</summary>
    public string? DisplayName { get; init; }

    /// <summary>When it runs, in GitHub's language, without <c>${{ }}</c>; default: always.</summary>
    public string? If { get; init; }

    /// <summary>Targets whose jobs it waits for; default: none, it begins with the workflow.</summary>
    public ImmutableArray<TargetReference> After { get; init; } = [];

    /// <summary>Targets whose jobs wait for it; default: none.</summary>
    public ImmutableArray<TargetReference> Before { get; init; } = [];

    /// <summary>Its inputs; a value may have GitHub's expressions. Default: none.</summary>
    public ImmutableSortedDictionary<string, string> With { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its secrets, from the name there to the name here; default: none.</summary>
    public ImmutableSortedDictionary<string, string> Secrets { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>
    /// Whether it sees all secrets of this one; default: false. Refused beside <see cref="Secrets"/>.
    /// </summary>
    public bool InheritsSecrets { get; init; }

    /// <summary>The most that the tokens of its jobs may do; default: read the repository.</summary>
    public Permissions Permissions { get; init; } = Permissions.ReadContents;

    /// <summary>With an input; the later value of one holds.</summary>
    public Call And(string input, string value) => this with { With = With.SetItem(input, value) };

    /// <summary>With a secret.</summary>
    /// <param name="name">As the called workflow has it.</param>
    /// <param name="secret">As this repository has it; default: the same name.</param>
    public Call AndSecret(string name, string? secret = null) =>
        this with
        {
            Secrets = Secrets.SetItem(name, secret ?? name),
        };
}
