using System.Globalization;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// How much these tests do: little by default, so that two busy cores carry it; all of the acceptance by environment.
/// </summary>
internal static class Settings
{
    /// <summary>Requests a second to each of the two ports.</summary>
    public static int Rate => Read("RECYCLIC_E2E_RATE", AllFaults ? 100 : 40);

    public static int Deploys => Read("RECYCLIC_E2E_DEPLOYS", AllFaults ? 2 : 1);

    public static int Rollbacks => Read("RECYCLIC_E2E_ROLLBACKS", 1);

    /// <summary>How often eight deployers start at once.</summary>
    public static int Rounds => Read("RECYCLIC_E2E_ROUNDS", AllFaults ? 2 : 1);

    /// <summary>Which of them are killed, and when.</summary>
    public static int Seed => Read("RECYCLIC_E2E_SEED", 2026);

    /// <summary>
    /// Whether staging is deployed by the rehearsal of its workflow, in clean clones that build all they need: some
    /// minutes more.
    /// </summary>
    public static bool RehearsesStaging => Read("RECYCLIC_E2E_REHEARSE", 0) == 1;

    public static bool MayRestartEngine => Read("RECYCLIC_E2E_ENGINE_RESTART", 0) == 1;

    /// <summary>
    /// Whether all faults, of the environment and of the deployer, are tried, and not only a selection.
    /// </summary>
    public static bool AllFaults => Read("RECYCLIC_E2E_ALL_FAULTS", 0) == 1;

    /// <summary>When the last test may begin; default: never too late.</summary>
    public static DateTimeOffset Until { get; } =
        Environment.GetEnvironmentVariable("RECYCLIC_E2E_UNTIL") is { Length: > 0 } seconds
            ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture))
            : DateTimeOffset.MaxValue;

    public static void OnlyWithAllFaults()
    {
        if (!AllFaults)
            Assert.Ignore("one of many faults of its kind; RECYCLIC_E2E_ALL_FAULTS=1 tries them all");
    }

    private static int Read(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
