using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: the release services that do their work once for each release and end, such as a migration.</summary>
internal static class OneOffs
{
    /// <summary>How long one may take where the file does not say.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(10);

    /// <summary>How long one may take where the file is not known any more.</summary>
    public static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(1);

    /// <summary>
    /// What images do their work and end, by the last parts of their names, and what commands do: setting up and
    /// migrating, as their makers' documentation has them run.
    /// </summary>
    private static readonly HashSet<string> Images = new(StringComparer.Ordinal)
    {
        "minio/mc",
        "migrate/migrate",
        "flyway/flyway",
        "redgate/flyway",
        "liquibase/liquibase",
        "amacneil/dbmate",
        "ghcr.io/amacneil/dbmate",
    };

    private static readonly HashSet<string> Commands = new(StringComparer.Ordinal)
    {
        "chmod",
        "chown",
        "cp",
        "install",
        "ln",
        "mkdir",
        "mv",
        "rm",
        "touch",
        "true",
    };

    /// <summary>Whether a service that says nothing of restarts is known to end, by its image or its command.</summary>
    public static bool LooksLikeOne(JsonObject service)
    {
        if (service["restart"] is not null || service["deploy"].At("restart_policy") is not null)
            return false;
        var image = (service["image"].AsText() ?? "").Split('@')[0];
        if (image.LastIndexOf(':') is var tag && tag > image.LastIndexOf('/'))
            image = image[..tag];
        var words = (service["entrypoint"] as JsonArray ?? [])
            .Concat(service["command"] as JsonArray ?? [])
            .Select(word => word.AsText())
            .FirstOrDefault();
        return Images.Contains(image)
            || Images.Contains(string.Join('/', image.Split('/').TakeLast(2)))
            || words is not null && Commands.Contains(words[(words.LastIndexOf('/') + 1)..]);
    }

    /// <summary>All of an application's, each behind those that it waits for, be it by way of other services.</summary>
    public static IEnumerable<string> InOrder(Application app)
    {
        var oneOffs = app.OneOffs.Select(service => service.Name).ToHashSet();
        var seen = new HashSet<string>();
        return app.OneOffs.SelectMany(service => Behind(service.Name)).ToList();

        IEnumerable<string> Behind(string name) =>
            !seen.Add(name)
                ? []
                : DependenciesOf(app, name).SelectMany(Behind).Concat(oneOffs.Contains(name) ? [name] : []).ToList();
    }

    /// <summary>The release services that wait for one.</summary>
    public static IEnumerable<string> WaitingFor(Application app, string name) =>
        app.Services.Select(service => service.Name).Where(service => DependenciesOf(app, service).Contains(name));

    /// <summary>What a dry run says of them: `migrate (once, before web)`.</summary>
    public static string Describe(Application app) =>
        string.Join(
            ", ",
            InOrder(app)
                .Select(name =>
                    $"{name} (once{(string.Join(", ", WaitingFor(app, name)) is { Length: > 0 } waiting ? $", before {waiting}" : "")})"
                )
        );

    private static IEnumerable<string> DependenciesOf(Application app, string service) =>
        (app.Document["services"].At(service).At("depends_on") as JsonObject ?? []).Select(dependency =>
            dependency.Key
        );
}
