using Recyclic.Build;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Model;

namespace Recyclic.Components;

/// <summary>Pushes a release's images to a registry: from then on only their digests travel.</summary>
public interface IPushImages : IHazDeployment
{
    /// <summary>
    /// Default: false, then a tag that has other content in the registry is refused before anything is pushed.
    /// </summary>
    [Parameter("Let a tag that is in the registry mean other content from now on")]
    bool OverwriteTag => TryGetValue(() => OverwriteTag);

    /// <summary>For each image; null: 10 minutes.</summary>
    [Parameter("How long the push of one image may take; default: 600")]
    TimeSpan? PushTimeout => TryGetValue(() => PushTimeout);

    /// <summary>The digest of each service's image, as JSON: <c>{"api":"sha256:…"}</c>.</summary>
    Output<string> ReleaseDigests => GetOutput<string>();

    /// <summary>
    /// Skipped where there is no registry, and where --tag names a release and this target is not named.
    /// </summary>
    Target PushImages =>
        _ =>
            _.Description("Pushes the images of a release to the registry and records their digests")
                .TryDependsOn<IBuildImages>(build => build.BuildImages)
                .TryBefore<IAtomicDeploy>(build => build.AtomicDeploy)
                .OnlyWhenDynamic(
                    () =>
                        InvokedTargets.Any(target => target.Name == nameof(PushImages))
                        || !IsSpecified(nameof(DeploymentParameters.Tag)) && this.HasRegistry,
                    "images of this run stay where they are: there is no registry, or --tag names images that exist"
                )
                .Outputs(ReleaseDigests)
                .Executes(PushAsync);

    private Task PushAsync(CancellationToken cancellationToken) =>
        DeploySession.RunAsync(
            this,
            () => this.ImageEnvironment,
            async session =>
            {
                var environment = session.Environment.Spec;
                var request = await session.RequestAsync(defaultTag: true, cancellationToken);
                var registry = request.Registry!;
                var compose = await session.Platform.Files.ReadComposeAsync(
                    request.ComposeFile,
                    request.Project,
                    request.Tag!,
                    registry,
                    cancellationToken
                );
                var images = PushPlan.Images(compose, registry);
                var present = await session.Platform.Images.InspectImagesAsync(
                    images.Values.Select(image => image.ToString()).Distinct(),
                    cancellationToken
                );
                if (DryRun)
                {
                    foreach (var (service, image) in images)
                        WriteLine(
                            $"would push {image} ({service}){(present.ContainsKey(image.ToString()) ? "" : ", once it is built")}"
                        );
                    return;
                }
                var remotes = await Task.WhenAll(
                    images
                        .Values.Distinct()
                        .Select(async image => (image, remote: await session.FindImageAsync(image, cancellationToken)))
                );
                var byImage = remotes.ToDictionary(entry => entry.image, entry => entry.remote);
                var items = images
                    .Select(image => new PushItem(
                        image.Key,
                        image.Value,
                        present.GetValueOrDefault(image.Value.ToString())?.Id,
                        byImage[image.Value]
                    )
                    {
                        IsKept = !OverwriteTag && !PushPlan.IsOfRelease(compose, image.Key),
                    })
                    .ToList();
                var missing = items.Where(item => item is { Id: null, IsThere: false }).ToList();
                if (missing.Count > 0)
                    throw new ConfigurationException([
                        .. missing.Select(item => new ConfigurationProblem(
                            $"service {item.Service}",
                            $"there is no image {item.Image} on this engine",
                            $"Build it: ./build.sh BuildImages --tag {request.Tag} --registry {registry}{request.CommandOptions}"
                        )),
                    ]);
                PushPlan.Check(items, OverwriteTag);
                var digests = await new ImagePusher(
                    session.Docker,
                    session.Registry,
                    session.Time,
                    WriteLine,
                    ShowProgress
                ).PushAsync(items, PushTimeout ?? TimeSpan.FromMinutes(10), cancellationToken);
                ReleaseDigests.Set(
                    HandedDigests.Write(images.Select(image => KeyValuePair.Create(image.Key, digests[image.Value])))
                );
                if (Json)
                    WriteDocument(
                        PushPlan.ToJson(
                            registry,
                            request.Tag!.Value,
                            images.ToDictionary(image => image.Key, image => (image.Value, digests[image.Value]))
                        )
                    );
                ReportSummary("Pushed", $"{digests.Count} images, {request.Tag}");
            },
            cancellationToken
        );
}
