using System.Collections.Immutable;

namespace Recyclic.Compose.Tests;

/// <summary>A compose file in a shape that people have, and what is to be seen of it.</summary>
/// <param name="Name">Its folder below `files/kinds`, or its file below `files`.</param>
/// <param name="Said">What a dry run says of its services and ports.</param>
internal sealed record Kind(string Name, params ImmutableArray<string> Said)
{
    /// <summary>Words after each command; `{folder}` is where the file is.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Set beside the ports; default: nothing.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The released service that is looked at; default: web.</summary>
    public string Service { get; init; } = "web";

    /// <summary>What a shell in its container prints for <see cref="Asked"/>; default: nothing is asked.</summary>
    public string Answer { get; init; } = "";

    /// <summary>A command for a shell in its container.</summary>
    public string Asked { get; init; } = "true";

    /// <summary>Whether the edge leads to what is released: an application's own proxy is another's.</summary>
    public bool IsRouted { get; init; } = true;

    /// <summary>Whether a deploy has to build its images.</summary>
    public bool IsBuilt { get; init; }

    public static ImmutableArray<Kind> Deployed { get; } =
    [
        new("several-files", "released: web", "http")
        {
            Arguments = ["--compose-file", "{folder}/prod.yml", "--env-file", "{folder}/prod.env"],
            Asked = "echo $MARK $NAME",
            Answer = "prod from-prod-env",
        },
        new(
            "file-release",
            "the file itself is the release",
            "released: web; accessories: cache",
            "to web:8080 http (well known: 8080 is HTTP)"
        ),
        new(
            "own-proxy",
            "released: api; accessories: front",
            "start accessories front, which wait for the release",
            "nothing is published, so no edge is made"
        )
        {
            Service = "api",
            IsRouted = false,
        },
        new("image-health-check", "released: web", "http"),
        new("own-variables", "released: api, web", "http")
        {
            Arguments = ["--tag-variable", "APP_VERSION", "--image", "api=recyclic-compose-test/app"],
        },
        new("build-only", "released: web", "http") { IsBuilt = true },
        new(
            "callers-inside",
            "released: web; accessories: cron",
            "web has a door for cron, containers on cmp-kind-callers-inside-shared"
        ),
        new("accessory-changed", "released: web; accessories: cache", "http"),
        new("files-beside", "released: web", "http")
        {
            Asked = "cat /etc/settings.txt /run/secrets/token",
            Answer = "settings of the shop\nnot-a-secret",
        },
        new("expressions", "released: web", "RECYCLIC_MISSING", "web has a weak gate")
        {
            Asked = "echo $MARK:$OTHER:$(ulimit -n):$(ls /conf)",
            Answer = "example.test/team::1024:x",
        },
        new("own-data", "released: web", "cmp-kind-own-data-wish", "/data") { Asked = "ls -d /data", Answer = "/data" },
    ];

    /// <summary>Those that tests of their own deploy.</summary>
    public static ImmutableArray<Kind> Elsewhere { get; } =
    [
        new(
            "workers.yml",
            "released: bot, worker; accessories: none; stop-first: bot",
            "nothing is published, so no edge is made"
        ),
        new("one-off.yml", "released: web; accessories: none; one-off: migrate (once, before web)", "http"),
        new("no-check.yml", "released: web, worker", "web has a weak gate", "http"),
        new("own-volume.yml", "released: web", "web keeps /data in the volume", "http"),
        new("neighbour.yml", "released: web; accessories: db", "http"),
        new(
            "one-writer.yml",
            "released: web; accessories: none; stop-first: web",
            "web is stop-first: at each later deploy it is down from its stop until its health gate passes"
        ),
        new(
            "ports/docker-compose.yml",
            "to web:8080 http",
            "to web:8443 tcp",
            "to web:2526 tcp (app_protocol: smtp)",
            "to web:9912 auto"
        ),
        new("routes/docker-compose.yml", "released: api, assets, beta, home", "http"),
        new("tcp/docker-compose.yml", "released: echo", "to echo:8080 tcp"),
    ];

    public override string ToString() => Name;
}
