using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Everything that can be refused before the lock is taken. Reads, and pulls missing images from a registry.
/// </summary>
/// <param name="time">By which certificates are valid; null: the system's.</param>
public sealed class Validator(Platform platform, IDeployReporter reporter, TimeProvider? time = null)
{
    /// <summary>Docker Engine 20.10, the oldest that this was tried with.</summary>
    public static readonly Version LeastApiVersion = new(1, 41);

    /// <summary>Docker Engine 25, the first that probes fast while a container starts (`start_interval`).</summary>
    public static readonly Version StartIntervalApiVersion = new(1, 44);

    /// <summary>Docker Compose 2.20, the oldest that this was tried with.</summary>
    public static readonly Version LeastComposeVersion = new(2, 20);

    /// <param name="pinned">A known release: its digests are used, not what its tags point to now.</param>
    /// <param name="imagesWillBeBuilt">For a dry run: absent images are no mistake, they are built first.</param>
    /// <param name="admit">Asked before anything is pulled, where the release is known by its registry's digests
    /// already; its own digests are not.</param>
    public async Task<(Application App, Release Release)> ValidateAsync(
        DeployRequest request,
        CancellationToken cancellationToken,
        Release? pinned = null,
        bool imagesWillBeBuilt = false,
        Func<string, Release, Task>? admit = null
    )
    {
        var tag =
            request.Tag
            ?? throw new ConfigurationException(
                "--tag",
                "there is no tag to deploy",
                "Give one: --tag <tag>, by custom the commit's 7 hex digits."
            );
        var reading = platform.Files.ReadComposeAsync(
            request.ComposeFile,
            request.Project,
            tag,
            request.Registry,
            cancellationToken
        );
        var facts = await platform.Host.ReadFactsAsync(cancellationToken);
        CheckEngine(facts);
        var app = ComposeReader.Read(await reading, facts.IsLocal) with
        {
            ProbesFastWhileStarting = facts.ApiVersion >= StartIntervalApiVersion,
        };
        app = CertificateCheck.Of(app, request.ComposeFile, Now, isWayBack: pinned is not null);
        if (!app.ProbesFastWhileStarting)
            reporter.Note(
                $"engine {facts.Version} (API {facts.ApiVersion}) has no start_interval, which came with 25: a container that starts is probed as often as `interval` says, so that a deploy may take that much longer"
            );
        if (request.Identity is { } identity && identity.App != app.Name)
            throw new ConfigurationException(
                request.ComposeFile,
                $"the application's name was {identity.App} and is {app.Name} now",
                "Was the file changed meanwhile? Run the command again; or give the name: --project <name>."
            );
        var wanted = app.Services.ToDictionary(
            service => service.Name,
            service =>
                pinned?.Images.GetValueOrDefault(service.Name)?.Digest
                ?? ByRegistry(service.Image, request)
                ?? service.Image
        );
        if (admit is not null && app.Services.All(service => ByRegistry(service.Image, request) is not null))
            await admit(
                app.Name,
                Release.Of(
                    tag.Value,
                    app.Services.ToDictionary(
                        service => service.Name,
                        service => new ImageRef(service.Image, "(to be pulled)")
                        {
                            RegistryDigest = ByRegistry(service.Image, request),
                        }
                    )
                )
            );
        // A way back to an earlier release starts no accessory.
        var accessories = imagesWillBeBuilt || pinned is not null ? [] : AccessoryImages.Of(app);
        var images = await platform.Images.InspectImagesAsync(
            wanted.Values.Concat(accessories.Values).Distinct(),
            cancellationToken
        );
        if (!imagesWillBeBuilt)
            images = await PullMissingAsync(wanted, images, request, tag, pinned, app, cancellationToken);
        ImageChecks.RefuseOtherArchitectures(wanted, images, facts);
        var there = app
            .Services.Select(service => service.Name)
            .Where(name => images.ContainsKey(wanted[name]))
            .ToDictionary(name => name, name => images[wanted[name]]);
        app = app.With(there.ToDictionary(image => image.Key, image => image.Value.Volumes))
            .With(there.ToDictionary(image => image.Key, image => image.Value.HealthCheck))
            .With(there.ToDictionary(image => image.Key, image => image.Value.User))
            .With(there.ToDictionary(image => image.Key, image => image.Value.Ports));
        if (platform.Traits.HasEdge)
            app = Doors.Added(app);
        if (!facts.IsLocal && pinned is null && there.Count > 0)
            app = app with
            {
                Warnings = app.Warnings.AddRange(
                    await new HostPathCheck(platform.Host).CheckAsync(
                        app,
                        request.ComposeFile,
                        there.Values.First().Id,
                        cancellationToken
                    )
                ),
            };
        if (pinned is null && request.RequiresHealthChecks)
            WeakGates.Refuse(app, request.Admission?.Environment ?? "its environment");
        if (pinned is null)
        {
            ImageChecks.RefuseDatabases(app, wanted, images);
            ProxyNotes.RefuseInSlot(app);
        }
        await new AccessoryImages(platform, reporter).PullMissingAsync(
            app,
            accessories.Where(entry => !images.ContainsKey(entry.Value)),
            request,
            tag,
            cancellationToken
        );
        var found = app.Services.ToDictionary(
            service => service.Name,
            service =>
                pinned?.Images.GetValueOrDefault(service.Name)
                ?? new ImageRef(service.Image, images.GetValueOrDefault(wanted[service.Name])?.Id ?? "(to be built)")
                {
                    RegistryDigest = ByRegistry(service.Image, request),
                }
        );
        // A release keeps its name when it comes back under a compose file that has other services by now.
        return (
            app,
            pinned is null
                ? Release.Of(
                    tag.Value,
                    found,
                    app.IsFileRelease
                        ? ReleaseContent.Of(app.Document, Path.GetDirectoryName(request.ComposeFile) ?? "")
                        : null
                )
                : pinned with
                {
                    Images = found.ToImmutableSortedDictionary(StringComparer.Ordinal),
                }
        );
    }

