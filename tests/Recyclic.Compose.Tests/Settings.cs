using System.Globalization;

namespace Recyclic.Compose.Tests;

/// <summary>What the environment asks of these tests.</summary>
internal static class Settings
{
    /// <summary>Whether all that takes minutes is tried, and not only a selection.</summary>
    public static bool AllFaults { get; } = Environment.GetEnvironmentVariable("RECYCLIC_E2E_ALL_FAULTS") == "1";

    /// <summary>Requests a second of a load that is not said otherwise.</summary>
    public static double Rate { get; } =
        double.TryParse(
            Environment.GetEnvironmentVariable("RECYCLIC_E2E_RATE"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var rate
        )
            ? rate
        : AllFaults ? 200
        : 60;
}
