using Recyclic.Deploy.Model;

namespace Recyclic.Selftest.Model;

internal static class JournalTime
{
    /// <summary>
    /// When it was written, in milliseconds since 1970, as requests and events of the engine are told.
    /// </summary>
    public static double UnixMs(this JournalRecord record) => (record.At - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    /// <summary>Whether it is about such a step, by how its sentence begins.</summary>
    public static bool IsOf(this JournalRecord record, string step) =>
        record.Step?.StartsWith(step, StringComparison.Ordinal) == true;
}
