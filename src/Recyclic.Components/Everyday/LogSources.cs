using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Everyday;

/// <summary>Pure: the containers whose logs are meant.</summary>
internal static class LogSources
{
    private const string NumberLabel = "com.docker.compose.container-number";

    /// <summary>
    /// Those of the release that users have, of both during a canary, and the accessories that are named.
    /// </summary>
    /// <param name="services">Empty: all services of the release, and no accessory.</param>
    public static ImmutableArray<LogSource> Serving(Snapshot now, ImmutableArray<string> services) =>
        [.. ServingSlots(now).SelectMany(Of).Concat(AccessoriesOf(now, services)).Where(IsWanted(services))];

    /// <summary>The same, for who has just asked.</summary>
    /// <exception cref="ConfigurationException">Nothing is deployed, or there is no such service.</exception>
    public static ImmutableArray<LogSource> ServingOrRefuse(Snapshot now, ImmutableArray<string> services)
    {
        if (now.Current is not { } current)
            throw new ConfigurationException(
                now.App,
                "nothing is deployed here, so there is no log",
                "Deploy first: ./build.sh AtomicDeploy. Or is it another application (--project) or place (--environment)?"
            );
        Refuse(now, services, current.Release.Images.Keys, current.Release.Tag);
        return Serving(now, services) is { IsEmpty: false } found
            ? found
            : throw new ConfigurationException(
                $"{now.App} {current.Release.Tag}",
                "its containers are gone, and their logs with them",
                "./build.sh Status shows how things are; the next deploy mends it."
            );
    }

    /// <summary>Those of the release that served before, in the slot that it left.</summary>
    /// <exception cref="ConfigurationException">There was none, its containers are gone, or there is no such
    /// service.</exception>
    public static ImmutableArray<LogSource> BeforeOrRefuse(Snapshot now, ImmutableArray<string> services)
    {
        if (now.Current is not { } current)
            return ServingOrRefuse(now, services);
        var left = now[current.Slot.Other()];
        var earlier = now
            .Journal.Commitments.LastOrDefault(commitment => commitment.Release.Id == left.ReleaseId)
            ?.Release;
        if (earlier is null || earlier.Equals(current.Release))
            throw new ConfigurationException(
                "--previous",
                now.Journal.Commitments.Any(commitment => !commitment.Release.Equals(current.Release))
                    ? "the containers of the release before are gone, and their logs with them"
                    : $"no release served before {current.Release.Tag}",
                "Leave out --previous: that shows what serves."
            );
        Refuse(now, services, earlier.Images.Keys, earlier.Tag);
        return [.. Of(left).Concat(AccessoriesOf(now, services)).Where(IsWanted(services))];
    }

    /// <summary>The releases among them, as people are told of them.</summary>
    public static string ReleasesOf(IEnumerable<LogSource> sources) =>
        string.Join(" and ", sources.Select(source => source.Release).OfType<string>().Distinct());

    private static IEnumerable<SlotState> ServingSlots(Snapshot now)
    {
        if (now.Serving is { } serving)
            return [now[serving]];
        if (now.Current is not { } current)
            return [];
        return (now.Share ?? now.FileShare) is > 0 and < 100
            ? [now[current.Slot], now[current.Slot.Other()]]
            : [now[current.Slot]];
    }

    private static IEnumerable<LogSource> Of(SlotState slot) =>
        Labelled(slot.Containers.Where(container => container.Service != Naming.SmokeService));

    private static IEnumerable<LogSource> AccessoriesOf(Snapshot now, ImmutableArray<string> services) =>
        services.IsEmpty ? [] : Labelled(now.Accessories);

    private static IEnumerable<LogSource> Labelled(IEnumerable<Container> containers) =>
        from service in containers.GroupBy(container => container.Service)
        let several = service.Count() > 1
        from container in service.OrderBy(container => container.Name, StringComparer.Ordinal)
        select new LogSource(
            container,
            several && container.Label(NumberLabel) is { } number ? $"{service.Key}-{number}" : service.Key,
            container.Label(Naming.TagLabel)
        );

    private static Func<LogSource, bool> IsWanted(ImmutableArray<string> services) =>
        source => services.IsEmpty || services.Contains(source.Container.Service);

    private static void Refuse(
        Snapshot now,
        ImmutableArray<string> services,
        IEnumerable<string> released,
        string release
    )
    {
        var ofRelease = released.Order(StringComparer.Ordinal).ToList();
        var accessories = now.Accessories.Select(container => container.Service).Distinct().Except(ofRelease).ToList();
        var unknown = services.Except(ofRelease).Except(accessories).ToList();
        if (unknown.Count > 0)
            throw new ConfigurationException(
                "--service",
                $"{now.App} has no service {string.Join(", ", unknown.Select(name => PrintableText.Of(name, 60)))}",
                $"Use one of: {string.Join(", ", ofRelease)} (of {release}){(
                    accessories.Count > 0
                        ? $", {string.Join(", ", accessories.Order(StringComparer.Ordinal))} (accessories)"
                        : ""
                )}."
            );
    }
}
