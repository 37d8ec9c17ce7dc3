using System.Globalization;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components.Reports;

/// <summary>Pure: what Status says of a canary that is at work, or that its deployer has left.</summary>
internal static class CanaryReport
{
    /// <summary>The canary that has a part of the users now; null: none.</summary>
    public static JsonObject? ToJson(Snapshot now, LockHolder? holder) =>
        Of(now) is not var (release, percent, terms)
            ? null
            : new JsonObject
            {
                ["tag"] = release.Tag,
                ["percent"] = percent,
                ["shares"] = new JsonArray([.. terms.Shares.Select(share => (JsonNode)share)]),
                ["bakeSeconds"] = terms.Bake.TotalSeconds,
                ["judgement"] = Judgement(now),
                ["running"] = holder is not null,
            };

    /// <summary>A line; null: there is no canary.</summary>
    public static string? ToText(Snapshot now, LockHolder? holder)
    {
        if (Of(now) is not var (release, percent, _))
            return null;
        var next = holder is not null
            ? "./build.sh Promote, Hold or Abort"
            : "its deployer died, the share stays: ./build.sh Promote or Recover goes on, Abort goes back";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  canary    {percent}% of the visitors have {PrintableText.Of(release.Tag, 130)}{(Judgement(now) is { } said ? $" ({PrintableText.Of(said)})" : "")}; {next}"
        );
    }

    /// <summary>Whether the traffic is shared because that is meant.</summary>
    public static bool IsThere(Snapshot now) => Of(now) is not null;

    private static (Release Release, int Percent, CanaryTerms Terms)? Of(Snapshot now) =>
        now.Journal.Interrupted is { Canary: { } terms } deploy
        && CanaryRecovery.PercentOf(now, deploy.Slot) is > 0 and < 100 and var percent
            ? (deploy.Release, percent, terms)
            : null;

    private static string? Judgement(Snapshot now) =>
        now.Journal.Interrupted is { } deploy
            ? now
                .Journal.Records.LastOrDefault(record =>
                    record.Kind == JournalKind.Canary && record.Deploy == deploy.Deploy
                )
                ?.Reason
            : null;
}
