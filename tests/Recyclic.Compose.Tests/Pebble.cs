using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Recyclic.Certificates;
using Recyclic.Processes;
using Recyclic.Terminals;

namespace Recyclic.Compose.Tests;

/// <summary>
/// An authority of the tests' own, that asks as a real one does: all host names lead to this machine, and to the port that the
/// edge publishes.
/// </summary>
internal sealed class Pebble : IAsyncDisposable
{
    private const int Port = 17890,
        Management = 17891,
        Dns = 17892;

    private readonly TemporaryFolder _folder;
    private readonly IRunningCommand _names;
    private readonly IRunningCommand _server;
    private readonly Task _reading;
    private readonly string _gateway;

    private Pebble(
        TemporaryFolder folder,
        IRunningCommand names,
        IRunningCommand server,
        Task reading,
        string gateway
    ) => (_folder, _names, _server, _reading, _gateway) = (folder, names, server, reading, gateway);

    /// <summary>As a container reaches it.</summary>
    public string Directory => $"https://{_gateway}:{Port}/dir";

    /// <param name="askedPort">Where it asks, in the place of port 80.</param>
    public static async Task<Pebble> StartAsync(int askedPort, CancellationToken cancellationToken)
    {
        var program = TestPrograms.FindOrIgnore("pebble");
        var dns = TestPrograms.FindOrIgnore("pebble-challtestsrv");
        var gateway = await Stack.DockerAsync(
            cancellationToken,
            "network",
            "inspect",
            "--format",
            "{{(index .IPAM.Config 0).Gateway}}",
            "bridge"
        );
        var folder = new TemporaryFolder();
        var own = TestCertificate.For(gateway);
        await File.WriteAllTextAsync(folder["own.pem"], own.Certificate, cancellationToken);
        await File.WriteAllTextAsync(folder["own.key"], own.Key, cancellationToken);
        await File.WriteAllTextAsync(
            folder["config.json"],
            $$"""
            { "pebble": { "listenAddress": "0.0.0.0:{{Port}}", "managementListenAddress": "127.0.0.1:{{Management}}",
              "certificate": "{{folder["own.pem"]}}", "privateKey": "{{folder["own.key"]}}",
              "httpPort": {{askedPort}}, "tlsPort": 5001, "ocspResponderURL": "", "externalAccountBindingRequired": false } }
            """,
            cancellationToken
        );
        var runner = new ProcessCommandRunner();
        string[] off = ["-http01", "", "-https01", "", "-tlsalpn01", ""];
        var names = runner.Start(
            Command.Of(
                dns,
                [
                    "-dns01",
                    $"127.0.0.1:{Dns}",
                    "-defaultIPv4",
                    "127.0.0.1",
                    "-defaultIPv6",
                    "",
                    "-management",
                    "127.0.0.1:17893",
                    .. off,
                ]
            )
        );
        var server = runner.Start(
            Command.Of(program, ["-config", folder["config.json"], "-dnsserver", $"127.0.0.1:{Dns}"]) with
            {
                Environment = ImmutableDictionary<string, string>
                    .Empty.Add("PEBBLE_VA_NOSLEEP", "1")
                    .Add("PEBBLE_WFE_NONCEREJECT", "0")
                    .Add("PEBBLE_AUTHZREUSE", "0"),
            }
        );
        var ready = new TaskCompletionSource();
        var reading = ReadAsync(server, ready);
        var pebble = new Pebble(folder, names, server, reading, gateway);
        try
        {
            await ready.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            return pebble;
        }
        catch
        {
            await pebble.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whose certificates it issues: made anew with each start.</summary>
    public async Task<X509Certificate2> RootAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(TlsLoad.Handler([]));
        return X509Certificate2.CreateFromPem(
            await http.GetStringAsync($"https://{_gateway}:{Management}/roots/0", cancellationToken)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _names.DisposeAsync();
        await _reading;
        _folder.Dispose();
    }

    private static async Task ReadAsync(IRunningCommand server, TaskCompletionSource ready)
    {
        await foreach (var line in server.ReadLinesAsync(CancellationToken.None))
            if (line.Contains("ACME directory available", StringComparison.Ordinal))
                ready.TrySetResult();
        ready.TrySetException(new IOException("pebble ended before it was ready"));
    }
}
