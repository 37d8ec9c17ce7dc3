using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>What a plan changes besides the release's name and its images' content.</summary>
/// <param name="Service">The service that it is of.</param>
/// <param name="Setting">`environment DATABASE_URL`, `memory limit`, `mount /data`, `port 8443`; null: the service
/// itself.</param>
/// <param name="Before">What it was; null: it was not there.</param>
/// <param name="After">What it will be; null: it will not be there. Of a value that is not to be shown both are
/// empty.</param>
public sealed record ConfigurationChange(string Service, string? Setting, string? Before, string? After)
{
    /// <summary>`+`, `-` or `~`, the setting, and its texts as far as they may be shown.</summary>
    public override string ToString() =>
        (Before, After) switch
        {
            (null, { Length: > 0 } after) => $"+ {What}: {after}",
            (null, _) => $"+ {What}",
            ({ Length: > 0 } before, null) => $"- {What}: {before}",
            (_, null) => $"- {What}",
            ({ Length: > 0 } before, { Length: > 0 } after) => $"~ {What}: {before} -> {after}",
            _ => $"~ {What}",
        };

    private string What => Setting ?? "service";
}

/// <summary>Pure: how the configuration of an application differs from that of the release that users have.</summary>
internal static class ConfigurationChanges
{
    /// <returns>By service; empty: nothing does, or there is no release yet. Of a service that an earlier version
    /// started it is not known.</returns>
    public static ImmutableArray<ConfigurationChange> Of(Application app, Snapshot now)
    {
        if (now.Current is not { } current)
            return [];
        var before = now[current.Slot]
            .Containers.GroupBy(container => container.Service)
            .ToDictionary(service => service.Key, service => service.First());
        if (before.Count == 0)
            return [];
        var after = app.Services.Select(service => service.Name).ToHashSet();
        return
        [
            .. before
                .Keys.Where(service => !after.Contains(service))
                .Order(StringComparer.Ordinal)
                .Select(service => new ConfigurationChange(service, null, "", null)),
            .. after
                .Order(StringComparer.Ordinal)
                .SelectMany(service =>
                    before.TryGetValue(service, out var container)
                        ? Between(container, app, service)
                        : [new ConfigurationChange(service, null, null, "")]
                ),
        ];
    }

    /// <summary>Between two sets of fingerprints by `service setting`.</summary>
    public static ImmutableArray<ConfigurationChange> Between(
        ImmutableSortedDictionary<string, string> before,
        ImmutableSortedDictionary<string, string> after
    ) =>
        [
            .. from entry in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            let was = before.GetValueOrDefault(entry)
            let becomes = after.GetValueOrDefault(entry)
            where was != becomes
            let words = entry.Split(' ', 2)
            select new ConfigurationChange(
                PrintableText.Of(words[0], 80),
                words.Length > 1 ? PrintableText.Of(words[1], 120) : null,
                was is null ? null : "",
                becomes is null ? null : ""
            ),
        ];

    /// <summary>The lines of a plan, a service's changes below each other.</summary>
    public static IEnumerable<string> Lines(ImmutableArray<ConfigurationChange> changes)
    {
        var width = changes.Select(change => change.Service.Length).DefaultIfEmpty().Max();
        return changes.Select(change => $"{change.Service.PadRight(width)}  {change}");
    }

    private static IEnumerable<ConfigurationChange> Between(Container container, Application app, string service)
    {
        if (ServiceSettings.FromLabel(container.Label(Naming.ConfigurationLabel)) is not { } before)
            return [];
        var after = ServiceSettings.Of(app, service);
        var settings =
            from name in before.Settings.Keys.Union(after.Settings.Keys).Order(StringComparer.Ordinal)
            let was = before.Settings.GetValueOrDefault(name)
            let becomes = after.Settings.GetValueOrDefault(name)
            where was != becomes
            select new ConfigurationChange(service, name, Shown(was), Shown(becomes));
        var values = ServiceSettings.VariablesOf(app, service);
        var variables =
            from name in before.Variables.Union(after.Variables)
            let was = before.Variables.Contains(name)
            let becomes = after.Variables.Contains(name)
            where was != becomes || container.Variables.TryGetValue(name, out var had) && had != values[name]
            select new ConfigurationChange(service, $"environment {name}", was ? "" : null, becomes ? "" : null);
        return settings.Concat(variables);
    }

    private static string? Shown(string? text) => text is not null && ServiceSettings.IsFingerprint(text) ? "" : text;
}
