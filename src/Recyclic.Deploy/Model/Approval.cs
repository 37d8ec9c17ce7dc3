using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>
/// A person's yes to one step: to one release, as it will run, in one environment, by its next deploy, for a time. It is
/// a record of the environment's own journal.
/// </summary>
/// <param name="Environment">For example `production`.</param>
/// <param name="DigestSet">What was approved, <see cref="Release.DigestSet"/>: not the tag, which may name other
/// content by now.</param>
/// <param name="Tag">The tag at that time, for people.</param>
/// <param name="Approver">Who said yes.</param>
/// <param name="ExpiresAt">From then on it counts no more; by the clock of the host that keeps the record.</param>
public sealed record Approval(
    string Environment,
    string DigestSet,
    string Tag,
    string Approver,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>
    /// The names of all who had a hand in what is new: authors, co-authors, committers, and who started the run; empty:
    /// not known.
    /// </summary>
    public ImmutableArray<string> Authors
    {
        get => field.IsDefault ? [] : field;
        init;
    } = [];

    /// <summary>Where the files were from, `host/team/name`; null: from no repository with an address.</summary>
    public string? Repository { get; init; }

    /// <summary>The commit, all its digits; null: the tag was none.</summary>
    public string? Commit { get; init; }

    /// <summary>
    /// By `service setting`: a keyed fingerprint of what compose resolved, without secrets; null: it was given by an
    /// earlier version, and is not valid any more.
    /// </summary>
    public ImmutableSortedDictionary<string, string>? Model { get; init; }

    /// <summary>The key of <see cref="Model"/>, random, of this approval alone; it is where the journal is.</summary>
    public string? ModelKey { get; init; }

    /// <summary>The approver as a person may be shown them.</summary>
    internal string By => PrintableText.Of(Approver, 60);

    /// <summary>
    /// The run on GitHub in which it was given, `team/shop/actions/runs/77`: then the names are GitHub's logins. Null: a
    /// person's own word.
    /// </summary>
    public string? Run { get; init; }

    /// <summary>Whether the approver is one of the <see cref="Authors"/>.</summary>
    internal bool IsByAuthor =>
        Authors.Any(author =>
            Run is null
                ? PersonName.IsSame(author, Approver)
                : string.Equals(author, Approver, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Why gates that did not pass were passed over; null: all passed.</summary>
    public string? Override { get; init; }

    /// <summary>Why this is a hotfix; null: it is none.</summary>
    public string? Hotfix { get; init; }

    /// <summary>The gates that <see cref="Override"/> passed over, by name.</summary>
    public ImmutableArray<string> PassedOver
    {
        get => field.IsDefault ? [] : field;
        init;
    } = [];

    /// <summary>What each gate said, one line each.</summary>
    public ImmutableArray<string> Evidence
    {
        get => field.IsDefault ? [] : field;
        init;
    } = [];
}
