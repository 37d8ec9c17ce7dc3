using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>What an image is known to be, by its name.</summary>
internal enum ImageKind
{
    Database,
    Cache,
    Broker,
    Search,
    ObjectStore,
    Proxy,
}

/// <summary>
/// Pure: which images keep data or stand in front of an application. Two of one kind side by side, as two releases are,
/// spoil each other's files or see half of them each.
/// </summary>
internal static class ImageKinds
{
    /// <summary>
    /// The last parts of image names. The names without a maker are those of Docker's official images; the others are
    /// those under which the maker's own documentation has one start it by Docker.
    /// </summary>
    private static readonly (ImageKind Kind, string Source, string[] Names)[] Table =
    [
        (
            ImageKind.Database,
            "official images",
            [
                "arangodb",
                "cassandra",
                "clickhouse",
                "couchbase",
                "couchdb",
                "crate",
                "influxdb",
                "mariadb",
                "mongo",
                "mysql",
                "neo4j",
                "orientdb",
                "percona",
                "postgres",
                "rethinkdb",
            ]
        ),
        (
            ImageKind.Database,
            "makers",
            [
                "clickhouse-server",
                "cockroach",
                "cockroachdb",
                "dgraph",
                "documentdb",
                "dolt-sql-server",
                "etcd",
                "ferretdb",
                "firebird",
                "immudb",
                "ksqldb-server",
                "mongodb",
                "mongodb-community-server",
                "mssql/server",
                "azure-sql-edge",
                "mysql-server",
                "oracle-free",
                "oracle-xe",
                "pgvecto-rs",
                "pgvector",
                "percona-server",
                "percona-server-mongodb",
                "postgis",
                "postgresql",
                "postgresql-repmgr",
                "questdb",
                "ravendb",
                "rqlite",
                "scylla",
                "spilo",
                "surrealdb",
                "tidb",
                "timescaledb",
                "timescaledb-ha",
                "vectorchord-postgres",
                "victoria-metrics",
                "yugabyte",
            ]
        ),
        (ImageKind.Cache, "official images", ["memcached", "redis"]),
        (
            ImageKind.Cache,
            "makers",
            ["dragonfly", "garnet", "keydb", "kvrocks", "redis-stack", "redis-stack-server", "valkey", "valkey-bundle"]
        ),
        (ImageKind.Broker, "official images", ["eclipse-mosquitto", "nats", "nats-streaming", "rabbitmq", "zookeeper"]),
        (
            ImageKind.Broker,
            "makers",
            [
                "activemq-artemis",
                "activemq-classic",
                "cp-kafka",
                "cp-zookeeper",
                "emqx",
                "hivemq4",
                "kafka",
                "kafka-native",
                "nsq",
                "pulsar",
                "redpanda",
                "vernemq",
            ]
        ),
        (ImageKind.Search, "official images", ["elasticsearch", "solr"]),
        (
            ImageKind.Search,
            "makers",
            [
                "chroma",
                "manticore",
                "meilisearch",
                "milvus",
                "opensearch",
                "qdrant",
                "quickwit",
                "sonic",
                "typesense",
                "vespa",
                "weaviate",
                "zinc",
                "zincsearch",
            ]
        ),
        (
            ImageKind.ObjectStore,
            "makers",
            [
                "azurite",
                "dxflrs/garage",
                "fake-gcs-server",
                "localstack",
                "minio",
                "rustfs",
                "s3mock",
                "seaweedfs",
                "zenko-cloudserver",
            ]
        ),
        (ImageKind.Proxy, "official images", ["caddy", "haproxy", "kong", "nginx", "traefik"]),
        (
            ImageKind.Proxy,
            "makers",
            [
                "acme-companion",
                "apisix",
                "caddy-docker-proxy",
                "cloudflared",
                "envoy",
                "https-portal",
                "nginx-proxy",
                "nginx-proxy-acme",
                "nginx-proxy-manager",
                "nginx-unprivileged",
                "openresty",
                "pomerium",
                "swag",
                "tyk-gateway",
                "zoraxy",
            ]
        ),
    ];

    private static readonly ImmutableDictionary<string, ImageKind> Kinds = Table
        .SelectMany(row => row.Names.Select(name => KeyValuePair.Create(name, row.Kind)))
        .ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Where images of databases keep their files, whatever their name.</summary>
    private static readonly HashSet<string> Directories = new(StringComparer.Ordinal)
    {
        "/bitnami/mariadb",
        "/bitnami/mongodb",
        "/bitnami/mysql",
        "/bitnami/postgresql",
        "/bitnami/redis/data",
        "/data/configdb",
        "/data/db",
        "/opt/couchdb/data",
        "/usr/share/elasticsearch/data",
        "/usr/share/opensearch/data",
        "/var/lib/cassandra",
        "/var/lib/clickhouse",
        "/var/lib/influxdb",
        "/var/lib/influxdb2",
        "/var/lib/mongodb",
        "/var/lib/mysql",
        "/var/lib/neo4j",
        "/var/lib/postgresql",
        "/var/lib/postgresql/data",
        "/var/opt/mssql",
    };

    /// <summary>Null: nothing is known of it.</summary>
    public static ImageKind? Of(string image)
    {
        var parts = image.Split('@')[0].ToLowerInvariant().Split('/');
        var name = parts[^1].Split(':')[0];
        return parts.Length > 1 && Kinds.TryGetValue($"{parts[^2]}/{name}", out var exact) ? exact
            : Kinds.TryGetValue(name, out var kind) ? kind
            : null;
    }

    /// <summary>As a person calls it, for example `a database`.</summary>
    public static string Describe(ImageKind kind) =>
        kind switch
        {
            ImageKind.Database => "a database",
            ImageKind.Cache => "a cache",
            ImageKind.Broker => "a message broker",
            ImageKind.Search => "a search engine",
            ImageKind.ObjectStore => "an object store",
            _ => "a front proxy",
        };

    /// <summary>Why an image counts as one that keeps data; null: it does not.</summary>
    /// <param name="volumes">What the image declares by VOLUME; empty: not known.</param>
    public static string? WhyKeepsData(string image, params IEnumerable<string> volumes)
    {
        if (Of(image) is { } kind and not ImageKind.Proxy)
            return $"its image {image} is {Describe(kind)}'s";
        return volumes.Select(Mount.Clean).FirstOrDefault(Directories.Contains) is { } directory
            ? $"its image {image} is a database's, by its VOLUME {directory}"
            : null;
    }

    /// <summary>The refusal of what keeps data as a release service.</summary>
    public static ConfigurationProblem Refusal(string place, string reason) =>
        new(
            place,
            $"{reason}; as a release service two of them would run side by side at each deploy, on the same files or on halves of the data",
            "Make it an accessory, which is started once and shared by all releases: x-recyclic: { release: false }. If it is none, or is to change with each release all the same: x-recyclic: { release: true }."
        );
}
