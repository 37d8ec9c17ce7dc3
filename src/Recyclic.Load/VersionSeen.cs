namespace Recyclic.Load;

/// <summary>How one version was seen. Times are milliseconds since 1970 UTC.</summary>
/// <param name="Version">As the classifier reads it.</param>
/// <param name="Count">Requests it answered.</param>
/// <param name="FirstStartedUnixMs">Start of the earliest request it answered.</param>
/// <param name="LastStartedUnixMs">Start of the latest request it answered.</param>
/// <param name="FirstAnsweredUnixMs">End of the first request it answered.</param>
/// <param name="LastAnsweredUnixMs">End of the last request it answered.</param>
public sealed record VersionSeen(
    string Version,
    long Count,
    double FirstStartedUnixMs,
    double LastStartedUnixMs,
    double FirstAnsweredUnixMs,
    double LastAnsweredUnixMs
)
{
    internal static VersionSeen Of(string version, IReadOnlyList<RequestRecord> records) =>
        new(
            version,
            records.Count,
            records.Min(record => record.StartedUnixMs),
            records.Max(record => record.StartedUnixMs),
            records.Min(record => record.EndedUnixMs),
            records.Max(record => record.EndedUnixMs)
        );
}
