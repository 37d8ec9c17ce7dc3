using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>One service whose ports speak HTTP, TLS, SMTP and more.</summary>
[Category("Docker"), CancelAfter(150_000)]
public sealed class PortModeTests
{
    private const int Http = 17780,
        Tls = 17781,
        Smtp = 17782,
        Inspected = 17783,
        Proxied = 17784;

    private const string Host = "shop.test";

    [Test]
    public async Task Each_port_works_by_its_protocol_after_a_deploy_and_all_through_an_upgrade(
        CancellationToken cancellationToken
    )
    {
        await PrepareAsync(cancellationToken);
        using var files = new Copied("ports/docker-compose.yml");
        var fingerprint = await WriteCertificateAsync(Path.Combine(files.Root, "certificate.pem"), cancellationToken);
        await using var stack = new Stack("cmp-ports", "ports/docker-compose.yml") { ComposeFile = files.File };
        var dry = await stack.DeployAsync("v1", cancellationToken, "--dry-run");
        dry.StandardOutput.ShouldContain(
            "ports: 17780 to web:8080 http (well known: 8080 is HTTP); 17781 to web:8443 tcp (well known: 8443 is HTTPS); 17782 to web:2526 tcp (app_protocol: smtp); "
                + "17783 to web:9912 auto (each connection by what it begins with); 17784 to web:9913 tcp with the PROXY protocol (x-recyclic.ports)"
        );

        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError);
        await AllAnswerAsync("v1", fingerprint, cancellationToken);

        using var kept = await KeptConnection.OpenAsync(Url(Inspected), cancellationToken);
        (await kept.AskAsync(cancellationToken)).Body.ShouldContain("\"version\":\"v1\"");
        await Load.LosesNothingAsync(
            Url(Inspected),
            () =>
                OthersLoseNothingAsync(
                    () => stack.DeployAsync("v2", cancellationToken, "--watch", "0"),
                    fingerprint,
                    cancellationToken
                ),
            ["v1", "v2"],
            cancellationToken
        );

        await AllAnswerAsync("v2", fingerprint, cancellationToken);
        (await kept.AskAsync(cancellationToken)).Body.ShouldContain(
            "\"version\":\"v2\"",
            Case.Sensitive,
            "each request of a kept connection is led anew"
        );
    }

    private static async Task AllAnswerAsync(string version, string fingerprint, CancellationToken cancellationToken)
    {
        foreach (var port in new[] { Http, Inspected })
        {
            using var connection = await KeptConnection.OpenAsync(Url(port), cancellationToken);
            for (var request = 0; request < 3; request++)
            {
                var (head, body) = await connection.AskAsync(
                    cancellationToken,
                    $"X-Shop: a \u00e9 \u00fc={request}; b",
                    $"Cookie: {new string('c', 4000)}"
                );
                body.ShouldMatch(
                    $"\\{{\"version\":\"{version}\",\"forwarded\":\"[0-9.]+\",\"host\":\"127.0.0.1:{port}\",\"shop\":\"a \u00e9 \u00fc={request}; b\"\\}}"
                );
                foreach (var header in new[] { "x-answer: kept", "set-cookie: a=1", "set-cookie: b=2" })
                    head.ShouldContain(header);
            }
        }
        (await OverTlsAsync(fingerprint, cancellationToken)).ShouldBe(version);
        (await FirstLineAsync(Smtp, [], cancellationToken)).ShouldBe($"220 {version}");
        (await FirstLineAsync(Inspected, "\u0001 no HTTP\n"u8.ToArray(), cancellationToken)).ShouldBe(
            $"{version} \u0001 no HTTP"
        );
        (await FirstLineAsync(Proxied, "hello\n"u8.ToArray(), cancellationToken)).ShouldBe(
            $"{version} 0d0a0d0a000d0a515549540a",
            "it begins as the PROXY protocol, version 2, does"
        );
    }

    /// <summary>
    /// While a command runs, clients of the other protocols come one after the other; each must be answered.
    /// </summary>
    private static async Task<CommandResult> OthersLoseNothingAsync(
        Func<Task<CommandResult>> command,
        string fingerprint,
        CancellationToken cancellationToken
    )
    {
        var running = command();
        while (!running.IsCompleted)
        {
            (await OverTlsAsync(fingerprint, cancellationToken)).ShouldMatch("^v[12]$");
            (await FirstLineAsync(Smtp, [], cancellationToken)).ShouldMatch("^220 v[12]$");
            (await FirstLineAsync(Inspected, "\u0001\n"u8.ToArray(), cancellationToken)).ShouldMatch("^v[12] \u0001$");
        }
        return await running;
    }

    private static async Task<string> FirstLineAsync(int port, byte[] say, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        if (say.Length > 0)
            await client.GetStream().WriteAsync(say, cancellationToken);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await reader.ReadLineAsync(cancellationToken) ?? "(closed without a line)";
    }

    /// <summary>The answer of the service, which must be the one that has shown the certificate.</summary>
    private static async Task<string> OverTlsAsync(string fingerprint, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Tls, cancellationToken);
        await using var stream = new SslStream(client.GetStream());
        string? shown = null;
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Host,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    (shown = certificate?.GetCertHashString()) is not null,
            },
            cancellationToken
        );
        shown.ShouldBe(fingerprint, "nobody on the way has ended TLS");
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {Host}\r\nConnection: close\r\n\r\n"),
            cancellationToken
        );
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync(cancellationToken)).Split("\r\n\r\n")[^1];
    }

    /// <summary>Writes a certificate and its key; gives what it is known by.</summary>
    private static async Task<string> WriteCertificateAsync(string path, CancellationToken cancellationToken)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            $"CN={Host}",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(
            path,
            $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n",
            cancellationToken
        );
        return certificate.GetCertHashString();
    }

    /// <summary>
    /// What ends TLS in the service is that of the edge's image, which every engine with an application has.
    /// </summary>
    private static async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        var docker = new DockerCli(new ProcessCommandRunner());
        using var engine = new DockerEngine(docker);
        await new EdgeImage(docker, engine.Client).EnsureAsync(cancellationToken);
        foreach (var version in new[] { "v1", "v2" })
            await Images.DeriveAsync(
                "ports",
                version,
                $"FROM {EdgeImage.Reference}\nUSER root\nCOPY --from=0 /server /server\nENV VERSION={version}",
                cancellationToken
            );
    }

    private static Uri Url(int port) => new($"http://127.0.0.1:{port}/");
}
