using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Something that stays on the host when an application is removed.</summary>
/// <param name="Why">A part of a sentence.</param>
/// <param name="Command">What a person removes it with; null: it is nobody's to remove here.</param>
/// <param name="IsData">Whether it stays because nobody asked for what the application wrote to go.</param>
public sealed record KeptThing(FoundThing Thing, string Why, string? Command, bool IsData = false);

/// <summary>What is removed of an application, and what stays.</summary>
/// <param name="Removes">In the order in which it goes.</param>
public sealed record RemovalPlan(string App, ImmutableArray<FoundThing> Removes, ImmutableArray<KeptThing> Keeps)
{
    /// <summary>What is in use while anybody holds the lock, and so goes last of all.</summary>
    public ImmutableArray<FoundThing> Records => [.. Removes.Where(RemovalPlanner.IsOfTheLock)];

    /// <summary>Whether there are data that stay because nobody asked for them to go.</summary>
    public bool KeepsData => Keeps.Any(kept => kept.IsData);
}

/// <summary>
/// Pure: what goes when an application is removed. What Recyclic made for it goes, and what compose made at its word.
/// What was there before the first deploy, or is nobody's word but compose's, is somebody else's and stays. What the
/// application wrote goes only where that is asked for.
/// </summary>
public static class RemovalPlanner
{
    private const string Data = "what the application wrote",
        Earlier = "it was there before the first deploy",
        OfAccessory = "an accessory's, which Recyclic neither built nor names";

    /// <summary>The order in which users are turned away, and things are free to go.</summary>
    private static readonly ImmutableArray<string> Roles =
    [
        Naming.GateRole,
        Naming.DoorRole,
        Naming.EdgeRole,
        Naming.ReleaseRole,
    ];

    /// <param name="data">Whether what the application wrote goes too.</param>
    public static RemovalPlan Plan(ApplicationInventory found, bool data)
    {
        var own = found
            .Things.Where(thing => thing.Kind == ThingKind.Network && thing.Maker == ThingMaker.Recyclic)
            .Select(network => network.Name)
            .ToHashSet();
        var containers = Of(found, ThingKind.Container);
        var (gone, left) = Split(containers, container => WhyStays(container, own, found.Since));
        var others = left.Select(kept => kept.Thing).Concat(found.Strangers).ToImmutableArray();
        var networks = Split(Of(found, ThingKind.Network), network => WhyNetworkStays(network, found, left));
        var volumes = Split(
            Of(found, ThingKind.Volume),
            volume => WhyVolumeStays(volume, data, found.HasCertificates, others, gone)
        );
        var images = Split(Of(found, ThingKind.Image), image => WhyImageStays(image, found, others));
        return new(
            found.App,
            [
                .. gone.OrderBy(thing => Order(thing.Role)).ThenBy(thing => thing.Name, StringComparer.Ordinal),
                .. networks.Gone,
                .. volumes.Gone,
                .. images.Gone,
            ],
            [.. left, .. networks.Left, .. volumes.Left, .. images.Left]
        );
    }

    internal static bool IsOfTheLock(FoundThing thing) =>
        thing.Maker == ThingMaker.Recyclic
        && (
            thing.Kind == ThingKind.Volume && thing.Role is Naming.StateRole or Naming.KeysRole
            || thing.Kind == ThingKind.Image
        );

    private static bool IsOurs(FoundThing thing) =>
        thing.Kind != ThingKind.Image && thing.Maker is ThingMaker.Recyclic or ThingMaker.Accessory;

    private static int Order(string role) => Roles.IndexOf(role) is var place and >= 0 ? place : Roles.Length;

    private static string? WhyStays(FoundThing container, HashSet<string> own, DateTimeOffset? since) =>
        container.Maker switch
        {
            ThingMaker.Recyclic or ThingMaker.Accessory => null,
            _ when container.Created is { } made && made < since => Earlier,
            _ => container.Networks.Any(own.Contains) ? null : "plain compose made it: no release has to do with it",
        };

    private static string? WhyNetworkStays(
        FoundThing network,
        ApplicationInventory found,
        ImmutableArray<KeptThing> left
    )
    {
        var (since, strangers) = (found.Since, found.Strangers);
        if (network.Maker == ThingMaker.Compose && !found.Things.Any(IsOurs))
            return "plain compose made it: no release has to do with it";
        // An accessory that stays is taken off a slot's network; what somebody else has joined to it is that person's.
        var users =
            network.Maker == ThingMaker.Recyclic ? strangers : [.. left.Select(kept => kept.Thing), .. strangers];
        return network.Maker != ThingMaker.Recyclic && network.Created is { } made && made < since ? Earlier
            : Users(users, user => user.Networks, network.Name) is { } names ? $"{names} is on it"
            : null;
    }

