using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Stands in for proxies that find containers by the engine's socket. Ten times a second it lists what runs, as they do,
/// and works out by their rules which container, network and port each host name leads to; then it asks there.
/// </summary>
internal sealed partial class LabelProxy : IAsyncDisposable
{
    private readonly EngineClient _engine = new(new DockerCli(new ProcessCommandRunner()));
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false }
    )
    {
        Timeout = TimeSpan.FromSeconds(30),
    };
    private readonly CancellationTokenSource _end = new();
    private readonly string _start;
    private readonly Task _looking;

    /// <param name="start">What the names of the containers begin with that are looked at.</param>
    public LabelProxy(string start)
    {
        _start = start;
        _looking = LookAsync(_end.Token);
    }

    /// <summary>What was seen at each look, in order.</summary>
    public ConcurrentQueue<ImmutableArray<Sighting>> Looks { get; } = [];

    /// <summary>By host name, what its requests were answered with: a version, or what went wrong.</summary>
    public ConcurrentQueue<(string Host, string Answer)> Answers { get; } = [];

    /// <summary>What is seen now. Where a container came or went during a look, that is taken again.</summary>
    public async Task<ImmutableArray<Sighting>> SeeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var listed = await _engine.ListContainersAsync(cancellationToken);
            var found = await Task.WhenAll(
                listed
                    .Where(entry =>
                        entry.State == "running"
                        && entry.Names.Any(name => name.StartsWith('/' + _start, StringComparison.Ordinal))
                    )
                    .Select(entry => _engine.FindContainerAsync(entry.ID, cancellationToken))
            );
            if (found.All(container => container?.State?.Running == true))
                return [.. found.SelectMany(container => Of(container!))];
        }
    }

    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _looking;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _engine.Dispose();
        _http.Dispose();
        _end.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            do
            {
                var seen = await SeeAsync(cancellationToken);
                Looks.Enqueue(seen);
                foreach (var sighting in seen)
                    Answers.Enqueue((sighting.Host, await AskAsync(sighting, cancellationToken)));
            } while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    private async Task<string> AskAsync(Sighting sighting, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(sighting.Url, cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            return Version().Match(body) is { Success: true } version
                ? version.Groups[1].Value
                : $"{(int)answer.StatusCode} {body}";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>The host names that lead to a container. One that is not healthy yet, or not any more, has none.</summary>
    private static IEnumerable<Sighting> Of(ContainerInspectResponse container)
    {
        if (container.State?.Health?.Status is { Length: > 0 } health and not ("none" or "healthy"))
            return [];
        var labels = container.Config?.Labels ?? new Dictionary<string, string>();
        var variables = (container.Config?.Env ?? [])
            .Select(variable => variable.Split('=', 2))
            .ToDictionary(variable => variable[0], variable => variable.ElementAtOrDefault(1) ?? "");
        var exposed = (container.Config?.ExposedPorts?.Keys ?? [])
            .Select(port => int.Parse(port.Split('/')[0], CultureInfo.InvariantCulture))
            .Order()
            .ToList();
        return OfTraefik(container, labels, exposed)
            .Concat(OfCaddy(container, labels))
            .Concat(OfNginx(container, variables, exposed));
    }

    private static IEnumerable<Sighting> OfTraefik(
        ContainerInspectResponse container,
        IDictionary<string, string> labels,
        List<int> exposed
    ) =>
        labels.TryGetValue("traefik.enable", out var enabled) && enabled == "false"
            ? []
            : from label in labels
            let rule = Rule().Match(label.Value)
            where label.Key.StartsWith("traefik.http.routers.", StringComparison.Ordinal) && rule.Success
            select new Sighting(
                container.ID,
                rule.Groups[1].Value,
                AddressOf(container, labels.TryGetValue("traefik.docker.network", out var network) ? network : null),
                exposed.FirstOrDefault()
            );

    private static IEnumerable<Sighting> OfCaddy(
        ContainerInspectResponse container,
        IDictionary<string, string> labels
    ) =>
        labels.TryGetValue("caddy", out var host)
            ?
            [
                new Sighting(
                    container.ID,
                    host,
                    AddressOf(container, null),
                    int.Parse(
                        Upstreams().Match(labels["caddy.reverse_proxy"]).Groups[1].Value,
                        CultureInfo.InvariantCulture
                    )
                ),
            ]
            : [];

    private static IEnumerable<Sighting> OfNginx(
        ContainerInspectResponse container,
        Dictionary<string, string> variables,
        List<int> exposed
    ) =>
        variables.TryGetValue("VIRTUAL_HOST", out var host)
            ? [new Sighting(container.ID, host, AddressOf(container, null), exposed is [var only] ? only : 80)]
            : [];

    private static string AddressOf(ContainerInspectResponse container, string? network) =>
        network is null ? container.NetworkSettings!.Networks!.Values.First().IPAddress
        : container.NetworkSettings!.Networks!.TryGetValue(network, out var there) ? there.IPAddress
        : $"(not on {network})";

    [GeneratedRegex("Host\\(`([^`]+)`\\)")]
    private static partial Regex Rule();

    [GeneratedRegex("upstreams (\\d+)")]
    private static partial Regex Upstreams();

    [GeneratedRegex("\"version\":\"(\\w+)\"")]
    private static partial Regex Version();

    /// <summary>Where a proxy would lead the requests for a host name.</summary>
    public sealed record Sighting(string Container, string Host, string Address, int Port)
    {
        public Uri Url => new(FormattableString.Invariant($"http://{Address}:{Port}/x"));
    }
}
