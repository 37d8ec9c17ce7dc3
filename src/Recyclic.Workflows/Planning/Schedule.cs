using System.Text.RegularExpressions;
using Cronos;

namespace Recyclic.Workflows.Planning;

/// <summary>Whether a text is a schedule to GitHub. Pure.</summary>
internal static partial class Schedule
{
    private const string Field =
        "(?:[0-9*/,-]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT)+";
    private static readonly DateTime AnyTime = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The mistake; null: there is none.</summary>
    public static string? WhyNot(string? cron)
    {
        if (cron is null)
            return "a schedule has no cron: write Trigger.Schedule(\"17 4 * * 1\")";
        // GitHub knows the five fields of POSIX alone: no seconds, no @daily, and neither L, W, # nor ?.
        if (!Fields().IsMatch(cron))
            return $"the schedule '{cron}' is not minute, hour, day, month, weekday, as in '17 4 * * 1'";
        try
        {
            return CronExpression.Parse(cron).GetNextOccurrence(AnyTime) is null
                ? $"the schedule '{cron}' names a day that never comes"
                : null;
        }
        catch (CronFormatException exception)
        {
            return $"the schedule '{cron}' is not minute, hour, day, month, weekday: {exception.Message.TrimEnd('.')}";
        }
    }

    [GeneratedRegex($@"\A{Field}(?: {Field}){{4}}\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Fields();
}
