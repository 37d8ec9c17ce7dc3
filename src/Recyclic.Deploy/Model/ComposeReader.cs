using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>What `docker compose config` says of the team's files.</summary>
/// <param name="Resolved">The model with all variables filled in.</param>
/// <param name="Raw">The model of all profiles as written, with `${…}` left in place and extensions kept.</param>
/// <param name="UnsetVariables">Names that compose replaced by a blank.</param>
public sealed record ComposeModel(JsonObject Resolved, JsonObject Raw, ImmutableArray<string> UnsetVariables, string File)
{
    /// <summary>By service: what it mounts of this machine and what is not there.</summary>
    public ILookup<string, string> MissingFiles { get; init; } = Array.Empty<string>().ToLookup(path => path);
}

/// <summary>Pure: the team's compose model in, an <see cref="Application"/> or every mistake at once out.</summary>
public static partial class ComposeReader
{
    public const string TagVariable = "TAG";

    /// <param name="engineIsLocal">False: the engine cannot see this machine's files, so bind mounts of them are refused.</param>
    /// <exception cref="ConfigurationException">Every mistake found, each with its place and its mend.</exception>
    public static Application Read(ComposeModel compose, bool engineIsLocal) => ComposeJson.Reading(compose.File, () => ReadChecked(compose, engineIsLocal));

    private static Application ReadChecked(ComposeModel compose, bool engineIsLocal)
    {
        var problems = new List<ConfigurationProblem>();
        var warnings = new List<string>();
        var name = compose.Resolved["name"].AsText() ?? "";
        if (!Naming.IsValid(name))
            problems.Add(new("--project", $"'{name}' cannot be an application's name", "Use 1 to 40 lower-case letters, digits, '-' and '_', beginning with a letter or digit."));

        var resolved = compose.Resolved["services"] as JsonObject ?? [];
        var raw = compose.Raw["services"] as JsonObject ?? [];
        var readers = resolved.Where(service => service.Value is JsonObject)
            .Select(service => new ServiceReader(service.Key, (JsonObject)service.Value!, raw[service.Key] as JsonObject ?? [], compose.File, [.. compose.MissingFiles[service.Key]], problems, warnings))
            .ToList();
        var releases = readers.Where(reader => IsReleaseService(reader.Raw)).ToList();
        problems.AddRange(UnsetVariables(compose, resolved));
        if (releases.Count == 0) problems.Add(NoReleaseService(compose, resolved, raw));
        foreach (var reader in readers) reader.CheckName();
        foreach (var reader in releases) reader.CheckReleaseService(engineIsLocal, MustComplete(resolved, reader.Name));
        foreach (var reader in readers.Except(releases)) reader.CheckAccessory(engineIsLocal);
        warnings.AddRange(from reader in releases
                          from network in SlotModel.ExternalNetworksOf(compose.Resolved, reader.Name)
                          select $"{reader.Name} is on the external network {network}: whoever calls it there, not by its published port, may reach either release while both run");

        var services = releases.Select(reader => reader.ReadReleaseService(compose.Resolved)).ToImmutableArray();
        var accessories = readers.Except(releases).Select(reader => reader.ReadAccessory()).ToImmutableArray();
        var routes = releases.SelectMany(reader => reader.ReadRoutes()).ToImmutableArray();
        problems.AddRange(RouteConflicts(routes, compose.File));
        problems.AddRange(from accessory in readers.Except(releases)
                          from port in accessory.PublishedPorts.Distinct()
                          let taken = routes.FirstOrDefault(route => route.Published.ToString(CultureInfo.InvariantCulture) == port)
                          where taken is not null
                          select new ConfigurationProblem(compose.File, $"port {port} is published by {taken.Service} and {accessory.Name}", "Give each service a port of its own."));
        if (problems.Count > 0) throw new ConfigurationException([.. problems]);
        return new Application(name, services, accessories, routes, compose.Resolved, [.. warnings]);
    }

    /// <summary>Whether some service waits for this one to end well before it starts.</summary>
    public static bool MustComplete(JsonObject services, string name) =>
        services.Any(service => service.Value.At("depends_on").At(name).At("condition").AsText() == "service_completed_successfully");

    private static ConfigurationProblem NoReleaseService(ComposeModel compose, JsonObject resolved, JsonObject raw)
    {
        var hidden = raw.Where(s => IsReleaseService(s.Value) && !resolved.ContainsKey(s.Key)).Select(s => s.Key).ToList();
        return hidden.Count > 0
            ? new(compose.File, $"no release service: {string.Join(", ", hidden)} belong to profiles that are not enabled", $"Enable them: COMPOSE_PROFILES={string.Join(',', hidden.SelectMany(service => raw[service].At("profiles") as JsonArray ?? []).Select(profile => profile.AsText()).OfType<string>().Distinct())}.")
            : new(compose.File, "no release service: no image uses the tag variable", "Write the images that you build with it, for example `image: team/api:${TAG}`: a deploy of them sets TAG.");
    }

