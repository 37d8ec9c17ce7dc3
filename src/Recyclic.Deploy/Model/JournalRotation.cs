using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>The deploys whose records a journal keeps, ids with commas between.</summary>
/// <param name="Whole">With all of their steps.</param>
/// <param name="InShort">Without their steps: that they began, what they committed, how they ended. `-`: none.</param>
internal sealed record KeptDeploys(string Whole, string InShort);

/// <summary>
/// Pure: what a journal keeps that has become too long. Of a deploy that is over, its steps say nothing any more to
/// who recovers, rolls back, approves or reads the history; so they go first, and then old deploys as a whole, but
/// for those whose releases somebody may still go back to.
/// </summary>
internal static partial class JournalRotation
{
    /// <summary>From here on a journal is made shorter; a reader sees the last 3000 records.</summary>
    public const int MostRecords = 2500;

    private const int Whole = 20;
    private const int InShort = 150;
    private const int GoodReleases = 20;

    /// <returns>Null: it stays as it is.</returns>
    public static KeptDeploys? Of(Journal journal)
    {
        var records = journal.Records;
        if (records.Length <= MostRecords)
            return null;
        var begun = records
            .Where(record => record.Kind == JournalKind.Begin)
            .Select(record => record.Deploy)
            .Distinct()
            .ToList();
        var whole = begun.TakeLast(Whole).ToImmutableHashSet();
        var first = begun.Count <= InShort ? null : begun[^InShort];
        // Approvals and smoke tests have ids of their own: those of the same time.
        var since = first is null ? records : records.SkipWhile(record => record.Deploy != first);
        var good = journal
            .GoodReleases.TakeLast(GoodReleases)
            .Concat(journal.Commitments.TakeLast(2))
            .Select(commitment => (commitment.At, commitment.Release.Id))
            .ToHashSet();
        var committed = records.Where(record =>
            record is { Kind: JournalKind.Commit, Release: { } release } && good.Contains((record.At, release.Id))
        );
        var inShort = since
            .Concat(committed)
            .Concat(records.Where(record => record.FilesKey is { Length: > 0 }).TakeLast(1))
            .Concat(records.Where(record => record.Kind == JournalKind.Contract).TakeLast(1))
            .Select(record => record.Deploy)
            .Distinct()
            .Where(id => !whole.Contains(id))
            .ToList();
        return whole.IsEmpty || !whole.Concat(inShort).All(id => Id().IsMatch(id))
            ? null
            : new KeptDeploys(string.Join(',', whole), inShort.Count == 0 ? "-" : string.Join(',', inShort));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
