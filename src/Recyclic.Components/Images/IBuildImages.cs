using System.Text.Json.Nodes;
using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;

namespace Recyclic.Components;

/// <summary>Builds the images of the compose file's `build:` sections, all side by side.</summary>
public interface IBuildImages : IHazDeployment
{
    /// <summary>
    /// Skipped where --tag names a release and this target is not named, and where the environment's images come from
    /// its registry.
    /// </summary>
    Target BuildImages =>
        _ =>
            _.Description("Builds the application's images, labelled with tag, commit and commit time")
                .TryDependsOn<ISetup>(build => build.Setup)
                .OnlyWhenDynamic(
                    () =>
                        !IsSpecified(nameof(DeploymentParameters.Tag))
                        || InvokedTargets.Any(target => target.Name == nameof(BuildImages)),
                    "--tag names images that exist; BuildImages --tag builds them"
                )
                .OnlyWhenDynamic(
                    () => !this.HasImagesInRegistry || InvokedTargets.Any(target => target.Name == nameof(BuildImages)),
                    "the environment's images come from its registry; PushImages puts them there"
                )
                .Executes(cancellationToken =>
                    DeploySession.GuardAsync(async () => await BuildAsync(Deployment.Tag, cancellationToken))
                );

    /// <summary>Makes what the Dockerfiles copy, for example by `dotnet publish`; default: nothing.</summary>
    Task PrepareImagesAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Builds the images at a tag.</summary>
    sealed Task BuildAsync(string tag, CancellationToken cancellationToken) =>
        BuildAsync(ReleaseTag.Parse(tag), cancellationToken);

    /// <param name="given">Null: the tag that a deploy without one has.</param>
    private Task BuildAsync(ReleaseTag? given, CancellationToken cancellationToken) =>
        DeploySession.RunAsync(
            this,
            () => this.ImageEnvironment,
            async session =>
            {
                var request = await session.RequestAsync(defaultTag: given is null, cancellationToken);
                var tag = given ?? request.Tag!;
                var compose = await session.Platform.Files.ReadComposeAsync(
                    request.ComposeFile,
                    request.Project,
                    tag,
                    request.Registry,
                    cancellationToken
                );
                var head = await Git.HeadAsync(Path.GetDirectoryName(request.ComposeFile)!, cancellationToken);
                if (head?.IsDirty == true)
                    session.Reporter.Warn(
                        $"the working tree has changes that are not in the commit; the images of {tag} have them"
                    );
                var model = ImageModel.ToBuild(
                    compose,
                    tag,
                    head,
                    await PresentAsync(session, compose, request.Registry, cancellationToken)
                );
                var isNamed = InvokedTargets.Any(target => target.Name == nameof(BuildImages));
                // A deploy of images as they are written builds nothing.
                if (model["services"]!.AsObject().Count == 0 && compose.Choice.IsFile && !isNamed)
                    return;
                var images = model["services"]!
                    .AsObject()
                    .Select(service => service.Value!["image"]!.GetValue<string>())
                    .ToList();
                if (DryRun)
                {
                    foreach (var image in images)
                        WriteLine($"would build {image}");
                    return;
                }
                await PrepareImagesAsync(cancellationToken);
                await BuildAsync(session.Docker, request.ComposeFile, model, images, cancellationToken);
                ReportSummary("Images", string.Join(", ", images));
            },
            cancellationToken
        );

    /// <summary>
    /// The images that are there already: on the engine, and those of accessories also in the registry, where a push
    /// would leave them as they are.
    /// </summary>
    private static async Task<HashSet<string>> PresentAsync(
        DeploySession session,
        ComposeModel compose,
        string? registry,
        CancellationToken cancellationToken
    )
    {
        var services = compose.Resolved["services"]!.AsObject();
        var images = services
            .Select(service => service.Value?["image"]?.GetValue<string>())
            .OfType<string>()
            .Distinct();
        HashSet<string> present =
        [
            .. (await session.Platform.Images.InspectImagesAsync(images, cancellationToken)).Keys,
        ];
        if (registry is null)
            return present;
        var accessories = services
            .Where(service => service.Value?["build"] is JsonObject && !PushPlan.IsOfRelease(compose, service.Key))
            .Select(service => service.Value!["image"]?.GetValue<string>() ?? "")
            .Where(image => RegistryAddress.IsOf(registry, image) && !present.Contains(image));
        foreach (var image in accessories.Select(ImageName.Parse).OfType<ImageName>().Distinct())
            if (await IsInRegistryAsync(session, image, cancellationToken))
                present.Add(image.ToString());
        return present;
    }

