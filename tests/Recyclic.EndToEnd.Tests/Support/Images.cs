using System.Collections.Concurrent;
using System.Globalization;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// The sample's images: built once, and releases derived from them, each with a tag of this run alone.
/// </summary>
internal static class Images
{
    public const string Base = "e2e-base";
    private static readonly string[] Services = ["api", "bot", "frontend"];
    private static readonly ConcurrentBag<string> Derived = [];

    /// <summary>Tells the tags of this run from those of another on the same engine.</summary>
    public static string Run { get; } = Random.Shared.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture);

    public static async Task BuildBaseAsync(CancellationToken cancellationToken) =>
        (
            await Tool.RunAsync(new Dictionary<string, string>(), ["BuildImages", "--tag", Base], cancellationToken)
        ).ShouldExitWith(0);

    /// <summary>
    /// A release of its own. Only the api has the fault: one broken service must keep the others from users too.
    /// </summary>
    /// <param name="name">What it is called; the tag follows from it.</param>
    /// <param name="without">A service that this release has no image for.</param>
    public static async Task<string> DeriveAsync(
        string name,
        CancellationToken cancellationToken,
        string? fault = null,
        string? without = null
    )
    {
        var tag = $"e2e-{Run}-{name}";
        await Task.WhenAll(
            Services
                .Where(service => service != without)
                .Select(async service =>
                {
                    var image = $"recyclic/{service}:{tag}";
                    Derived.Add(image);
                    var broken = fault is not null && service == "api" ? $" RECYCLIC_FAULT={fault}" : "";
                    var build = Command.Of("docker", "build", "--quiet", "--tag", image, "-") with
                    {
                        StandardInput = $"FROM recyclic/{service}:{Base}\nENV RECYCLIC_VERSION={tag}{broken}\n",
                    };
                    (await DockerHere.Runner.RunAsync(build, cancellationToken)).EnsureSuccess();
                })
        );
        return tag;
    }

    /// <summary>
    /// A release whose api has more instructions than that; for faults that the sample does not offer.
    /// </summary>
    /// <param name="instructions">Of a Dockerfile.</param>
    public static async Task<string> DeriveApiAsync(
        string name,
        string instructions,
        CancellationToken cancellationToken
    )
    {
        var tag = await DeriveAsync(name, cancellationToken);
        var build = Command.Of("docker", "build", "--quiet", "--tag", $"recyclic/api:{tag}", "-") with
        {
            StandardInput = $"FROM recyclic/api:{tag}\n{instructions}\n",
        };
        (await DockerHere.Runner.RunAsync(build, cancellationToken)).EnsureSuccess();
        return tag;
    }

    /// <summary>
    /// All images that releases of these tags are deployed with: for an engine that can get none itself.
    /// </summary>
    public static async Task<string[]> OfSampleAsync(
        CancellationToken cancellationToken,
        params IEnumerable<string> tags
    )
    {
        var docker = new DockerCli(DockerHere.Runner);
        using var engine = new EngineClient(docker);
        await new EdgeImage(docker, engine).EnsureAsync(cancellationToken);
        return
        [
            EdgeImage.Reference,
            "recyclic/postgres:15",
            "recyclic/redis:7",
            "recyclic/telegram:1",
            .. tags.SelectMany(tag => Services.Select(service => $"recyclic/{service}:{tag}")),
        ];
    }

    /// <summary>Those of a tag that the engine has.</summary>
    public static async Task<string[]> OfAsync(string tag, CancellationToken cancellationToken) =>
        await DockerHere.LinesAsync(
            cancellationToken,
            "images",
            "--filter",
            $"reference=recyclic/*:{tag}",
            "--format",
            "{{.Repository}}"
        );

    public static async Task RemoveDerivedAsync(CancellationToken cancellationToken)
    {
        foreach (var image in Derived.Distinct())
            await DockerHere.TryAsync(["rmi", "--force", image], cancellationToken);
    }
}
