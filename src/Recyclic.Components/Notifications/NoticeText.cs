using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Components.Notifications;

/// <summary>Pure: a notice in words, for people. No markup; each sender escapes for its own channel.</summary>
internal static class NoticeText
{
    /// <summary>
    /// Keeps all messages far below every channel's limit (Telegram's is 4,096), whatever a value holds.
    /// </summary>
    private const int LongestValue = 300;
    private const int MostItems = 6;

    /// <summary>What happened, and what users see now.</summary>
    public static string Headline(DeployNotice notice)
    {
        var (app, tag, environment) = (Value(notice.App), Value(notice.Tag), Value(notice.Environment));
        var noun = notice.Operation == Deploy.Model.Operation.Deploy ? "deploy of" : "rollback to";
        var users = notice.From is { } from
            ? notice.IsRouted
                ? $"users are on {Value(from)} as before"
                : $"{Value(from)} works on as before"
            : "as before, nothing is live";
        return notice.Event switch
        {
            NoticeEvent.Success =>
                $"✅ {app}: {noun} {tag} succeeded, {(notice.IsRouted ? $"{environment} users are on {tag}" : $"it works in {environment}")}",
            NoticeEvent.Failure => $"❌ {app}: {noun} {tag} to {environment} failed, {users}",
            NoticeEvent.Approved =>
                $"⚠️ {app}: {Value(notice.By)} approved {tag} for {environment}, though not every gate holds",
            NoticeEvent.Cancelled => $"⏹ {app}: {noun} {tag} to {environment} was cancelled, {users}",
            _ => $"🚨 EMERGENCY {app}: {noun} {tag} to {environment} failed and was NOT restored",
        };
    }

    /// <summary>The details, most important first.</summary>
    public static ImmutableArray<(string Label, string Value)> Facts(DeployNotice notice)
    {
        var facts = ImmutableArray.CreateBuilder<(string Label, string Value)>();
        Add("reason", notice.Reason);
        Add("not undone", Items(notice.NotUndone));
        Add("undone", Items(notice.Undone));
        Add("run now", notice.RecoverCommand);
        Add("from", notice.From);
        Add("by", notice.By);
        Add("host", notice.Host);
        Add(
            "took",
            notice.Event == NoticeEvent.Approved
                ? null
                : Invariant($"{notice.Seconds:0.#} s")
                    + (notice.SwitchMs is { } ms ? Invariant($", switch {ms:0} ms") : "")
        );
        Add(
            "requests",
            notice.Requests is { } requests ? Invariant($"{requests.Total}, {requests.Failed} failed") : null
        );
        Add("warnings", Items(notice.Warnings));
        Add("run", notice.RunUrl);
        Add("roll back", notice.RollbackCommand);
        return facts.ToImmutable();

        void Add(string label, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
                facts.Add((label, Value(value)));
        }
    }

    public static string Plain(DeployNotice notice) =>
        string.Join('\n', Facts(notice).Select(fact => $"{fact.Label}: {fact.Value}").Prepend(Headline(notice)));

    /// <summary>One line of at most this length: a value cannot forge further lines.</summary>
    public static string Value(string text, int longest = LongestValue) =>
        Shorten(PrintableText.Of(text.ReplaceLineEndings(" ").Trim(), int.MaxValue), longest);

    /// <summary>Cut with an ellipsis, never through a surrogate pair.</summary>
    public static string Shorten(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        var end = longest - 1;
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[..end] + "…";
    }

    private static string? Items(ImmutableArray<string> items) =>
        items.IsEmpty
            ? null
            : string.Join("; ", items.Take(MostItems))
                + (items.Length > MostItems ? $"; and {items.Length - MostItems} more" : "");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
