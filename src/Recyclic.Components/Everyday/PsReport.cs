using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>
/// Pure: the containers of an application, a line each: those of the release that serves, those that are kept, what all
/// releases share, and the edge.
/// </summary>
internal static class PsReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly string[] Headings = ["SERVICE", "WHAT", "RELEASE", "STATE", "UP", "PORTS"];

    /// <param name="Place">`serving`, `previous`, `canary`, `idle`, `accessory` or `edge`.</param>
    /// <param name="Ports">What the host publishes of it.</param>
    private sealed record Line(
        string Service,
        int Replica,
        string Place,
        Slot? Slot,
        Container Container,
        ImmutableArray<string> Ports
    );

    /// <param name="only">The services that were asked for; empty: all.</param>
    public static string ToText(Snapshot now, ImmutableArray<string> only, DateTimeOffset at)
    {
        var lines = Lines(now, only).ToList();
        var replicas = lines.GroupBy(line => (line.Service, line.Slot)).ToDictionary(g => g.Key, g => g.Count());
        var rows = lines
            .Select(line =>
                new[]
                {
                    PrintableText.Of(line.Service, 60)
                        + (replicas[(line.Service, line.Slot)] > 1 ? $" {line.Replica}" : ""),
                    line.Place,
                    PrintableText.Of(line.Container.Label(Naming.TagLabel) ?? "-", 60),
                    StateOf(line.Container),
                    line.Container.IsRunning && line.Container.StartedAt != default
                        ? RollbackTarget.Age(at - line.Container.StartedAt)
                        : "-",
                    line.Ports.IsEmpty ? "-" : string.Join(", ", line.Ports),
                }
            )
            .ToList();
        if (only.IsEmpty && now.Edge.Exists)
            rows.Add([
                "-",
                "edge",
                "-",
                now.Edge.IsRunning ? "running" : "not running",
                "-",
                now.Published.IsEmpty ? "-" : string.Join(", ", now.Published),
            ]);
        if (rows.Count == 0)
            return $"{now.App}: nothing is deployed";
        rows.Insert(0, Headings);
        var widths = Headings.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        return string.Join(
            '\n',
            rows.Select(row => string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd())
        );
    }

    /// <inheritdoc cref="ToText"/>
    public static string ToJson(Snapshot now, ImmutableArray<string> only, string environment) =>
        new JsonObject
        {
            ["app"] = now.App,
            ["environment"] = environment,
            ["containers"] = new JsonArray([.. Lines(now, only).Select(line => (JsonNode)Node(line))]),
            ["edge"] = new JsonObject { ["running"] = now.Edge.IsRunning, ["ports"] = Strings(now.Published) },
        }.ToJsonString(Indented);

    private static JsonObject Node(Line line) =>
        new()
        {
            ["service"] = line.Service,
            ["replica"] = line.Replica,
            ["what"] = line.Place,
            ["slot"] = line.Slot?.Name(),
            ["release"] = line.Container.Label(Naming.ReleaseLabel),
            ["tag"] = line.Container.Label(Naming.TagLabel),
            ["id"] = line.Container.Id,
            ["name"] = line.Container.Name,
            ["state"] = line.Container.State,
            ["health"] = line.Container.Health,
            ["exitCode"] = line.Container.ExitCode,
            ["startedAt"] =
                line.Container.StartedAt == default
                    ? null
                    : line.Container.StartedAt.UtcDateTime.ToString(
                        "yyyy-MM-ddTHH:mm:ss.fffZ",
                        CultureInfo.InvariantCulture
                    ),
            ["image"] = line.Container.Image,
            ["ports"] = Strings(line.Ports),
        };

    private static IEnumerable<Line> Lines(Snapshot now, ImmutableArray<string> only)
    {
        var serving = now.Current?.Slot;
        IEnumerable<Slot> slots = serving is { } first ? [first, first.Other()] : [Slot.Blue, Slot.Green];
        return slots
            .SelectMany(slot =>
                Ordered(now[slot].Containers)
                    .Select(container => new Line(
                        container.Service,
                        ServiceChoice.ReplicaOf(container),
                        PlaceOf(now, slot, container),
                        slot,
                        container,
                        slot == serving ? PublishedFor(container) : container.Published
                    ))
            )
            .Concat(
                Ordered(now.Accessories)
                    .Select(container => new Line(
                        container.Service,
                        ServiceChoice.ReplicaOf(container),
                        "accessory",
                        null,
                        container,
                        container.Published
                    ))
            )
            .Where(line => only.IsEmpty || only.Contains(line.Service));
    }

    private static IEnumerable<Container> Ordered(IEnumerable<Container> containers) =>
        containers.OrderBy(container => container.Service, StringComparer.Ordinal).ThenBy(ServiceChoice.ReplicaOf);

    private static string PlaceOf(Snapshot now, Slot slot, Container container) =>
        slot == now.Current?.Slot ? "serving"
        : now.Share is > 0 and < 100 ? "canary"
        : now.Journal.Previous is { } previous && container.Label(Naming.ReleaseLabel) == previous.Release.Id
            ? "previous"
        : "idle";

    /// <summary>The edge answers there in its place.</summary>
    private static ImmutableArray<string> PublishedFor(Container container) =>
        [
            .. Route
                .FromLabel(container.Label(Naming.RoutesLabel))
                .Where(route => !route.IsInside)
                .Select(route =>
                    (route.HostAddress is { } address ? address + ":" : "")
                    + route.Published.ToString(CultureInfo.InvariantCulture)
                )
                .Concat(container.Published)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static string StateOf(Container container) =>
        container switch
        {
            { IsOneOff: true, HasEndedWell: true } => "done",
            { State: "exited" } => $"exited ({container.ExitCode})",
            { IsRunning: true, Health: not "none" } => container.Health,
            _ => container.State,
        };

    private static JsonArray Strings(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
