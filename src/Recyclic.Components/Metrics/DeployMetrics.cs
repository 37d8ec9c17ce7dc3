using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Recyclic.Components.Notifications;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Metrics;

/// <summary>The state of the machine that deploys; null: not known here.</summary>
/// <param name="CpuPercent">The average of all cores since the probe was made.</param>
/// <param name="DiskPercent">Of the disk that holds the build's root.</param>
/// <param name="ContainersRunning">On the Docker host, as counted by the caller.</param>
internal sealed record SystemMetrics(
    double? CpuPercent,
    double? MemoryPercent,
    double? DiskPercent,
    int? ContainersRunning,
    int? Images
)
{
    public static SystemMetrics Unknown { get; } = new(null, null, null, null, null);
}

/// <summary>How long one step of the plan took.</summary>
internal sealed record StepMetrics(int Number, string Step, double Seconds);

/// <param name="SwitchMs">From the last container healthy to the cutover confirmed; null: there was none.</param>
/// <param name="RequestsTotal">What the edge counted during the deploy; null: not known.</param>
/// <param name="FailedStep">The step that went wrong; null after a success.</param>
internal sealed record PerformanceMetrics(
    double? SwitchMs,
    long? RequestsTotal,
    long? RequestsFailed,
    string? FailedStep,
    ImmutableArray<StepMetrics> Steps
);

/// <summary>
/// One deploy or rollback in numbers: one line of `logs/deploy-metrics.json` or `logs/rollback-metrics.json`. Names are
/// snake_case; all fields are always present, null where not known.
/// </summary>
/// <param name="Timestamp">When it ended; written as ISO 8601 in UTC.</param>
/// <param name="Event">`deploy` or `rollback`.</param>
/// <param name="Version">The tag asked for.</param>
/// <param name="Status">`success`, `undone`, `failed` (and not restored) or `cancelled`.</param>
/// <param name="Hostname">The machine that deployed.</param>
internal sealed record DeployMetrics(
    DateTimeOffset Timestamp,
    string Event,
    string Version,
    double DurationSeconds,
    string Status,
    string Hostname,
    string User,
    SystemMetrics SystemMetrics,
    PerformanceMetrics Performance
)
{
    /// <summary>Where the line belongs, below the build's root.</summary>
    [JsonIgnore]
    public string File => $"logs/{Event}-metrics.json";

    /// <summary>Pure: the numbers of an outcome.</summary>
    /// <param name="at">When it ended.</param>
    /// <param name="steps">The steps that were timed; may be empty.</param>
    public static DeployMetrics Of(
        DeployOutcome outcome,
        DateTimeOffset at,
        string hostname,
        string user,
        SystemMetrics system,
        ImmutableArray<StepMetrics> steps
    ) =>
        new(
            at,
            outcome.Plan.Operation == Operation.Deploy ? "deploy" : "rollback",
            outcome.Plan.To.Tag,
            Math.Round(outcome.Took.TotalSeconds, 3),
            outcome.Outcome.ToString().ToLowerInvariant(),
            hostname,
            user,
            system,
            new PerformanceMetrics(
                outcome.SwitchMs is { } ms ? Math.Round(ms, 1) : null,
                outcome.Requests?.Total,
                outcome.Requests?.Failed,
                outcome.Failure?.Step.Describe(),
                steps.IsDefault ? [] : steps
            )
        );

    /// <summary>One line, without its end; a line break in a value is escaped.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, MetricsJson.Default.DeployMetrics);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(UtcTime)]
)]
[JsonSerializable(typeof(DeployMetrics))]
internal sealed partial class MetricsJson : JsonSerializerContext;
