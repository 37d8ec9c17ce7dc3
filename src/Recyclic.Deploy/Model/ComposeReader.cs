using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: the team's compose model in, an <see cref="Application"/> or every mistake at once out.</summary>
public static partial class ComposeReader
{
    /// <param name="engineIsLocal">False: the engine cannot see this machine's files: they go with the release, or are
    /// its host's own.</param>
    /// <exception cref="ConfigurationException">Every mistake found, each with its place and its mend.</exception>
    public static Application Read(ComposeModel compose, bool engineIsLocal) =>
        ComposeJson.Reading(compose.File, () => ReadChecked(compose, engineIsLocal));

    private static Application ReadChecked(ComposeModel compose, bool engineIsLocal)
    {
        var problems = new List<ConfigurationProblem>();
        var warnings = new List<string>();
        var (started, idle) = IdleServices.LeaveOut(compose.Resolved);
        compose = compose with { Resolved = started };
        var (settled, random) = RandomPorts.Settle(compose.Resolved, compose.Choice.IsReleased);
        compose = compose with { Resolved = settled };
        warnings.AddRange([.. idle, .. random]);
        var name = compose.Resolved["name"].AsText() ?? "";
        if (!Naming.IsValid(name))
            problems.Add(
                new(
                    "--project",
                    $"'{name}' cannot be an application's name",
                    "Use 1 to 40 lower-case letters, digits, '-' and '_', beginning with a letter or digit."
                )
            );

        var resolved = compose.Resolved["services"] as JsonObject ?? [];
        var readers = resolved
            .Where(service => service.Value is JsonObject)
            .Select(service => new ServiceReader(
                service.Key,
                (JsonObject)service.Value!,
                compose,
                [.. compose.MissingFiles[service.Key]],
                problems,
                warnings
            ))
            .ToList();
        var choice = compose.Choice;
        // Of a guess that is refused nothing further is said.
        var isHidden = choice.IsGuess && !compose.Hidden.IsEmpty;
        var releases = readers.Where(reader => !isHidden && choice.IsReleased(reader.Name)).ToList();
        problems.AddRange(ChoiceProblems(compose, choice));
        if (compose.UnsetVariables is { IsEmpty: false } unset)
        {
            var names = string.Join(", ", unset);
            if (compose.IsStrict)
                problems.Add(
                    new(
                        compose.File,
                        $"{(unset.Length == 1 ? $"the variable {names} is" : $"the variables {names} are")} not set",
                        "Set them in the environment or in .env, or give a default: ${NAME:-…}. A dollar sign that is meant as such is written $$."
                    )
                );
            else
                warnings.Add(
                    $"{(unset.Length == 1 ? "a variable that is" : "variables that are")} not set {(unset.Length == 1 ? "counts" : "count")} as empty: {names}"
                );
        }
        if (choice.IsGuess && releases.Count > 0)
            warnings.Add(FileNote(choice));
        foreach (var reader in readers)
            reader.CheckName();
        foreach (var reader in releases)
            reader.CheckReleaseService(engineIsLocal);
        foreach (var reader in readers.Except(releases))
            reader.CheckAccessory(engineIsLocal);

        var services = releases.Select(reader => reader.ReadReleaseService(compose.Resolved)).ToImmutableArray();
        var accessories = readers.Except(releases).Select(reader => reader.ReadAccessory()).ToImmutableArray();
        if (!services.IsEmpty && services.All(service => service.OneOff is not null))
            problems.Add(
                new(
                    compose.File,
                    $"no release service stays up: {string.Join(", ", services.Select(service => service.Name))} {(services.Length == 1 ? "ends by itself" : "end by themselves")}, once for each release",
                    "If one stays up, say so: x-recyclic: { one-off: false } in it. Work that belongs to no release needs no deploy: docker compose run <service>."
                )
            );
        var ports = PortMode.Settle(
            releases.Where(reader => !reader.IsOneOff).SelectMany(reader => reader.ReadPorts())
        );
        var routes = ports.Select(port => port.Route).ToImmutableArray();
        problems.AddRange(RouteConflicts(routes, compose.File));
        if (routes.IsEmpty)
            problems.AddRange(
                services
                    .Where(service => service.Probe is not null)
                    .Select(service => new ConfigurationProblem(
                        $"{compose.File}: services.{service.Name}",
                        "it has x-recyclic.health, but nothing is published, so there is no edge that could ask it",
                        "Give it a healthcheck that its container runs itself, or x-recyclic: { settle: 10s }."
                    ))
            );
        problems.AddRange(
            from accessory in readers.Except(releases)
            from port in accessory.PublishedPorts.Distinct()
            let taken = routes.FirstOrDefault(route => route.Published.ToString(CultureInfo.InvariantCulture) == port)
            where taken is not null
            select new ConfigurationProblem(
                compose.File,
                $"port {port} is published by {taken.Service} and {accessory.Name}",
                "Give each service a port of its own."
            )
        );
        if (problems.Count > 0)
            throw new ConfigurationException([.. problems]);
        return OneWriter.Decided(
            new Application(name, services, accessories, routes, compose.Resolved, [.. warnings])
            {
                IsFileRelease = choice.IsFile,
                Ports = ports,
                Certificates =
                [
                    .. releases
                        .SelectMany(reader => reader.Certificates)
                        .DistinctBy(certificate => certificate.State.Name),
                ],
                Obtains =
                [
                    .. releases.SelectMany(reader => reader.Obtains).DistinctBy(certificate => certificate.Name),
                ],
                Files = compose.Files.Of(services.Select(service => service.Name)),
                Variables = compose.Variables,
                AccessoryFiles = compose.Files.Of(accessories.Select(accessory => accessory.Name)),
            }
        );
    }

