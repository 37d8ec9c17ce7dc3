using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Recyclic.Sample.Tests;

public sealed class HealthEndpointTests
{
    [Test, CancelAfter(60_000)]
    public async Task Healthy_means_that_every_check_passed(CancellationToken cancellationToken) =>
        (await AskAsync(null, Fault.None, cancellationToken)).ShouldBe(
            (HttpStatusCode.OK, """{"service":"api","version":"v1","status":"healthy","reason":null}""")
        );

    [Test, CancelAfter(60_000)]
    public async Task Each_failure_is_named(CancellationToken cancellationToken)
    {
        var (status, answer) = await AskAsync(
            new IOException("connection refused"),
            Fault.Parse("never-healthy"),
            cancellationToken
        );
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        JsonNode.Parse(answer)!["reason"]!
            .GetValue<string>()
            .ShouldBe("release: fault never-healthy; store: connection refused");
    }

    private static async Task<(HttpStatusCode Status, string Answer)> AskAsync(
        Exception? failure,
        Fault fault,
        CancellationToken cancellationToken
    )
    {
        var release = new Release("api", "v1", fault, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder
            .Services.AddHealth(release)
            .AddAsyncCheck(
                "store",
                () =>
                    failure is null
                        ? Task.FromResult(HealthCheckResult.Healthy())
                        : Task.FromException<HealthCheckResult>(failure)
            );
        await using var app = builder.Build();
        app.MapHealth(release);
        await app.StartAsync(cancellationToken);
        using var client = new HttpClient
        {
            BaseAddress = new Uri(
                app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            ),
        };
        using var answer = await client.GetAsync("/health", cancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }
}
