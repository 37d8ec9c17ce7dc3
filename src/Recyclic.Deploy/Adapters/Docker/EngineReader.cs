using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet.Models;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;
using Version = System.Version;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Reads what the engine is, and who holds its host's ports.</summary>
internal sealed class EngineReader(DockerCli docker, EngineClient engine)
{
    public async Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken)
    {
        var composing = TryReadAsync(["compose", "version", "--short"], cancellationToken);
        var server = await ReadServerAsync(cancellationToken);
        var (compose, noCompose) = await composing;
        if (noCompose is not null)
            throw new ConfigurationException(
                "docker compose",
                $"Compose v2 is missing: {noCompose}",
                "Install the compose plugin, or run ./build.sh Setup."
            );
        return new EngineFacts(
            server.Version ?? "",
            ParseVersion(server.APIVersion ?? ""),
            server.Arch ?? "",
            server.Os ?? "",
            ParseVersion(compose.Trim()),
            docker.Setting.IsLocal
        );
    }

    /// <summary>All at once: an answer takes the engine a millisecond or two.</summary>
    public async Task<ImmutableDictionary<string, long>> ReadMemoryUsesAsync(
        IEnumerable<string> containers,
        CancellationToken cancellationToken
    )
    {
        var read = await Task.WhenAll(
            containers
                .Distinct()
                .Select(async id =>
                    (id, use: EngineAnswers.MemoryUse(await engine.ReadMemoryAsync(id, cancellationToken)))
                )
        );
        return read.Where(one => one.use is > 0).ToImmutableDictionary(one => one.id, one => one.use!.Value);
    }

    public async Task<ImmutableArray<string>> FindPortHoldersAsync(
        string app,
        IEnumerable<string> ports,
        CancellationToken cancellationToken
    )
    {
        var edge = new Naming(app).EdgeContainer;
        var published = (
            from container in await engine.ListContainersAsync(cancellationToken)
            from port in container.Ports ?? []
            where port.PublicPort is not null
            select (
                Container: EngineAnswers.Name(container),
                IsOwn: EngineAnswers.Name(container) == edge || IsGateOf(app, EngineAnswers.Labels(container.Labels)),
                Address: port.IP ?? "",
                Number: (int)port.PublicPort!,
                Protocol: port.Type
            )
        ).ToList();
        var holders = ImmutableArray.CreateBuilder<string>();
        foreach (var (address, number, protocol) in ports.Distinct().Select(SplitPort))
        {
            var takers = published
                .Where(port => port.Number == number && port.Protocol == protocol && Overlap(port.Address, address))
                .ToList();
            // What goes for it, or has it already.
            if (takers.Any(taker => taker.IsOwn))
                continue;
            if (takers.Count > 0)
                holders.Add(
                    $"port {number}{(protocol == "tcp" ? "" : $"/{protocol}")} is published by the container {takers[0].Container}"
                );
            else if (docker.Setting.IsLocal && protocol == "udp" && IsTaken(address, number, SocketType.Dgram))
                holders.Add(
                    $"port {number}/udp is taken by another process of this machine (`ss -lunp sport = :{number}` shows it)"
                );
            else if (docker.Setting.IsLocal && protocol == "tcp" && IsTaken(address, number, SocketType.Stream))
                holders.Add(
                    $"port {number} is taken by {PortOwner.Describe(number) ?? "another process"} of this machine (`ss -ltnp sport = :{number}` shows it)"
                );
        }
        return holders.ToImmutable();
    }

    /// <summary>
    /// What the engine says of itself. If it does not, or is too old to be asked, the docker command line is: it knows
    /// why.
    /// </summary>
    private async Task<VersionResponse> ReadServerAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await engine.ReadVersionAsync(cancellationToken);
        }
        catch (EngineException)
        {
            // The words that follow say it better.
        }
        var (answer, error) = await TryReadAsync(["version", "--format", "{{json .Server}}"], cancellationToken);
        return error is null && Parse(answer) is { } server
            ? server
            : throw new ConfigurationException(
                "engine",
                $"no Docker engine answers: {error ?? "no answer"}",
                HowToReach(error ?? "")
            );
    }

    private static bool IsGateOf(string app, ImmutableDictionary<string, string> labels) =>
        labels.GetValueOrDefault(Naming.AppLabel) == app
        && labels.GetValueOrDefault(Naming.RoleLabel) is Naming.GateRole or Naming.EdgeRole;

    /// <summary>`[address:]port[/protocol]`.</summary>
    private static (string Address, int Number, string Protocol) SplitPort(string port)
    {
        var parts = port.Split('/');
        var colon = parts[0].LastIndexOf(':');
        return (
            parts[0][..Math.Max(0, colon)].Trim('[', ']'),
            int.Parse(parts[0][(colon + 1)..], CultureInfo.InvariantCulture),
            parts is [_, var protocol] ? protocol : "tcp"
        );
    }

    private static bool Overlap(string one, string other) => IsAny(one) || IsAny(other) || one == other;

    private static bool IsAny(string address) => address is "" or "0.0.0.0" or "::";

    private static bool IsTaken(string address, int number, SocketType type)
    {
        // The engine binds a port without an address on IPv4 and IPv6.
        IPAddress[] addresses =
            IPAddress.TryParse(address, out var given) ? [given]
            : Socket.OSSupportsIPv6 ? [IPAddress.Any, IPAddress.IPv6Any]
            : [IPAddress.Any];
        return addresses.Any(each =>
        {
            try
            {
                using var socket = new Socket(
                    each.AddressFamily,
                    type,
                    type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp
                );
                // As the engine does: IPv4 and IPv6 each for themselves.
                if (each.AddressFamily == AddressFamily.InterNetworkV6)
                    socket.DualMode = false;
                socket.Bind(new IPEndPoint(each, number));
                if (type == SocketType.Stream)
                    socket.Listen();
                return false;
            }
            catch (SocketException exception)
            {
                return exception.SocketErrorCode == SocketError.AddressAlreadyInUse;
            }
        });
    }

    /// <summary>What a command that only reads says, or why it says nothing.</summary>
    private async Task<(string Output, string? Error)> TryReadAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var result = await docker.ReadAsync(arguments, cancellationToken);
            return (result.StandardOutput, result.Succeeded ? null : LastLine(result.StandardError));
        }
        catch (CommandFailedException exception)
        {
            return ("", exception.Message);
        }
    }

    /// <summary>What to do about an engine that does not answer.</summary>
    internal static string HowToReach(string error)
    {
        if (error.Contains("permission denied", StringComparison.OrdinalIgnoreCase))
            return "Let your user use it: add it to the group docker and log in again; or run this command as root.";
        return Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host
            ? $"DOCKER_HOST is {host}: mend or unset it, or start the engine there."
            : "Start it, or run ./build.sh Setup; for another host's engine check DOCKER_HOST or the docker context.";
    }

    private static VersionResponse? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<VersionResponse>(json);
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

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Trim() ?? "no answer";
}
