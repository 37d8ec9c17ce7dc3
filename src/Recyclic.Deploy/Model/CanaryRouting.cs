using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>What the edge has to know besides the share while both releases have users.</summary>
/// <param name="Fresh">Where the new release is.</param>
public sealed partial record CanaryRouting(Slot Fresh)
{
    /// <summary>The cookie with a visitor's number.</summary>
    public const string VisitorCookie = "recyclic-visitor";

    /// <summary>The header by which a tester asks for a side: `new` or `serving`.</summary>
    public const string SideHeader = "X-Recyclic-Release";

    /// <summary>The cookie that says the same.</summary>
    public const string SideCookie = "recyclic-release";

    /// <summary>
    /// The services that are in one slot alone until the cutover: what comes for them goes where they are. Default: none.
    /// </summary>
    public ImmutableArray<string> InOneSlot { get; init; } = [];

    /// <summary>Whether whoever asks for a side gets it; default: false, since anybody may ask.</summary>
    public bool ForTesters { get; init; }

    /// <summary>
    /// The header that tells visitors apart who bring no cookie, such as one with a user's id; null: their address does.
    /// </summary>
    public string? VisitorHeader { get; init; }

    /// <summary>Whether a text can be <see cref="VisitorHeader"/>: it goes into the edge's configuration.</summary>
    public static bool IsHeader(string name) => Header().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9-]{0,60}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
