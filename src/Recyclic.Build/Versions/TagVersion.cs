using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Build.Versions;

/// <summary>Which number is raised after a release.</summary>
public enum VersionPart
{
    /// <summary>1.2.3 is followed by 1.2.4; the default.</summary>
    Patch,

    /// <summary>1.2.3 is followed by 1.3.0.</summary>
    Minor,

    /// <summary>1.2.3 is followed by 2.0.0.</summary>
    Major,
}

/// <summary>A semantic version that a tag names, and how many commits lie after it. Pure.</summary>
internal sealed record TagVersion(
    int Major,
    int Minor,
    int Patch,
    ImmutableArray<string> PreRelease,
    string Metadata = "",
    int Height = 0
) : IComparable<TagVersion>
{
    /// <summary>What there is before the first version.</summary>
    public static TagVersion None(ImmutableArray<string> preRelease) => new(0, 0, 0, preRelease);

    /// <summary>Null: the tag names no version, or one with another prefix.</summary>
    public static TagVersion? Of(string tag, string prefix)
    {
        if (!tag.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        var metadata = tag[prefix.Length..].Split('+', 2);
        var preRelease = metadata[0].Split('-', 2);
        return
            preRelease[0].Split('.') is [var major, var minor, var patch]
            && Number(major) is { } a
            && Number(minor) is { } b
            && Number(patch) is { } c
            ? new(
                a,
                b,
                c,
                preRelease.Length > 1 ? [.. preRelease[1].Split('.')] : [],
                metadata.Length > 1 ? metadata[1] : ""
            )
            : null;
    }

    public int CompareTo(TagVersion? other)
    {
        if (other is null)
            return 1;
        if ((Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch)) is not 0 and var numbers)
            return numbers;
        if (PreRelease.IsEmpty || other.PreRelease.IsEmpty)
            return other.PreRelease.Length.CompareTo(PreRelease.Length);
        foreach (var (mine, its) in PreRelease.Zip(other.PreRelease))
            if (Compare(mine, its) is not 0 and var identifiers)
                return identifiers;
        return PreRelease.Length.CompareTo(other.PreRelease.Length);
    }

    /// <summary>The version of a commit that comes so many commits after this version's own.</summary>
    public TagVersion After(int height, VersionPart raised, ImmutableArray<string> preRelease)
    {
        if (height == 0)
            return this;
        if (!PreRelease.IsEmpty)
            return this with { Height = height, Metadata = "" };
        return raised switch
        {
            VersionPart.Major => new(Major + 1, 0, 0, preRelease, Height: height),
            VersionPart.Minor => new(Major, Minor + 1, 0, preRelease, Height: height),
            _ => new(Major, Minor, Patch + 1, preRelease, Height: height),
        };
    }

    /// <summary>The version, raised to the least that is wanted.</summary>
    public TagVersion AtLeast((int Major, int Minor) least, ImmutableArray<string> preRelease) =>
        (Major, Minor).CompareTo(least) >= 0 ? this : new(least.Major, least.Minor, 0, preRelease, Metadata, Height);

    public string PreReleaseText =>
        string.Join('.', Height > 0 ? [.. PreRelease, Height.ToString(CultureInfo.InvariantCulture)] : PreRelease);

    public override string ToString() =>
        $"{Major}.{Minor}.{Patch}{(PreReleaseText.Length > 0 ? "-" + PreReleaseText : "")}{(Metadata.Length > 0 ? "+" + Metadata : "")}";

    private static int Compare(string mine, string its) =>
        Number(mine) is { } a && Number(its) is { } b ? a.CompareTo(b) : string.CompareOrdinal(mine, its);

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