    private static string? WhyVolumeStays(
        FoundThing volume,
        bool data,
        bool hasCertificates,
        ImmutableArray<FoundThing> others,
        ImmutableArray<FoundThing> gone
    ) =>
        Users(others, user => user.Volumes, volume.Name) is { } names ? $"{names} has it mounted"
        : !IsData(volume, hasCertificates, gone) ? null
        : volume is { Maker: ThingMaker.Nobody, IsAnonymous: false } ? "it was made outside of the application"
        : data ? null
        : Data;

    /// <summary>Whether an application may have written to it what is nowhere else.</summary>
    private static bool IsData(FoundThing volume, bool hasCertificates, ImmutableArray<FoundThing> gone) =>
        volume switch
        {
            { Maker: ThingMaker.Recyclic, Role: Naming.KeysRole } => hasCertificates,
            { Maker: ThingMaker.Recyclic, Role: var role } => role == DataVolume.Role,
            // One of the edge's, or one that begins anew with each release.
            { IsAnonymous: true } => !gone.Any(container =>
                container.Volumes.Contains(volume.Name)
                && container.Maker == ThingMaker.Recyclic
                && (container.Role != Naming.ReleaseRole || container.RenewsVolumes)
            ),
            _ => true,
        };

    private static string? WhyImageStays(
        FoundThing image,
        ApplicationInventory found,
        ImmutableArray<FoundThing> others
    )
    {
        if (
            others
                .Where(other => other.ImageId == image.Id || other.Image == image.Name)
                .Select(other => other.Name)
                .Order(StringComparer.Ordinal)
                .FirstOrDefault() is
            { } user
        )
            return $"{user} is made of it";
        if (image.Maker == ThingMaker.Recyclic)
            return found.Neighbours.IsEmpty ? null : $"{found.Neighbours[0]} needs it too";
        if (image.Role.Length > 0)
            return OfAccessory;
        if (found.ImagesOfOthers is not { } needed)
            return "what other applications need could not be read";
        if (needed.Contains(image.Name) || needed.Contains(image.Id))
            return "another application goes back to it";
        return image.IsBuiltHere || image.Created is not { } named || !(named < found.Since) ? null : Earlier;
    }

    private static string? Users(
        IEnumerable<FoundThing> users,
        Func<FoundThing, ImmutableArray<string>> uses,
        string name
    ) =>
        string.Join(
            ", ",
            users.Where(user => uses(user).Contains(name)).Select(user => user.Name).Order(StringComparer.Ordinal)
        )
            is { Length: > 0 } names
            ? names
            : null;

    private static (ImmutableArray<FoundThing> Gone, ImmutableArray<KeptThing> Left) Split(
        ImmutableArray<FoundThing> things,
        Func<FoundThing, string?> whyStays
    )
    {
        var reasons = things.Select(thing => (thing, why: whyStays(thing))).ToList();
        return (
            [.. reasons.Where(entry => entry.why is null).Select(entry => entry.thing)],
            [
                .. reasons
                    .Where(entry => entry.why is not null)
                    .Select(entry => new KeptThing(
                        entry.thing,
                        entry.why!,
                        CommandFor(entry.thing, entry.why!),
                        ReferenceEquals(entry.why, Data)
                    )),
            ]
        );
    }

    private static string? CommandFor(FoundThing thing, string why) =>
        thing.Kind switch
        {
            ThingKind.Container => $"docker rm --force {thing.Name}",
            ThingKind.Network => $"docker network rm {thing.Name}",
            ThingKind.Volume when thing is { Maker: ThingMaker.Nobody, IsAnonymous: false } => null,
            ThingKind.Volume => $"docker volume rm {thing.Name}",
            // The engine would take the name even from who goes back to it.
            _ => why is Earlier or OfAccessory ? $"docker image rm {thing.Name}" : null,
        };

    private static ImmutableArray<FoundThing> Of(ApplicationInventory found, ThingKind kind) =>
        [.. found.Things.Where(thing => thing.Kind == kind).OrderBy(thing => thing.Name, StringComparer.Ordinal)];
}
