using System.Text.RegularExpressions;

namespace Recyclic.Workflows.Checking;

/// <summary>
/// A line of a workflow that names an action of somebody else: `- uses: owner/name@commit # version`. Pure.
/// </summary>
/// <param name="Before">What stands before the action.</param>
/// <param name="Reference">What stands behind the `@`.</param>
/// <param name="Version">The comment; null: there is none.</param>
public sealed partial record PinLine(string Before, string Action, string Reference, string? Version)
{
    /// <summary>Null: it is no such line.</summary>
    public static PinLine? Read(string line) =>
        Form().Match(line) is { Success: true } match
            ? new PinLine(
                match.Groups[1].Value,
                match.Groups[2].Value,
                match.Groups[3].Value,
                match.Groups[4].Success ? match.Groups[4].Value : null
            )
            : null;

    /// <summary>
    /// The pin that the line is; null: it is pinned to something that is no commit, or does not say its version.
    /// </summary>
    public ActionPin? Pin =>
        Version is not null && ActionPin.IsCommit(Reference) && ActionPin.Numbers(Version) is not null
            ? new ActionPin(Action, Reference, Version)
            : null;

    /// <summary>A text in which each line that is pinned has the pin that is given for its action.</summary>
    public static string Apply(string text, IReadOnlyDictionary<string, ActionPin> pins) =>
        string.Join(
            '\n',
            text.Split('\n')
                .Select(line =>
                    Read(line) is { Pin: not null } read && pins.TryGetValue(read.Action, out var pin)
                        ? $"{read.Before}{pin.Action}@{pin.Commit} # {pin.Version}"
                        : line
                )
        );

    /// <summary>All pins of a text.</summary>
    public static IEnumerable<ActionPin> In(string text) =>
        text.Split('\n').Select(line => Read(line)?.Pin).OfType<ActionPin>();

    [GeneratedRegex(
        @"\A(\s*(?:- )?uses: )([A-Za-z0-9_.-]+/[A-Za-z0-9_./-]+)@([^\s#]+)(?: # (\S+))?\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
