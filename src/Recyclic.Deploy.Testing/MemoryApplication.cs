using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Testing;

/// <summary>
/// What a compose file says of an application, for a host in memory: a service whose image has <c>${TAG}</c> belongs to
/// the release, any other is an accessory, such as a database.
/// <code>
/// new MemoryApplication("shop")
///     .Service("api", "shop/api:${TAG}", port: 8000)
///     .Service("bot", "shop/bot:${TAG}", overlap: false)
///     .Service("db", "postgres:16")
/// </code>
/// </summary>
public sealed class MemoryApplication
{
    private readonly JsonObject _services = [];
    private readonly JsonObject _model;

    /// <param name="name">The application's, as <c>name:</c> in a compose file.</param>
    public MemoryApplication(string name) => _model = new JsonObject { ["name"] = name, ["services"] = _services };

    private MemoryApplication(JsonObject model)
    {
        _model = model;
        _services = model["services"] as JsonObject ?? [];
    }

    internal string Json => _model.ToJsonString();

    /// <summary>
    /// One that is written down in full, as <c>docker compose config --format json</c> prints it, but for <c>${TAG}</c>
    /// where the release's tag is to be.
    /// </summary>
    /// <exception cref="System.Text.Json.JsonException">The text is no JSON object.</exception>
    public static MemoryApplication FromJson(string model) =>
        new(
            JsonNode.Parse(model) as JsonObject
                ?? throw new System.Text.Json.JsonException("a compose model is a JSON object")
        );

    /// <summary>Adds a service.</summary>
    /// <param name="port">The port that users reach it by; null: they do not.</param>
    /// <param name="overlap">Whether two releases of it may run side by side, as <c>x-recyclic: { overlap: … }</c>.</param>
    /// <param name="replicas">How many containers it has.</param>
    /// <param name="oneOff">Whether it does its work once and ends, as <c>x-recyclic: { one-off: … }</c>.</param>
    /// <param name="dependsOn">The services that are to be healthy before it.</param>
    public MemoryApplication Service(
        string name,
        string image,
        int? port = null,
        bool overlap = true,
        int replicas = 1,
        bool oneOff = false,
        params IEnumerable<string> dependsOn
    )
    {
        var service = new JsonObject { ["image"] = image };
        if (!oneOff)
            service["healthcheck"] = new JsonObject { ["test"] = new JsonArray("CMD", "true"), ["interval"] = "5s" };
        if (port is { } published)
            service["ports"] = new JsonArray(
                new JsonObject
                {
                    ["mode"] = "ingress",
                    ["target"] = published,
                    ["published"] = $"{published}",
                    ["protocol"] = "tcp",
                }
            );
        if (replicas != 1)
            service["deploy"] = new JsonObject { ["replicas"] = replicas };
        if (!overlap)
            service["x-recyclic"] = new JsonObject { ["overlap"] = false };
        if (oneOff)
            service["x-recyclic"] = new JsonObject { ["one-off"] = true };
        var needed = dependsOn.ToList();
        if (needed.Count > 0)
            service["depends_on"] = new JsonObject(
                needed.Select(other =>
                    KeyValuePair.Create<string, JsonNode?>(
                        other,
                        new JsonObject { ["condition"] = "service_healthy", ["required"] = true }
                    )
                )
            );
        _services[name] = service;
        return this;
    }
}
