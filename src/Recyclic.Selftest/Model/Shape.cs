using System.Collections.Immutable;

namespace Recyclic.Selftest.Model;

/// <summary>What the throw-away application consists of in a scenario.</summary>
/// <param name="Override">The file that is merged over its compose file; null: none.</param>
/// <param name="OneOff">The service that does its work once for each release; null: none.</param>
/// <param name="Exclusives">The services that must not run twice.</param>
internal sealed record Shape(string? Override, string? OneOff, ImmutableArray<string> Exclusives)
{
    /// <summary>The containers that stand beside the slots and the edge, without the application's name.</summary>
    public ImmutableArray<string> Standing { get; init; } = [];

    /// <summary>Whether a proxy of the team's own stands before the front, and calls it by its name.</summary>
    public bool HasProxy => !Standing.IsEmpty;

    /// <summary>
    /// What waits for the one-off; with a port and stop-first where that is what the scenario is about.
    /// </summary>
    public const string Front = "front";

    /// <summary>The services that stay up.</summary>
    public const int Lasting = 3;

    private static readonly Shape Plain = new(null, null, ["worker"]);
    private static readonly Shape WithOneOff = new("one-off.yml", "migrate", ["worker"]);
    private static readonly Shape WithStopFirst = new("stop-first.yml", null, ["worker", Front]);

    private static readonly Shape WithDoor = new("door.yml", null, ["worker"])
    {
        Standing = ["door-api", "door-front", "proxy-1"],
    };

    /// <summary>Whether requests may fail while a routed service is handed over.</summary>
    public bool HasGap => Exclusives.Contains(Front);

    public static Shape Of(Scenario scenario) =>
        scenario switch
        {
            Scenario.OneOff => WithOneOff,
            Scenario.StopFirst => WithStopFirst,
            Scenario.Door => WithDoor,
            _ => Plain,
        };
}
