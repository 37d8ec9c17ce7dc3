using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Recyclic.Components.Registry;
using Recyclic.Components.Registry.Adapters;

namespace Recyclic.Components.Tests.Registry;

/// <summary>
/// The registry that Debian packages, on loopback: what the reader takes for granted is what it does.
/// </summary>
[CancelAfter(60_000)]
public sealed class RealRegistryTests
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private const string Program = "/usr/bin/docker-registry";
    private DirectoryInfo _directory = null!;
    private Process? _process;
    private string _host = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!File.Exists(Program))
            Assert.Ignore("there is no docker-registry; Debian's package of that name has it");
        _directory = Directory.CreateTempSubdirectory("recyclic-registry-");
        var port = FreePort();
        _host = $"127.0.0.1:{port}";
        var config = Path.Combine(_directory.FullName, "config.yml");
        await File.WriteAllTextAsync(
            config,
            $$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: {{_directory.FullName}}/data } }
            http: { addr: "{{_host}}" }
            """
        );
        _process = Process.Start(
            new ProcessStartInfo(Program, ["serve", config])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        using var client = new HttpClient();
        for (var tried = 0; tried < 200; tried++)
        {
            try
            {
                if ((await client.GetAsync(new Uri($"http://{_host}/v2/"))).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }
        Assert.Fail("docker-registry did not start");
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _directory?.Delete(recursive: true);
    }

    [Test]
    public async Task What_was_put_under_a_tag_is_found_with_the_digest_that_the_registry_gave(
        CancellationToken cancellationToken
    )
    {
        var image = new ImageName(_host, "team/api", "abc1234");
        using var registry = Reader();
        (await registry.FindAsync(image, cancellationToken)).ShouldBeNull();
        var (config, digest) = await PutAsync(image, cancellationToken);
        (await registry.FindAsync(image, cancellationToken)).ShouldBe(new RemoteImage(digest, config));
        (await registry.FindAsync(image with { Tag = "other" }, cancellationToken)).ShouldBeNull();
    }

    private static HttpRegistry Reader() =>
        new(
            RegistryAddress.IsLoopback,
            (_, _) => Task.FromResult<RegistryCredentials?>(null),
            TimeSpan.FromSeconds(10)
        );

    private async Task<(string Config, string Digest)> PutAsync(ImageName image, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var config = "{}"u8.ToArray();
        var configDigest = DigestOf(config);
        using var begun = await client.PostAsync(
            new Uri($"http://{_host}/v2/{image.Repository}/blobs/uploads/"),
            null,
            cancellationToken
        );
        using var blob = new ByteArrayContent(config);
        (
            await client.PutAsync(
                new Uri($"{begun.Headers.Location}&digest={Uri.EscapeDataString(configDigest)}"),
                blob,
                cancellationToken
            )
        ).EnsureSuccessStatusCode();
        var manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{config.Length}},"digest":"{{configDigest}}"},"layers":[]}"""
        );
        using var content = new ByteArrayContent(manifest)
        {
            Headers = { ContentType = new MediaTypeHeaderValue(ManifestType) },
        };
        using var put = (
            await client.PutAsync(
                new Uri($"http://{_host}/v2/{image.Repository}/manifests/{image.Tag}"),
                content,
                cancellationToken
            )
        ).EnsureSuccessStatusCode();
        return (configDigest, put.Headers.GetValues("Docker-Content-Digest").First());
    }

    private static string DigestOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
