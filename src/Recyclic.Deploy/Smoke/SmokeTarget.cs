using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Smoke;

/// <summary>Pure: which of an application's services a request is for, and by which of its ports.</summary>
/// <param name="Service">The service that answers.</param>
/// <param name="Port">In its containers.</param>
/// <param name="Route">By which users reach it; null: they do not.</param>
internal sealed record SmokeTarget(string Service, int Port, Route? Route)
{
    /// <summary>What is asked for where neither test nor route says a host name.</summary>
    private const string AnyHost = "localhost";

    /// <summary>A host name that a certificate of the route is for; null: none without a wildcard.</summary>
    public string? CertifiedHost { get; init; }

    /// <returns>Either the target, or why there is none.</returns>
    public static (SmokeTarget? Target, string? Why) Of(HttpTest test, Application app)
    {
        if (test.Asked is { } service && app.Services.All(each => each.Name != service))
            return (
                null,
                $"there is no release service {service}; there are {string.Join(", ", app.Services.Select(each => each.Name))}"
            );
        var path = test.Path.Split('?')[0];
        var routes = EdgeConfiguration
            .MostSpecificFirst(
                app.Routes.Where(route =>
                    !route.IsInside
                    && route.Mode != RouteMode.Tcp
                    && route.HttpsPort is null
                    && (test.Asked is null || route.Service == test.Asked)
                    && (test.AskedPort is null || route.Published == test.AskedPort)
                    && (test.HostName is null || route.Host is null || Same(route.Host, test.HostName))
                    && (
                        route.Path is null
                        || path == route.Path
                        || path.StartsWith(route.Path + "/", StringComparison.Ordinal)
                    )
                ),
                route => route
            )
            .ToImmutableArray();
        if (routes is [var first, ..])
            return routes.FirstOrDefault(route => IsAsSpecific(route, first) && !IsTheSame(route, first)) is { } other
                ? (
                    null,
                    $"{first.Service} at port {first.Published} and {other.Service} at port {other.Published} both answer it: say which, by .At(\"{first.Service}\") or .Port({first.Published})"
                )
                : (
                    new SmokeTarget(first.Service, first.Target, first) { CertifiedHost = CertifiedHostOf(first, app) },
                    null
                );
        return test switch
        {
            { Asked: { } asked, AskedPort: { } port } => (new SmokeTarget(asked, port, null), null),
            { Asked: { } asked } => (
                null,
                $"{asked} publishes no port that speaks HTTP: say which of its containers' is asked, by .Port(…)"
            ),
            _ => (null, "no published port that speaks HTTP leads there: say who is asked, by .At(\"…\").Port(…)"),
        };
    }

    /// <summary>What is asked of a container of the release itself, as the edge would ask it.</summary>
    public HttpQuestion Privately(HttpTest test, string tag)
    {
        var question = AtTheDoor(test, tag);
        return question with
        {
            Headers =
            [
                .. question.Headers,
                new("X-Forwarded-For", "127.0.0.1"),
                new("X-Forwarded-Host", question.Host),
                new("X-Forwarded-Proto", Route?.Certificates is null ? "http" : "https"),
            ],
        };
    }

    public HttpQuestion AtTheDoor(HttpTest test, string tag)
    {
        string Said(string text) => text.Replace("{tag}", tag, StringComparison.Ordinal);
        return new HttpQuestion(
            test.Verb,
            Said(test.Path),
            test.HostName ?? Route?.Host ?? CertifiedHost ?? AnyHost,
            [.. test.Headers.Select(header => KeyValuePair.Create(header.Key, Said(header.Value)))],
            test.Body is null ? null : Said(test.Body)
        );
    }

    public SmokePlace PlaceIn(Container container) =>
        new(container.Id, Port) { Http2 = Route?.Http2 == true, ProxyProtocol = Route?.ProxyProtocol == true };

    private static string? CertifiedHostOf(Route route, Application app) =>
        app
            .Certificates.Where(one => route.Certificates?.Split(' ').Contains(one.State.Name) == true)
            .SelectMany(one => one.State.Hosts)
            .FirstOrDefault(host => !host.Contains('*'));

    private static bool Same(string host, string other) => host.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsAsSpecific(Route route, Route other) =>
        (route.Host is null) == (other.Host is null) && route.Path?.Length == other.Path?.Length;

    /// <summary>One port may be published at several addresses.</summary>
    private static bool IsTheSame(Route route, Route other) =>
        route.Service == other.Service && route.Target == other.Target;
}