    /// <summary>A variable may lack where nobody reads it: in services of profiles that are not enabled, and in extensions.</summary>
    private static IEnumerable<ConfigurationProblem> UnsetVariables(ComposeModel compose, JsonObject resolved)
    {
        var all = compose.Raw["services"] as JsonObject ?? [];
        var read = all.Where(service => resolved.ContainsKey(service.Key)).Concat(compose.Raw.Where(entry => entry.Key != "services" && !entry.Key.StartsWith("x-", StringComparison.Ordinal))).ToList();
        var unread = all.Where(service => !resolved.ContainsKey(service.Key)).Concat(compose.Raw.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal))).ToList();
        return from variable in compose.UnsetVariables.Distinct()
               where variable != TagVariable
               let users = read.Where(entry => UsesPlainly(entry.Value, variable)).Select(entry => entry.Key).ToList()
               where users.Count > 0 || !unread.Any(entry => UsesPlainly(entry.Value, variable))
               select new ConfigurationProblem(compose.File, $"the variable {variable} is not set; it is used in {(users.Count > 0 ? string.Join(", ", users) : "an env_file or .env")}",
                   $"Set it in the environment or in .env, or give a default: ${{{variable}:-…}}. A dollar sign that is meant as such is written $$.");
    }

    private static IEnumerable<ConfigurationProblem> RouteConflicts(ImmutableArray<Route> routes, string file) =>
        from port in routes.GroupBy(route => route.Published)
        where port.Any(route => route.Mode == RouteMode.Tcp) && port.Count() > 1
            || port.GroupBy(route => (route.Host?.ToLowerInvariant(), route.Path)).Any(same => same.Count() > 1)
        select new ConfigurationProblem(file, $"port {port.Key} is published by {string.Join(" and ", port.Select(r => r.Service).Distinct())}",
            "Give each service a port of its own, or share an HTTP port by `x-recyclic: { host: …, path: … }`.");

    /// <summary>Whether a service, as written, exists once per slot: by `x-recyclic: { release: … }`, and by its image where that says nothing.</summary>
    public static bool IsReleaseService(JsonNode? service) => service.At("x-recyclic").At("release") is JsonValue given && given.GetValueKind() is JsonValueKind.True or JsonValueKind.False
        ? given.GetValueKind() == JsonValueKind.True
        : UsesTag(service.At("image"));

    /// <summary>Whether an image, as written, uses the tag variable: then its service is a release service.</summary>
    public static bool UsesTag(JsonNode? image) => UsesVariable(image, TagVariable);

    private static bool UsesVariable(JsonNode? node, string variable) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String
        && Regex.IsMatch(Unescaped(value), $@"\$(\{{{variable}\b|{variable}\b)", RegexOptions.CultureInvariant);

    /// <summary>Whether some string of a model uses a variable without a default or an alternative.</summary>
    private static bool UsesPlainly(JsonNode? node, string variable) => node switch
    {
        JsonObject map => map.Any(entry => UsesPlainly(entry.Value, variable)),
        JsonArray list => list.Any(entry => UsesPlainly(entry, variable)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String =>
            Regex.IsMatch(Unescaped(value), $@"\$(\{{{Regex.Escape(variable)}\}}|{Regex.Escape(variable)}\b)", RegexOptions.CultureInvariant),
        _ => false,
    };

    /// <summary>Without the dollar signs that are meant as such.</summary>
    private static string Unescaped(JsonValue value) => value.GetValue<string>().Replace("$$", "", StringComparison.Ordinal);

    /// <summary>Reads a compose duration such as `1m30s` or `500ms`.</summary>
    public static TimeSpan? ParseDuration(string? text)
    {
        if (string.IsNullOrEmpty(text) || !Duration().IsMatch(text)) return null;
        var total = DurationPart().Matches(text).Sum(part =>
            double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * part.Groups[2].Value switch
            {
                "h" => 3_600_000,
                "m" => 60_000,
                "s" => 1_000,
                "ms" => 1,
                "us" => 0.001,
                _ => 0.000001,
            });
        return total > TimeSpan.FromDays(7).TotalMilliseconds ? null : TimeSpan.FromMilliseconds(total);
    }

    [GeneratedRegex(@"\A(\d+(\.\d+)?(h|ms|m|s|us|ns)){1,6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPart();
}
