using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: what is on the host, as JSON by the contract and as text for a person.</summary>
internal static class StatusReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string ToJson(
        Snapshot now,
        string environment,
        LockHolder? holder,
        DateTimeOffset at,
        ImmutableArray<string> lost = default
    ) =>
        new JsonObject
        {
            ["app"] = now.App,
            ["environment"] = environment,
            ["slot"] = now.Serving?.Name(),
            ["share"] = now.IsRouted ? now.Share ?? now.FileShare : null,
            ["canary"] = CanaryReport.ToJson(now, holder),
            ["release"] = now.Current is { } current ? ReleaseOf(current) : null,
            ["previous"] = now.Journal.Previous is { } previous
                ? ReleaseOf(previous, RollbackTarget.StateOf(previous, now), lost)
                : null,
            ["problems"] = Strings(ServiceReport.Problems(now)),
            ["services"] = new JsonArray([.. Services(now)]),
            ["edge"] = new JsonObject
            {
                ["healthy"] = IsEdgeHealthy(now) || HasNoEdge(now),
                ["ports"] = Strings(now.Published),
                ["haproxy"] = now.Edge.Version is { Length: > 0 } version ? version : null,
                ["builtAt"] = now.Edge.Built?.UtcDateTime.ToString(
                    "yyyy-MM-ddTHH:mm:ss.fffZ",
                    CultureInfo.InvariantCulture
                ),
            },
            ["certificates"] = CertificateReport.ArrayOf(now.Certificates, at),
            ["lock"] = holder is null
                ? null
                : new JsonObject
                {
                    ["holder"] = holder.By,
                    ["since"] = holder.Since.UtcDateTime.ToString(
                        "yyyy-MM-ddTHH:mm:ss.fffZ",
                        CultureInfo.InvariantCulture
                    ),
                },
            ["interrupted"] = Interrupted(now, holder) is { } dead
                ? new JsonObject
                {
                    ["id"] = dead.Deploy,
                    ["kind"] = Kind(dead.Operation),
                    ["tag"] = dead.Release.Tag,
                    ["by"] = dead.By,
                    ["startedAt"] = dead.StartedAt.UtcDateTime.ToString(
                        "yyyy-MM-ddTHH:mm:ss.fffZ",
                        CultureInfo.InvariantCulture
                    ),
                    ["step"] = dead.Step,
                }
                : null,
        }.ToJsonString(Indented);

    /// <param name="environment">The environment's name; `local` goes without saying.</param>
    /// <param name="lost">What <see cref="LostImages"/> gives; default: it was not looked at.</param>
    public static string ToText(
        Snapshot now,
        LockHolder? holder,
        DateTimeOffset at,
        string environment = "local",
        ImmutableArray<string> lost = default
    )
    {
        var text = new StringBuilder();
        var app = environment == "local" ? now.App : $"{now.App} ({environment})";
        text.Append(
            now.Current is { } live
                ? $"{app}: {NameOf(now, live)} on {live.Slot.Name()}, live for {RollbackTarget.Age(at - live.At)}, by {PrintableText.Of(live.By, 200)}\n"
                : $"{app}: nothing is deployed\n"
        );
        if (CanaryReport.ToText(now, holder) is { } canary)
            text.Append(canary).Append('\n');
        if (now.Current is not null)
            foreach (var problem in ServiceReport.Problems(now))
                text.Append($"  problem   {problem}\n");
        if (ServiceReport.Mend(now) is { } mend)
            text.Append($"  next      {mend}\n");
        if (now.Journal.Previous is { } previous)
            text.Append(
                $"  previous  {NameOf(now, previous)}, {RollbackTarget.StateOf(previous, now)}{(RollbackTarget.IsReachable(now, previous) ? "" : ", behind a contract migration: no rollback goes there")}{(lost.IsDefaultOrEmpty ? "" : $", gone for {PrintableText.Of(string.Join(", ", lost), 200)}: a rollback needs --registry, or a build of that version")}\n"
            );
        text.Append(
            $"  edge      {(HasNoEdge(now) ? "none: nothing is published" : IsEdgeHealthy(now) ? "healthy" : now.Edge.IsRunning ? "not well" : now.Edge.Exists ? "not running" : "absent")}{(now.Published.IsEmpty ? "" : $", ports {string.Join(", ", now.Published)}")}{(EdgeAge.Describe(now.Edge, at) is { } age ? $"; {age}" : "")}\n"
        );
        foreach (var certificate in now.Certificates)
            text.Append($"  tls       {CertificateReport.Line(certificate, at)}\n");
        foreach (var slot in new[] { now.Blue, now.Green })
            text.Append(Lines(slot.Slot.Name(), slot.Containers));
        text.Append(Lines("accessory", now.Accessories.Except(AdoptionReport.Stopped(now))));
        text.Append(AdoptionReport.Line(now));
        if (holder is not null)
            text.Append($"  lock      {holder.By}, since {holder.Since:yyyy-MM-dd HH:mm:ss} UTC\n");
        if (Interrupted(now, holder) is { } dead)
            text.Append(
                $"  interrupted  {Kind(dead.Operation)} of {dead.Release.Tag} by {PrintableText.Of(dead.By, 200)}, died at: {(dead.Step is { } step ? PrintableText.Of(step) : null) ?? "its start"}; the next deploy, or ./build.sh Recover, puts it right\n"
            );
        return text.ToString().TrimEnd();
    }

    /// <summary>Containers of one service that are alike are one line, with their number.</summary>
    private static string Lines(string place, IEnumerable<Container> containers) =>
        string.Concat(
            containers
                .GroupBy(container =>
                    $"  {place, -9} {PrintableText.Of(container.Service, 60), -12} {PrintableText.Of(container.Label(Naming.TagLabel) ?? "", 130), -14} {StateOf(container)}{(container.IsRunning && container.Health != "none" ? ", " + container.Health : "")}"
                )
                .Select(alike => $"{alike.Key}{(alike.Count() > 1 ? $" (× {alike.Count()})" : "")}\n")
        );

    /// <summary>
    /// A one-off that has ended has not crashed, and one of a release that was gone back to was not meant to run.
    /// </summary>
    private static string StateOf(Container container) =>
        container switch
        {
            { IsOneOff: true, State: "exited", ExitCode: 0 } => "one-off, done",
            { IsOneOff: true } => $"one-off, {container.State}",
            _ => container.State,
        };

    private static string NameOf(Snapshot now, Commitment commitment) =>
        PrintableText.Of(now.Journal.NameOf(commitment.Release.Id, commitment.Release.Tag), 160);

    /// <summary>
    /// A deploy without an end is interrupted only when nobody holds the lock: otherwise it is at work.
    /// </summary>
    private static InterruptedDeploy? Interrupted(Snapshot now, LockHolder? holder) =>
        holder is null ? now.Journal.Interrupted : null;

    /// <summary>Whether it is as it should be that there is none.</summary>
    private static bool HasNoEdge(Snapshot now) => now is { IsRouted: false, Current: not null };

    private static bool IsEdgeHealthy(Snapshot now) =>
        now.Edge.IsRunning && now.Share is not null && now.Unreached.IsEmpty;

    private static JsonObject ReleaseOf(
        Commitment commitment,
        string? state = null,
        ImmutableArray<string> lost = default
    )
    {
        var release = new JsonObject
        {
            ["id"] = commitment.Release.Id,
            ["tag"] = commitment.Release.Tag,
            ["images"] = new JsonObject(
                commitment.Release.Images.Select(image =>
                    KeyValuePair.Create(image.Key, (JsonNode?)ImageOf(image.Value))
                )
            ),
            ["deployedAt"] = commitment.At.UtcDateTime.ToString(
                "yyyy-MM-ddTHH:mm:ss.fffZ",
                CultureInfo.InvariantCulture
            ),
            ["by"] = commitment.By,
        };
        if (state is not null)
            release["state"] = state;
        if (!lost.IsDefaultOrEmpty)
            release["missing"] = Strings(lost);
        return release;
    }

    private static JsonObject ImageOf(ImageRef image)
    {
        var json = new JsonObject { ["reference"] = image.Reference, ["digest"] = image.Digest };
        if (image.RegistryDigest is { } digest)
            json["registryDigest"] = digest;
        return json;
    }

    private static IEnumerable<JsonNode> Services(Snapshot now) =>
        new[] { now.Blue, now.Green }
            .SelectMany(slot =>
                slot.Containers.GroupBy(container => container.Service)
                    .Select(group => Service(group.Key, slot.Slot.Name(), group))
            )
            .Concat(
                now.Accessories.GroupBy(container => container.Service).Select(group => Service(group.Key, null, group))
            );

    private static JsonObject Service(string name, string? slot, IEnumerable<Container> containers) =>
        new JsonObject
        {
            ["name"] = name,
            ["slot"] = slot,
            ["containers"] = new JsonArray([
                .. containers.Select(container =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = container.Id,
                            ["state"] = container.State,
                            ["health"] = container.Health,
                            ["image"] = container.Image,
                        }
                ),
            ]),
        };

    private static JsonArray Strings(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string Kind(Operation operation) => operation == Operation.Deploy ? "deploy" : "rollback";
}
