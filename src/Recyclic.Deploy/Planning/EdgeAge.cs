using System.Globalization;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: how old what an edge is made of is. It faces the internet, and its packages get mended.</summary>
public static class EdgeAge
{
    /// <summary>From here on a deploy says it.</summary>
    private const int Old = 30;

    /// <summary>`HAProxy 2.6.12-1+deb12u3, built 12 days ago`; null: neither is known.</summary>
    public static string? Describe(EdgeState edge, DateTimeOffset at)
    {
        string?[] known =
        [
            edge.Version is { Length: > 0 } version ? $"HAProxy {PrintableText.Of(version, 60)}" : null,
            Days(edge, at) is { } days ? $"built {(days == 0 ? "today" : days == 1 ? "a day ago" : Ago(days))}" : null,
        ];
        return known.Any(part => part is not null) ? string.Join(", ", known.Where(part => part is not null)) : null;

        static string Ago(int days) => $"{days.ToString(CultureInfo.InvariantCulture)} days ago";
    }

    /// <summary>What a deploy says of one that is older than 30 days; null: nothing.</summary>
    internal static string? Note(EdgeState edge, DateTimeOffset at) =>
        edge is { Exists: true, IsOutdated: false } && Days(edge, at) is > Old
            ? $"the edge lacks what was mended since ({Describe(edge, at)}): ./build.sh Edge --upgrade replaces it, and costs no request"
            : null;

    private static int? Days(EdgeState edge, DateTimeOffset at) =>
        edge.Built is { } built ? Math.Max(0, (int)(at - built).TotalDays) : null;
}
