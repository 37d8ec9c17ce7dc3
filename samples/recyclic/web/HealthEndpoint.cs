using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Recyclic.Sample;

/// <summary><c>/health</c>: 200 when all checks pass, else 503 with the reason of each that does not.</summary>
public static class HealthEndpoint
{
    /// <summary>How long one check may take.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    /// <summary>A release that is broken on purpose says so before anything else does.</summary>
    public static IHealthChecksBuilder AddHealth(this IServiceCollection services, Release release) =>
        services
            .AddHealthChecks()
            .AddCheck(
                "release",
                () => release.FaultNow is { } fault ? HealthCheckResult.Unhealthy(fault) : HealthCheckResult.Healthy()
            );

    /// <summary>Answers <c>/health</c>.</summary>
    public static void MapHealth(this WebApplication app, Release release) =>
        app.MapHealthChecks(
            "/health",
            new()
            {
                ResponseWriter = (context, report) =>
                    context.Response.WriteAsJsonAsync(
                        new HealthAnswer(
                            release.Service,
                            release.Version,
                            report.Status == HealthStatus.Healthy ? "healthy" : "unhealthy",
                            Reason(report)
                        ),
                        SampleJson.Default.HealthAnswer,
                        cancellationToken: context.RequestAborted
                    ),
            }
        );

    private static string? Reason(HealthReport report) =>
        string.Join(
            "; ",
            report
                .Entries.Where(check => check.Value.Status != HealthStatus.Healthy)
                .Select(check =>
                    $"{check.Key}: {check.Value.Exception?.GetBaseException().Message ?? check.Value.Description}"
                )
        )
            is { Length: > 0 } reasons
            ? reasons
            : null;
}