    private static async Task<bool> IsInRegistryAsync(
        DeploySession session,
        ImageName image,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await session.FindImageAsync(image, cancellationToken) is not null;
        }
        catch (ConfigurationException)
        {
            // Building needs no registry; a push says what is wrong with it.
            return false;
        }
    }

    private static async Task BuildAsync(
        DockerCli docker,
        string file,
        JsonObject model,
        List<string> images,
        CancellationToken cancellationToken
    )
    {
        if (images.Count == 0)
            throw new ConfigurationException(
                file,
                "no release service has a build section",
                "Add `build:` to the services that you build, or build their images yourself and deploy with --tag."
            );
        var result = await docker.TryBuildAsync(
            ["compose", "--progress", "plain", "-p", model["name"]!.GetValue<string>(), "-f", "-", "build"],
            cancellationToken,
            model.ToJsonString(),
            TimeSpan.FromMinutes(30)
        );
        if (result.Succeeded)
            return;
        var lines = (result.StandardOutput + result.StandardError)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .TakeLast(30)
            .Select(line => "    " + line);
        throw new TargetFailedException(
            $"the images do not build\n{string.Join('\n', lines)}\n  users   untouched\n  next    mend what the last lines name and run the same command again"
        );
    }
}

/// <summary>
/// Pure: the part of a compose model that is to be built, with the labels of the OCI image specification's annotations.
/// </summary>
internal static class ImageModel
{
    public static JsonObject ToBuild(ComposeModel compose, ReleaseTag tag, Commit? head, IReadOnlySet<string> present)
    {
        var services = new JsonObject();
        foreach (var (name, service) in compose.Resolved["services"]!.AsObject())
        {
            if (service?["build"] is not JsonObject build || service["image"]?.GetValue<string>() is not { } image)
                continue;
            var isRelease = compose.Choice.IsReleased(name);
            if (!isRelease && present.Contains(image))
                continue;
            var copy = (JsonObject)build.DeepClone();
            if (isRelease)
                copy["labels"] = Labels(copy["labels"] as JsonObject, tag, head);
            services[name] = new JsonObject { ["image"] = image, ["build"] = copy };
            if (service["platform"] is { } platform)
                services[name]!["platform"] = platform.DeepClone();
        }
        var model = new JsonObject { ["name"] = compose.Resolved["name"]!.GetValue<string>(), ["services"] = services };
        if (SecretsOf(compose, services) is { Count: > 0 } secrets)
            model["secrets"] = secrets;
        return model;
    }

    /// <summary>The secrets that builds are given.</summary>
    private static JsonObject SecretsOf(ComposeModel compose, JsonObject services)
    {
        var used = services
            .SelectMany(service => service.Value!["build"]!["secrets"] as JsonArray ?? [])
            .Select(secret => (secret as JsonObject)?["source"]?.ToString())
            .ToHashSet();
        return new JsonObject(
            (compose.Resolved["secrets"] as JsonObject ?? [])
                .Where(secret => used.Contains(secret.Key))
                .Select(secret => KeyValuePair.Create(secret.Key, secret.Value?.DeepClone()))
        );
    }

    private static JsonObject Labels(JsonObject? own, ReleaseTag tag, Commit? head)
    {
        var labels = (JsonObject)(own?.DeepClone() ?? new JsonObject());
        labels["org.opencontainers.image.version"] = tag.Value;
        if (head is null)
            return labels;
        labels["org.opencontainers.image.revision"] = head.Hash + (head.IsDirty ? "-dirty" : "");
        // The commit's time, not the clock's: the same commit then always gives the same image.
        labels["org.opencontainers.image.created"] = head.CommittedAt;
        return labels;
    }
}
