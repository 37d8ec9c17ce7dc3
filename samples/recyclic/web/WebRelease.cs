using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Recyclic.Sample;

/// <summary>What the two web services have in common.</summary>
public static class WebRelease
{
    /// <summary>A host that listens on a port, says little, and lets what is open finish.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args, Release release, int port)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls($"http://*:{port}");
        builder
            .Logging.ClearProviders()
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // On SIGTERM the listener closes and idle connections end at once; a request that is open has this long to
        // finish.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, SampleJson.Default)
        );
        builder.Services.AddSingleton(release);
        return builder;
    }

    /// <summary>
    /// Every answer says which release it is from. One that another release gave, and this one hands on, keeps its own.
    /// </summary>
    public static void UseReleaseHeaders(this WebApplication app, Release release) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.TryAdd("X-Version", release.Version);
                    context.Response.Headers.TryAdd("X-Service", release.Service);
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
}
