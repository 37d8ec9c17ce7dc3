using System.Collections.Immutable;

namespace Recyclic.Workflows.Checking;

/// <summary>
/// Which program runs an action (`runs.using` of its `action.yml`), and since when GitHub's machines do not have it any
/// more. A table of what is known: an action or a version that is not in it is not judged. Pure.
/// </summary>
public static class ActionRuntimes
{
    /// <summary>By a runtime's name: the day on which GitHub removed it, or planned to.</summary>
    private static readonly ImmutableDictionary<string, DateOnly> Ends = new Dictionary<string, DateOnly>
    {
        ["node12"] = new(2023, 6, 14),
        ["node16"] = new(2024, 11, 12),
        ["node20"] = new(2026, 9, 23),
    }.ToImmutableDictionary();

    /// <summary>
    /// By action: the major versions from which on each runtime is used, latest first. Read in the actions' own files.
    /// </summary>
    private static readonly ImmutableDictionary<string, (int From, string Runtime)[]> Runtimes = new Dictionary<
        string,
        (int, string)[]
    >
    {
        ["actions/checkout"] = [(5, "node24"), (4, "node20"), (3, "node16"), (2, "node12")],
        ["actions/setup-dotnet"] = [(5, "node24"), (4, "node20"), (2, "node16"), (1, "node12")],
        ["actions/cache"] = [(5, "node24"), (4, "node20"), (3, "node16"), (2, "node12")],
        ["actions/upload-artifact"] = [(6, "node24"), (4, "node20"), (3, "node16"), (2, "node12")],
        ["actions/download-artifact"] = [(7, "node24"), (4, "node20")],
    }.ToImmutableDictionary();

    /// <summary>A sentence for each action whose runtime is removed, or will be: each with the mend.</summary>
    public static ImmutableArray<string> Warnings(IEnumerable<ActionPin> pins, DateOnly today) =>
        [
            .. from pin in pins.Distinct()
            where Of(pin) is { } runtime && Ends.ContainsKey(runtime)
            let end = Ends[Of(pin)!]
            select $"{pin.Action} {pin.Version} runs on {Of(pin)}, which GitHub {(end <= today ? "removed" : "removes")} from its machines on {end:yyyy-MM-dd}: move it to a later version, "
                + (
                    Actions.Pins.FirstOrDefault(known => known.Action == pin.Action) is { } newer
                    && newer.IsNewerThan(pin)
                        ? $"for example {newer.Version} ({newer.Commit})"
                        : "see its releases"
                ),
        ];

    private static string? Of(ActionPin pin) =>
        Runtimes.TryGetValue(pin.Action, out var versions) && ActionPin.Numbers(pin.Version) is { } numbers
            ? versions.FirstOrDefault(version => numbers.Major >= version.From).Runtime
            : null;
}
