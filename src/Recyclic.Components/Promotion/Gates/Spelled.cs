using System.Globalization;

namespace Recyclic.Components.Gates;

/// <summary>
/// Times as a checklist shows them: never rounded up, so that what is not yet 24 hours does not read so.
/// </summary>
internal static class Spelled
{
    public static string Time(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1) ? Number(time.TotalSeconds, "s")
        : time < TimeSpan.FromHours(1) ? Number(time.TotalMinutes, "min")
        : time.Minutes == 0 ? Number(time.TotalHours, "h")
        : $"{Number(time.TotalHours, "h")} {time.Minutes} min";

    private static string Number(double value, string unit) =>
        Math.Floor(Math.Max(0, value)).ToString("0", CultureInfo.InvariantCulture) + " " + unit;
}
