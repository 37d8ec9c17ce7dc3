using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>What a thing on a host is.</summary>
public enum ThingKind
{
    /// <summary>Whatever it does.</summary>
    Container,

    /// <summary>One that containers meet on.</summary>
    Network,

    /// <summary>What outlives containers.</summary>
    Volume,

    /// <summary>A name of an image; the content goes with its last name.</summary>
    Image,
}

/// <summary>Who made a thing, as far as its labels prove it.</summary>
public enum ThingMaker
{
    /// <summary>Recyclic, for the application.</summary>
    Recyclic,

    /// <summary>Compose, for the application's project, at Recyclic's word: its accessories.</summary>
    Accessory,

    /// <summary>Compose, for the application's project, at whoever's word.</summary>
    Compose,

    /// <summary>Nobody who says so: an anonymous volume, an image.</summary>
    Nobody,
}

/// <summary>Something on a host that has to do with an application.</summary>
/// <param name="Id">A volume has none: its name; an image's: its content.</param>
/// <param name="Name">For a person, and of an image the reference.</param>
public sealed record FoundThing(ThingKind Kind, string Id, string Name, ThingMaker Maker)
{
    /// <summary>See <see cref="Naming.RoleLabel"/>; empty: it has none.</summary>
    public string Role { get; init; } = "";

    /// <summary>Null: not known. Of an image: when it got this name on this host.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The names of the networks that a container is on.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];

    /// <summary>The names of the volumes that a container mounts.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>What the image of a container is called.</summary>
    public string Image { get; init; } = "";

    /// <summary>The content of a container's image; empty: not known.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>Whether a container's anonymous volumes begin anew with each release, and go with it.</summary>
    public bool RenewsVolumes { get; init; }

    /// <summary>Whether the engine itself named a volume.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether an image was built by BuildImages under its name.</summary>
    public bool IsBuiltHere { get; init; }
}

/// <summary>All that a host has of an application, and what of others is in its things.</summary>
/// <param name="App">The application's name.</param>
public sealed record ApplicationInventory(string App)
{
    /// <summary>
    /// Since when the host keeps records of it; null: it has none, so nothing there was made before them.
    /// </summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Without those by which there is a lock.</summary>
    public ImmutableArray<FoundThing> Things { get; init; } = [];

    /// <summary>The containers of others, for what they use.</summary>
    public ImmutableArray<FoundThing> Strangers { get; init; } = [];

    /// <summary>Other applications that the host has records of.</summary>
    public ImmutableArray<string> Neighbours { get; init; } = [];

    /// <summary>References and contents of images that others go back to; null: that could not be read.</summary>
    public ImmutableHashSet<string>? ImagesOfOthers { get; init; } = [];

    /// <summary>Whether the host keeps a certificate for it, and the key of it.</summary>
    public bool HasCertificates { get; init; }
}
