using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests;

/// <summary>Applications, releases and containers for tests.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = MemoryClock.Noon;

    /// <summary>The least of a compose file: one service on one port and a database.</summary>
    public const string ShopModel = """
        {
          "name": "shop",
          "services": {
            "api": {
              "image": "team/api:${TAG}",
              "healthcheck": { "test": ["CMD", "true"], "interval": "5s" },
              "ports": [{ "mode": "ingress", "target": 8000, "published": "8000", "protocol": "tcp" }],
              "depends_on": { "db": { "condition": "service_healthy", "required": true } }
            },
            "db": { "image": "postgres:16", "healthcheck": { "test": ["CMD", "true"] } }
          }
        }
        """;

    /// <summary>Two routed services, a bot that must not run twice and a database.</summary>
    public const string StoreModel = """
        {
          "name": "store",
          "services": {
            "api": {
              "image": "team/api:${TAG}",
              "healthcheck": { "test": ["CMD", "true"] },
              "ports": [{ "target": 8000, "published": "8000", "protocol": "tcp" }]
            },
            "web": {
              "image": "team/web:${TAG}",
              "healthcheck": { "test": ["CMD", "true"] },
              "ports": [{ "target": 80, "published": "4444", "protocol": "tcp" }]
            },
            "bot": { "image": "team/bot:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": { "overlap": false } },
            "db": { "image": "postgres:16", "healthcheck": { "test": ["CMD", "true"] } }
          }
        }
        """;

    /// <summary>The store, in which `web`, to which a port leads, must not run twice either.</summary>
    public static readonly string StopFirstModel = StoreModel.Replace(
        "\"image\": \"team/web:${TAG}\",",
        "\"image\": \"team/web:${TAG}\", \"x-recyclic\": { \"overlap\": false },",
        StringComparison.Ordinal
    );

    /// <summary>The store, in which nothing may run twice, and `web` needs `api`.</summary>
    public static readonly string AllStopFirstModel = StopFirstModel
        .Replace(
            "\"image\": \"team/api:${TAG}\",",
            "\"image\": \"team/api:${TAG}\", \"x-recyclic\": { \"overlap\": false },",
            StringComparison.Ordinal
        )
        .Replace(
            "\"image\": \"team/web:${TAG}\",",
            "\"image\": \"team/web:${TAG}\", \"depends_on\": { \"api\": { \"condition\": \"service_healthy\", \"required\": true } },",
            StringComparison.Ordinal
        );

    public static Application Shop { get; } = App(ShopModel);

    public static Application Store { get; } = App(StoreModel);

    /// <summary>An application from a compose model in JSON, in which `${TAG}` is the only variable.</summary>
    public static Application App(string json) => MemoryModel.Application(json);

    public static ComposeModel Compose(string json, params ImmutableArray<string> unset) =>
        ComposeOf(json, "1.4.2", unset);

    public static ComposeModel ComposeOf(string json, string? tag, params ImmutableArray<string> unset) =>
        MemoryModel.Of(json, tag) with
        {
            UnsetVariables = unset,
        };

    /// <summary>What reading gives of a model as written.</summary>
    public static ComposeModel Model(JsonObject written, string? tag = "1.4.2") => MemoryModel.Of(written, tag);

    /// <summary>A release of an application whose images have digests named after service and tag.</summary>
    public static Release Release(Application app, string tag) =>
        Deploy.Model.Release.Of(
            tag,
            app.Services.ToDictionary(
                service => service.Name,
                service => new ImageRef($"team/{service.Name}:{tag}", $"sha256:{service.Name}-{tag}")
            )
        );

    /// <summary>The containers of a release in a slot, with the labels that compose would give them.</summary>
    public static ImmutableArray<Container> Containers(
        Application app,
        Slot slot,
        Release release,
        string state = "running",
        string health = "healthy"
    ) => MemoryContainers.Of(app, slot, release, state, health);

    public static Container Accessory(Application app, string service) => MemoryContainers.Accessory(app, service);

    /// <summary>A container on its own, for the gate.</summary>
    public static Container Container(
        string name,
        string state = "running",
        string health = "starting",
        string? settle = null
    ) =>
        new(
            name + "-id",
            name,
            name,
            state,
            health,
            0,
            "sha256:1",
            Noon,
            settle is null ? [] : ImmutableDictionary<string, string>.Empty.Add(Naming.SettleLabel, settle),
            []
        );
}
