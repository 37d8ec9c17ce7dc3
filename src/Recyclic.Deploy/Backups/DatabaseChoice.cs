using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Backups;

/// <summary>Pure: which accessory of an application is the PostgreSQL server that is backed up.</summary>
public static class DatabaseChoice
{
    /// <summary>Below `x-recyclic`: true: it is one, whatever its image is called; false: it is left out.</summary>
    public const string Setting = "backup";

    private static readonly HashSet<string> Images = new(StringComparer.Ordinal)
    {
        "postgres",
        "postgresql",
        "postgis",
        "pgvector",
        "pgvecto-rs",
        "vectorchord-postgres",
        "timescaledb",
        "timescaledb-ha",
    };

    /// <summary>The service that is meant.</summary>
    /// <param name="asked">What the command line names; null: nothing.</param>
    /// <exception cref="ConfigurationException">There is none, or there are several.</exception>
    public static string Of(ComposeModel compose, string? asked)
    {
        var services = compose.Resolved["services"] as JsonObject ?? [];
        var released = compose.Choice;
        if (asked is not null)
            return services.ContainsKey(asked) && !released.IsReleased(asked)
                ? asked
                : throw new ConfigurationException(
                    "--backup-service",
                    services.ContainsKey(asked)
                        ? $"{asked} belongs to the release; a database is an accessory"
                        : $"there is no service {PrintableText.Of(asked, 80)}",
                    $"Name one of: {string.Join(", ", released.Accessories)}."
                );
        var found = released.Accessories.Where(name => IsPostgres(compose, services, name)).ToImmutableArray();
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ConfigurationException(
                compose.File,
                "no accessory has an image that is known to be PostgreSQL's",
                "Say which one it is: x-recyclic: { backup: true } in it. Databases other than PostgreSQL are not backed up."
            ),
            _ => throw new ConfigurationException(
                compose.File,
                $"there are several PostgreSQL servers: {string.Join(", ", found)}",
                $"Name one, --backup-service {found[0]}; or leave the others out: x-recyclic: {{ backup: false }}."
            ),
        };
    }

    /// <summary>Whether some service migrates a database, by its <c>x-recyclic</c>.</summary>
    public static bool DeclaresMigration(ComposeModel compose) =>
        compose.Extensions.Any(service =>
            service.Value is JsonObject settings
            && (settings.ContainsKey(Migrations.Setting) || settings.ContainsKey("starts-first"))
        );

    private static bool IsPostgres(ComposeModel compose, JsonObject services, string name) =>
        (compose.Extensions[name] as JsonObject)?[Setting]?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => IsPostgres((services[name] as JsonObject)?["image"]?.ToString() ?? ""),
        };

    /// <summary>Whether an image is PostgreSQL's by the last part of its name.</summary>
    internal static bool IsPostgres(string image) =>
        Images.Contains(image.Split('@')[0].ToLowerInvariant().Split('/')[^1].Split(':')[0]);
}
