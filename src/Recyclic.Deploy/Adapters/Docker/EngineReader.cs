using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Reads what the engine is, and who holds its host's ports.</summary>
internal sealed class EngineReader(DockerCli docker)
{
    public async Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken)
    {
        var composing = docker.ReadAsync(["compose", "version", "--short"], cancellationToken);
        var endpoint = docker.ReadAsync(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], cancellationToken);
        var result = await docker.ReadAsync(["version", "--format", "{{json .Server}}"], cancellationToken);
        if (!result.Succeeded || Parse(result.StandardOutput) is not { } server)
            throw new ConfigurationException("engine", $"no Docker engine answers: {LastLine(result.StandardError)}", "Start it, or run ./build.sh Setup; for another host's engine check DOCKER_HOST or the docker context.");
        var compose = await composing;
        if (!compose.Succeeded)
            throw new ConfigurationException("docker compose", $"Compose v2 is missing: {LastLine(compose.StandardError)}", "Install the compose plugin, or run ./build.sh Setup.");
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } given ? given : (await endpoint).StandardOutput.Trim();
        return new EngineFacts(
            EngineJson.Text(server["Version"]), ParseVersion(EngineJson.Text(server["ApiVersion"])), EngineJson.Text(server["Arch"]), EngineJson.Text(server["Os"]),
            ParseVersion(compose.StandardOutput.Trim()), host.Length == 0 || host.StartsWith("unix://", StringComparison.Ordinal));
    }

    public async Task<ImmutableArray<string>> FindPortHoldersAsync(EngineApi api, string app, IEnumerable<string> ports, CancellationToken cancellationToken)
    {
        var own = "/" + new Naming(app).EdgeContainer;
        var wanted = ports.Select(port => (Text: port, Number: int.Parse(port[(port.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture))).ToList();
        var containers = (await api.GetAsync("/containers/json", cancellationToken) as JsonArray ?? []).OfType<JsonObject>().ToList();
        var held = (from container in containers
                    let name = EngineJson.Text((container["Names"] as JsonArray)?[0])
                    where name != own
                    from port in container["Ports"] as JsonArray ?? []
                    let number = port?["PublicPort"]?.GetValue<int>()
                    where wanted.Any(want => want.Number == number)
                    select (number!.Value, Holder: $"port {number} is published by the container {name.TrimStart('/')}")).DistinctBy(entry => entry.Value).ToDictionary(entry => entry.Value, entry => entry.Holder);
        var edgeHolds = containers.Any(container => EngineJson.Text((container["Names"] as JsonArray)?[0]) == own);
        var facts = edgeHolds ? null : await ReadFactsAsync(cancellationToken);
        foreach (var port in wanted.Where(want => facts is { IsLocal: true } && !held.ContainsKey(want.Number) && IsTaken(want.Text, want.Number)))
            held[port.Number] = $"port {port.Number} is taken by another process of this machine (`ss -ltnp sport = :{port.Number}` names it)";
        return [.. held.Values];
    }

    private static bool IsTaken(string port, int number)
    {
        var address = port.LastIndexOf(':') is > 0 and var colon && IPAddress.TryParse(port[..colon].Trim('[', ']'), out var given) ? given : IPAddress.Any;
        try
        {
            using var listener = new TcpListener(address, number);
            listener.Start();
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }

    private static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Version ParseVersion(string text)
    {
        var numbers = new string([.. text.TrimStart('v').TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]).Trim('.');
        return Version.TryParse(numbers, out var version) ? version : new Version(0, 0);
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Trim() ?? "no answer";
}