    private DateTimeOffset Now => (time ?? TimeProvider.System).GetUtcNow();

    /// <summary>An image by the digest that its registry has for it, or null: only its tag is known.</summary>
    private static string? ByRegistry(string image, DeployRequest request) =>
        request.RegistryDigests.TryGetValue(image, out var digest)
            ? $"{image[..image.LastIndexOf(':')]}@{digest}"
            : null;

    private static void CheckEngine(EngineFacts facts)
    {
        if (facts.ApiVersion < LeastApiVersion)
            throw new ConfigurationException(
                "engine",
                $"version {facts.Version} (API {facts.ApiVersion}) is too old",
                $"Use Docker Engine 20.10 or later (API {LeastApiVersion}); from 25 on a deploy need not wait for a whole `interval`."
            );
        if (facts.ComposeVersion < LeastComposeVersion)
            throw new ConfigurationException(
                "docker compose",
                $"version {facts.ComposeVersion} is too old",
                $"Use Compose {LeastComposeVersion} or later."
            );
    }

    private async Task<ImmutableDictionary<string, ImageFacts>> PullMissingAsync(
        Dictionary<string, string> wanted,
        ImmutableDictionary<string, ImageFacts> present,
        DeployRequest request,
        ReleaseTag tag,
        Release? pinned,
        Application app,
        CancellationToken cancellationToken
    )
    {
        var missing = wanted.Where(entry => !present.ContainsKey(entry.Value)).ToList();
        if (missing.Count == 0)
            return present;
        reporter.Note($"pulling {string.Join(", ", missing.Select(entry => entry.Value))}");
        var reasons = await Task.WhenAll(
            missing.Select(async entry =>
            {
                var why = await platform.Images.PullAsync(
                    pinned?.Images.GetValueOrDefault(entry.Key)?.RegistryDigest ?? entry.Value,
                    cancellationToken
                );
                return (entry.Key, entry.Value, Why: why is null ? null : PrintableText.Of(why));
            })
        );
        var refused = reasons.Where(reason => reason.Why is not null).ToList();
        if (refused.Count > 0)
            throw new ConfigurationException([
                .. refused.Select(reason => new ConfigurationProblem(
                    $"service {reason.Key}",
                    $"there is no image {reason.Value}{(reason.Why!.Length > 0 ? $": {reason.Why}" : "")}",
                    app.Services.First(service => service.Name == reason.Key).AssumedBy is { } variable
                            ? $"{variable} is not set, so the image was taken to have the service's name. Give the right one: --image {reason.Key}=<name>."
                        : app.IsFileRelease ? "Is its name right, and does the engine reach its registry?"
                        : refused.Count == wanted.Count
                            ? $"Is {tag} the right tag? Build it: ./build.sh BuildImages --tag {tag}{request.CommandOptions}{(request.Registry is null ? ", or say where it is: --registry <host:port>" : "")}."
                        : $"The other services have {tag}. Build this one too: ./build.sh BuildImages --tag {tag}{request.CommandOptions}."
                )),
            ]);
        return present.SetItems(
            await platform.Images.InspectImagesAsync(missing.Select(entry => entry.Value).Distinct(), cancellationToken)
        );
    }
}
