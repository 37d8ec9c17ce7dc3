using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Deploy.Model;

/// <summary>How compose files are read, besides which one is the first and what it is released as.</summary>
public sealed record ComposeSettings
{
    /// <summary>Further compose files, merged over the first one in this order.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    /// <summary>Files of variables instead of `.env`; later ones win. Empty: as compose finds them.</summary>
    public ImmutableArray<string> EnvFiles { get; init; } = [];

    /// <summary>The profiles to enable; empty: those of COMPOSE_PROFILES.</summary>
    public ImmutableArray<string> Profiles { get; init; } = [];

    /// <summary>The variable of the release's tag; null: as the file says, else `TAG`.</summary>
    public string? TagVariable { get; init; }

    /// <summary>
    /// Whether a person has given the tag; one that is only derived is not set where no image uses it.
    /// </summary>
    public bool IsTagGiven { get; init; } = true;

    /// <summary>The services to release, and no others; null: as the files say.</summary>
    public ImmutableArray<string>? Released { get; init; }

    /// <summary>By service whose whole image is a variable: its image's name, without a tag.</summary>
    public ImmutableSortedDictionary<string, string> Images { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether a variable that is not set is refused; default: said.</summary>
    public bool StrictVariables { get; init; }

    /// <summary>Learns what files of variables and secrets hold; null: nobody masks it.</summary>
    public Redactor? Redactor { get; init; }
}
