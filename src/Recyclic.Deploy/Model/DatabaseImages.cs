namespace Recyclic.Deploy.Model;

/// <summary>Pure: which images are databases. Two of one kind side by side, as two releases are, spoil each other's files or see half of them each.</summary>
public static class DatabaseImages
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "cassandra", "clickhouse", "clickhouse-server", "cockroach", "couchbase", "couchdb", "elasticsearch", "etcd", "influxdb", "keydb", "mariadb", "mongo", "mongodb",
        "mysql", "mysql-server", "neo4j", "opensearch", "percona", "percona-server", "pgvector", "postgis", "postgres", "postgresql", "redis", "redis-stack", "redis-stack-server",
        "scylla", "timescaledb", "timescaledb-ha", "valkey",
    };

    private static readonly HashSet<string> Directories = new(StringComparer.Ordinal)
    {
        "/bitnami/mariadb", "/bitnami/mongodb", "/bitnami/mysql", "/bitnami/postgresql", "/bitnami/redis/data", "/data/configdb", "/data/db", "/opt/couchdb/data",
        "/usr/share/elasticsearch/data", "/usr/share/opensearch/data", "/var/lib/cassandra", "/var/lib/clickhouse", "/var/lib/influxdb", "/var/lib/influxdb2", "/var/lib/mongodb",
        "/var/lib/mysql", "/var/lib/neo4j", "/var/lib/postgresql", "/var/lib/postgresql/data", "/var/opt/mssql",
    };

    /// <summary>Why an image counts as a database; null: it does not.</summary>
    /// <param name="volumes">What the image declares by VOLUME; empty: not known.</param>
    public static string? Reason(string image, params IEnumerable<string> volumes)
    {
        var repository = image.Split('@')[0].Split('/')[^1].Split(':')[0].ToLowerInvariant();
        if (Names.Contains(repository)) return $"its image {image} is a database's";
        return volumes.Select(Mount.Clean).FirstOrDefault(Directories.Contains) is { } directory ? $"its image {image} is a database's, by its VOLUME {directory}" : null;
    }

    /// <summary>The refusal of a database as a release service.</summary>
    public static ConfigurationProblem Refusal(string place, string reason) => new(place,
        $"{reason}; as a release service two of them would run side by side at each deploy, on the same files or on halves of the data",
        "Make it an accessory, which is started once and shared by all releases: x-recyclic: { release: false }. If it is none, or is to change with each release all the same: x-recyclic: { release: true }.");
}