    /// <summary>Whether some service waits for this one to end well before it starts.</summary>
    public static bool MustComplete(JsonObject services, string name) =>
        services.Any(service =>
            service.Value.At("depends_on").At(name).At("condition").AsText() == "service_completed_successfully"
        );

    private static IEnumerable<ConfigurationProblem> ChoiceProblems(ComposeModel compose, ReleaseChoice choice)
    {
        var services = compose.Resolved["services"] as JsonObject ?? [];
        foreach (var unknown in (compose.Asked ?? []).Where(name => !services.ContainsKey(name)))
            yield return new(
                "--release",
                $"there is no service {PrintableText.Of(unknown, 60)}",
                $"Name services of the file: {string.Join(", ", services.Select(service => service.Key))}."
            );
        if (choice.IsGuess && services.Count == 0 && !compose.Hidden.IsEmpty)
            yield return new(
                compose.File,
                $"each of its services belongs to a profile that is not enabled: {string.Join(", ", compose.Hidden.Keys)}",
                $"Enable what you want to run, as for compose: --compose-profile <name>, of {string.Join(", ", compose.Hidden.Values.SelectMany(profiles => profiles).Distinct())}."
            );
        else if (choice.IsGuess && !compose.Hidden.IsEmpty)
            yield return new(
                compose.File,
                $"no release service: {string.Join(", ", compose.Hidden.Keys)} belong to profiles that are not enabled",
                $"Enable them: COMPOSE_PROFILES={string.Join(',', compose.Hidden.Values.SelectMany(profiles => profiles).Distinct())}."
            );
        else if (compose.IsTagVariableGiven && !services.Any(service => compose.TagUsers.Contains(service.Key)))
            yield return new(
                compose.File,
                $"no image uses the tag variable {compose.TagVariable}",
                $"Write the images that you build with it, for example `image: team/api:${{{compose.TagVariable}}}`; or name the variable that they use: --tag-variable <name>, or at the top of the file x-recyclic: {{ tag-variable: <name> }}."
            );
        else if (choice.Released.IsEmpty)
            yield return new(
                compose.File,
                $"no release service: {(choice.Reasons.IsEmpty ? "there is none that the file or the command line releases" : string.Join(", ", choice.Reasons.Select(reason => $"{reason.Key} ({reason.Value})")))}",
                $"Write the images that you build with the tag variable, for example `image: team/api:${{{compose.TagVariable}}}`: a deploy of them sets {compose.TagVariable}. Or say what is released: --release <service>, or x-recyclic: {{ release: true }} in it."
            );
    }

    /// <summary>What is said where nobody has said what is released.</summary>
    private static string FileNote(ReleaseChoice choice)
    {
        var reasons = string.Join(
            ", ",
            choice
                .Reasons.Where(reason => choice.Accessories.Contains(reason.Key))
                .Select(reason => $"{reason.Key}: {reason.Value}")
        );
        return $"no tag names the images, so the file itself is the release, its images as written; {choice}{(reasons.Length > 0 ? $" ({reasons})" : "")}; to choose otherwise: --release <services>, or x-recyclic: {{ release: true|false }}";
    }

    private static IEnumerable<ConfigurationProblem> RouteConflicts(ImmutableArray<Route> routes, string file) =>
        from port in routes.GroupBy(route => route.Published)
        where
            port.Any(route => route.Mode != RouteMode.Http) && port.Count() > 1
            || port.GroupBy(route => (route.Host?.ToLowerInvariant(), route.Path)).Any(same => same.Count() > 1)
        select new ConfigurationProblem(
            file,
            $"port {port.Key} is published by {string.Join(" and ", port.Select(r => r.Service).Distinct())}",
            "Give each service a port of its own, or share an HTTP port by `x-recyclic: { host: …, path: … }`."
        );

    /// <summary>Reads a compose duration such as `1m30s` or `500ms`.</summary>
    public static TimeSpan? ParseDuration(string? text)
    {
        if (string.IsNullOrEmpty(text) || !Duration().IsMatch(text))
            return null;
        var total = DurationPart()
            .Matches(text)
            .Sum(part =>
                double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
                * part.Groups[2].Value switch
                {
                    "h" => 3_600_000,
                    "m" => 60_000,
                    "s" => 1_000,
                    "ms" => 1,
                    "us" => 0.001,
                    _ => 0.000001,
                }
            );
        return total > TimeSpan.FromDays(7).TotalMilliseconds ? null : TimeSpan.FromMilliseconds(total);
    }

    [GeneratedRegex(@"\A(\d+(\.\d+)?(h|ms|m|s|us|ns)){1,6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPart();
}
