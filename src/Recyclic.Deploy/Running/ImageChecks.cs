using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>Pure: what the images of a release must be, and must not.</summary>
internal static class ImageChecks
{
    /// <summary>
    /// A database that its name has not given away: by what its image declares. A way back to a release of before is
    /// not kept from anybody.
    /// </summary>
    public static void RefuseDatabases(
        Application app,
        Dictionary<string, string> wanted,
        ImmutableDictionary<string, ImageFacts> images
    )
    {
        var problems =
            from service in app.Services
            where !service.IsReleaseForSure
            let image = images.GetValueOrDefault(wanted[service.Name])
            let reason = image is null ? null : ImageKinds.WhyKeepsData(service.Image, image.Volumes)
            where reason is not null
            select ImageKinds.Refusal($"service {service.Name}", reason);
        var found = problems.ToImmutableArray();
        if (!found.IsEmpty)
            throw new ConfigurationException(found);
    }

    /// <exception cref="ConfigurationException">An image is not built for the engine.</exception>
    public static void RefuseOtherArchitectures(
        Dictionary<string, string> wanted,
        ImmutableDictionary<string, ImageFacts> images,
        EngineFacts facts
    )
    {
        var problems =
            from entry in wanted
            let image = images.GetValueOrDefault(entry.Value)
            where
                image is not null
                && (image.Architecture != facts.Architecture || image.OperatingSystem != facts.OperatingSystem)
            select new ConfigurationProblem(
                $"service {entry.Key}",
                $"{entry.Value} is built for {image.OperatingSystem}/{image.Architecture}, the engine is {facts.OperatingSystem}/{facts.Architecture}",
                $"Build it for the engine: docker build --platform {facts.OperatingSystem}/{facts.Architecture} …"
            );
        var found = problems.ToImmutableArray();
        if (!found.IsEmpty)
            throw new ConfigurationException(found);
    }
}
