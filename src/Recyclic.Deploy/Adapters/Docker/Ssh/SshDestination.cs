using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker.Ssh;

/// <summary>
/// Pure: where an engine's <c>ssh://</c> address leads, as the programs <c>ssh</c> and <c>docker</c> are told it.
/// </summary>
/// <param name="Socket">The engine's socket on the far side; null: as docker is set there.</param>
internal sealed record SshDestination(string Host, string? User, int? Port, string? Socket)
{
    private const string Scheme = "ssh://";

    /// <summary>By which ssh notices a far side that does not answer, or does no more.</summary>
    public static readonly ImmutableArray<string> Liveness =
    [
        "-o",
        "ConnectTimeout=20",
        "-o",
        "ServerAliveInterval=5",
        "-o",
        "ServerAliveCountMax=3",
    ];

    /// <summary>Reads <c>ssh://[user@]host[:port][/path/of/the/socket]</c>; null: it is no such address.</summary>
    public static SshDestination? Parse(string address) =>
        address.StartsWith(Scheme, StringComparison.Ordinal)
        && EngineAddress.Parse(address).WhyInvalid() is null
        && Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? new(
                uri.DnsSafeHost,
                uri.UserInfo.Length > 0 ? uri.UserInfo : null,
                uri.Port > 0 ? uri.Port : null,
                uri.AbsolutePath.Length > 1 ? uri.AbsolutePath : null
            )
            : null;

    /// <summary>The end of an ssh command line: who, which door, which host, and a command for the far side.</summary>
    public ImmutableArray<string> Arguments(params ReadOnlySpan<string> command) =>
        [
            .. User is null ? [] : new[] { "-l", User },
            .. Port is { } port ? ["-p", $"{port}"] : Array.Empty<string>(),
            "--",
            Host,
            .. command,
        ];

    /// <summary>Joins input and output to the engine: docker's own way through ssh.</summary>
    public ImmutableArray<string> DialStdio =>
        Arguments([
            .. Socket is null ? ["docker"] : new[] { "docker", "--host", $"unix://{Socket}" },
            "system",
            "dial-stdio",
        ]);

    public override string ToString() =>
        $"{Scheme}{(User is null ? "" : User + "@")}{(Host.Contains(':') ? $"[{Host}]" : Host)}{(Port is { } port ? $":{port}" : "")}{Socket}";
}
