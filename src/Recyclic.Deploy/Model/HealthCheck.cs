using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>A container's health check, as much of it as one place says: a file, an image, or both together.</summary>
public sealed record HealthCheck
{
    /// <summary>
    /// What is added to what a file allows a start to take: a start is also pulled, created and looked at.
    /// </summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    /// <summary>How the container is asked, for example `CMD`, `true`; `NONE`: not at all; empty: not said.</summary>
    public ImmutableArray<string> Test { get; init; } = [];

    /// <summary>Between two probes; null: not said, which is 30 s in the end.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>
    /// For how long failures of a fresh container do not count; null: not said, which is not at all in the end.
    /// </summary>
    public TimeSpan? StartPeriod { get; init; }

    /// <summary>Between two probes while it starts; null: not said.</summary>
    public TimeSpan? StartInterval { get; init; }

    /// <summary>After how many failures in a row it is unhealthy; null: not said, which is 3 in the end.</summary>
    public int? Retries { get; init; }

    /// <summary>Whether the container is asked at all: a test is said, and it is not `NONE`.</summary>
    public bool Exists => Test is [not "NONE", ..];

    /// <summary>How long a gate has to wait at least, so that a start that the file allows is not given up.</summary>
    public TimeSpan Patience =>
        (StartPeriod ?? TimeSpan.Zero) + (Interval ?? TimeSpan.FromSeconds(30)) * (Retries ?? 3) + Margin;

    /// <summary>How long a gate has to wait at least for what is ready after this long.</summary>
    public static TimeSpan PatienceFor(TimeSpan settle) => settle + Margin;

    /// <param name="check">`healthcheck` of a compose model; null: there is none.</param>
    public static HealthCheck Of(JsonObject? check) =>
        check is null
            ? new HealthCheck()
            : new HealthCheck
            {
                Test =
                    check["disable"]?.GetValueKind() == JsonValueKind.True
                        ? ["NONE"]
                        : [.. (check["test"] as JsonArray ?? []).Select(part => part.AsText() ?? "")],
                Interval = Duration(check, "interval"),
                StartPeriod = Duration(check, "start_period"),
                StartInterval = Duration(check, "start_interval"),
                Retries = check["retries"].AsNumber() is { } given and > 0 and <= 10_000 ? given : null,
            };

    /// <summary>This one of a file over its image's, field by field, as the engine merges them.</summary>
    public HealthCheck Over(HealthCheck? image) =>
        image is null
            ? this
            : new HealthCheck
            {
                Test = Test.IsEmpty ? image.Test : Test,
                Interval = Interval ?? image.Interval,
                StartPeriod = StartPeriod ?? image.StartPeriod,
                StartInterval = StartInterval ?? image.StartInterval,
                Retries = Retries ?? image.Retries,
            };

    /// <summary>Zero is how compose writes what is not said.</summary>
    private static TimeSpan? Duration(JsonObject check, string key) =>
        ComposeReader.ParseDuration(check[key]?.ToString()) is { } given && given > TimeSpan.Zero ? given : null;
}
