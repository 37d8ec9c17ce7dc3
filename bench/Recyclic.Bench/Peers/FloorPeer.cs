using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>
/// What the work costs at least: containers by the engine's API side by side, a look at each every 10 ms, the script's
/// proxy switched by its runtime API, open requests awaited, the old ones stopped. Nobody would deploy so: it has no
/// record, no lock, no undo, no word of the engine's on health, and no process to start.
/// </summary>
internal sealed class FloorPeer(Workshop workshop) : IPeer, IDisposable
{
    private const string Project = "bench-bash";
    private const int RuntimePort = 29999;
    private static readonly string[] Services = ["api", "frontend", "bot"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _engine = new(
        new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }
    )
    {
        BaseAddress = new Uri("http://docker/"),
    };
    private readonly HttpClient _probe = new() { Timeout = TimeSpan.FromSeconds(2) };
    private string _serving = "green";

    public string Name => "floor";

    public string Title => "the floor: the engine's API side by side, a look every 10 ms";

    public async Task SetUpAsync(Work work, CancellationToken cancellationToken)
    {
        (
            await workshop.RunAsync(work, workshop.Path("peers/bluegreen.sh"), ["setup"], cancellationToken)
        ).EnsureSuccess();
        (await DeployAsync(work, cancellationToken)).EnsureSuccess();
    }

    public async Task<CommandResult> DeployAsync(Work work, CancellationToken cancellationToken)
    {
        var (old, now) = (_serving, _serving == "blue" ? "green" : "blue");
        var command = Command.Of("floor", work.Tag);
        var addresses = await Task.WhenAll(
            Services.Select(service => StartAsync(service, now, work, cancellationToken))
        );
        var healthy = await Task.WhenAll(addresses.Select(address => IsHealthyAsync(address, cancellationToken)));
        if (healthy.Contains(false))
        {
            await StopAsync(now, cancellationToken);
            return new CommandResult(command, 1, "", "");
        }
        await SwitchAsync(now, old, addresses, cancellationToken);
        _serving = now;
        await DrainedAsync(old, cancellationToken);
        await StopAsync(old, cancellationToken);
        return new CommandResult(command, 0, "", "");
    }

    public Task<CommandResult> RollbackAsync(Work work, CancellationToken cancellationToken) =>
        DeployAsync(work, cancellationToken);

    public Task TearDownAsync(CancellationToken cancellationToken)
    {
        _serving = "green";
        return workshop.RemoveByPrefixAsync(Project, cancellationToken);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _probe.Dispose();
    }

    private static string ContainerOf(string service, string colour) => $"{Project}-{colour}-{service}";

    /// <returns>Its address.</returns>
    private async Task<string> StartAsync(string service, string colour, Work work, CancellationToken cancellationToken)
    {
        var name = ContainerOf(service, colour);
        var delay = work.StartDelay.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        JsonObject wish = new()
        {
            ["Image"] = $"recyclicbench/app:{work.Tag}",
            ["Env"] = new JsonArray($"SERVICE={service}", $"START_DELAY_MS={delay}"),
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = $"{Project}-edge" },
        };
        await EngineAsync(HttpMethod.Post, $"containers/create?name={name}", wish, cancellationToken);
        await EngineAsync(HttpMethod.Post, $"containers/{name}/start", null, cancellationToken);
        using var there = JsonDocument.Parse(
            await EngineAsync(HttpMethod.Get, $"containers/{name}/json", null, cancellationToken)
        );
        return there
            .RootElement.GetProperty("NetworkSettings")
            .GetProperty("Networks")
            .GetProperty($"{Project}-edge")
            .GetProperty("IPAddress")
            .GetString()!;
    }

    private async Task<bool> IsHealthyAsync(string address, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        while (started.Elapsed < HealthPatience)
        {
            try
            {
                using var answer = await _probe.GetAsync($"http://{address}:8080/health", cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return true;
            }
            catch (Exception exception) when (exception is HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(Pause, cancellationToken);
        }
        return false;
    }

    private static Task<string> SwitchAsync(
        string now,
        string old,
        string[] addresses,
        CancellationToken cancellationToken
    ) =>
        RuntimeAsync(
            string.Join(
                "; ",
                Services
                    .Zip(addresses)
                    .Select(pair =>
                        $"set server {pair.First}/{now} addr {pair.Second} port 8080; set server {pair.First}/{now} state ready"
                    )
                    .Concat(Services.Select(service => $"set server {service}/{old} state drain"))
            ),
            cancellationToken
        );

    private static async Task DrainedAsync(string colour, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        while (started.Elapsed < DrainPatience && await OpenAsync() > 0)
            await Task.Delay(Pause, cancellationToken);

        async Task<int> OpenAsync() =>
            (await RuntimeAsync("show stat", cancellationToken))
                .Split('\n')
                .Select(line => line.Split(','))
                .Where(cells => cells.Length > 4 && cells[1] == colour)
                .Sum(cells => int.Parse(cells[4], CultureInfo.InvariantCulture));
    }

    private Task StopAsync(string colour, CancellationToken cancellationToken) =>
        Task.WhenAll(
            Services
                .Select(service => ContainerOf(service, colour))
                .Select(async name =>
                {
                    await EngineAsync(HttpMethod.Post, $"containers/{name}/stop", null, cancellationToken);
                    await EngineAsync(HttpMethod.Delete, $"containers/{name}?v=1&force=1", null, cancellationToken);
                })
        );

    /// <summary>404 is an answer too: a colour that was never there has nothing to be stopped.</summary>
    private async Task<string> EngineAsync(
        HttpMethod method,
        string path,
        JsonObject? wish,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (wish is not null)
            request.Content = JsonContent.Create(wish);
        using var answer = await _engine.SendAsync(request, cancellationToken);
        if (answer.StatusCode != System.Net.HttpStatusCode.NotFound)
            answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Commands to the proxy's runtime API; what it answers.</summary>
    private static async Task<string> RuntimeAsync(string commands, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", RuntimePort, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(commands + "\n"), cancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
