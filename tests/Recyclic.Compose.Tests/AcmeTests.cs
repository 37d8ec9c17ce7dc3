using System.Net;
using System.Text.Json.Nodes;
using Recyclic.Certificates;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>Certificates from an authority that asks whether the name leads to the edge.</summary>
[Category("Docker"), CancelAfter(580_000), NonParallelizable]
public sealed class AcmeTests
{
    private const string App = "cmp-acme";
    private const int Secure = 17943,
        Plain = 17980;

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task A_certificate_is_obtained_served_and_renewed_under_load_without_a_lost_request(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "one-off.yml") { ComposeFile = _folder["compose.yml"] };
        await stack.RemoveAsync();
        await using var pebble = await Pebble.StartAsync(Plain, cancellationToken);
        var root = await pebble.RootAsync(cancellationToken);
        await WriteAsync(stack, pebble.Directory);
        var first = Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        Said(first).ShouldContain("obtained the certificate for shop.test, valid until ");

        // The site was never without it, and what nobody asked for reaches the application.
        await using var load = new TlsLoad(Secure, "shop.test", perSecond: 200, root);
        (await PlainAsync("/.well-known/acme-challenge/abc-_1", cancellationToken)).ShouldMatch(@"^abc-_1\.[\w-]{43}$");
        (await PlainAsync("/.well-known/acme-challenge/a%20b", cancellationToken)).ShouldBe("308");
        var before = await ServedAsync(root, cancellationToken);
        var kept = Good(await RenewAsync(stack, cancellationToken));
        kept.StandardOutput.ShouldContain($"{App}: has the certificate for shop.test, valid until ");
        (await ServedAsync(root, cancellationToken)).ShouldBe(before);

        await AgeAsync(cancellationToken);
        var renewed = Good(await RenewAsync(stack, cancellationToken));
        renewed.StandardOutput.ShouldContain($"{App}: obtained the certificate for shop.test, valid until ");
        var second = await ServedAsync(root, cancellationToken);
        second.ShouldNotBe(before);

        await AgeAsync(cancellationToken);
        var deployed = Good(await stack.DeployAsync("v2", cancellationToken, "--watch", "0"));
        Said(deployed).ShouldContain("renew the certificate for shop.test from ");
        var third = await ServedAsync(root, cancellationToken);
        third.ShouldNotBe(second);
        var back = Good(await stack.RollbackAsync(cancellationToken));
        (await ServedAsync(root, cancellationToken)).ShouldBe(third);
        await load.StopAsync();
        load.Failures.ShouldBeEmpty();
        load.Versions.ShouldBe(["v1", "v2"], ignoreOrder: true);
        load.Answered.ShouldBeGreaterThan(300);
        TestContext.Out.WriteLine(
            $"{load.Answered} requests, {load.Handshakes} handshakes, none failed, in {load.Took.TotalSeconds:0.0} s"
        );

        var status = Good(await stack.BuildAsync(["Status", .. stack.Files, "--json"], cancellationToken));
        var shown = JsonNode.Parse(status.StandardOutput)!["certificates"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)shown["origin"], (string?)shown["hosts"]![0]).ShouldBe(("acme", "shop.test"));
        await KeepsKeysToItselfAsync([first, kept, renewed, deployed, back, status], cancellationToken);
    }

    [Test]
    public async Task Where_none_can_be_obtained_the_site_comes_up_and_says_so(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "one-off.yml") { ComposeFile = _folder["compose.yml"] };
        await stack.RemoveAsync();
        await WriteAsync(stack, "https://127.0.0.1:9/dir");
        var deployed = Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        Said(deployed).ShouldContain("no certificate for shop.test was obtained: 127.0.0.1 does not answer.");
        using var trusting = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = TlsLoad.ConnectAsync,
                SslOptions =
                {
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        certificate?.Subject == "CN=self-signed until one is obtained",
                },
            }
        );
        (await trusting.GetStringAsync($"https://shop.test:{Secure}/", cancellationToken)).ShouldContain("v1");
        var failed = await RenewAsync(stack, cancellationToken);
        failed.ExitCode.ShouldBe(1, Said(failed));
        Said(failed).ShouldContain("Look whether the engine's containers reach it");
        var status = Good(await stack.BuildAsync(["Status", .. stack.Files], cancellationToken));
        status.StandardOutput.ShouldContain("  tls       shop.test, SELF-SIGNED until one is obtained");
    }

    private async Task WriteAsync(Stack stack, string directory)
    {
        await File.WriteAllTextAsync(_folder["ca.pem"], TestCertificate.Authority.ExportCertificatePem());
        await File.WriteAllTextAsync(
            stack.ComposeFile,
            $$"""
            services:
              web:
                image: recyclic-compose-test/healthy:${TAG}
                ports: ["{{Secure}}:8080", "{{Plain}}:8080"]
                x-recyclic:
                  host: shop.test
                  tls:
                    port: {{Secure}}
                    redirect: {{Plain}}
                    acme: { email: ops@example.org, directory: "{{directory}}", authority: ./ca.pem }
            """
        );
    }

    private static Task<CommandResult> RenewAsync(Stack stack, CancellationToken cancellationToken) =>
        stack.BuildAsync(["Certificates", "--renew", .. stack.Files], cancellationToken);

    private static CommandResult Good(CommandResult result)
    {
        result.ExitCode.ShouldBe(0, Said(result));
        return result;
    }

    private static string Said(CommandResult result) => result.StandardOutput + result.StandardError;

    /// <summary>As if it had been issued in 1970, so that most of its life is over.</summary>
    private static Task<string> AgeAsync(CancellationToken cancellationToken) =>
        Stack.DockerAsync(
            cancellationToken,
            "exec",
            $"{App}-edge",
            "sh",
            "-c",
            "sed -i 's/:[0-9]*:Obtained$/:0:Obtained/' /var/lib/recyclic/tls/acme-*.about"
        );

    /// <summary>The thumbprint of the certificate by which a new connection is answered; it must be the authority's.</summary>
    private static async Task<string> ServedAsync(
        System.Security.Cryptography.X509Certificates.X509Certificate2 root,
        CancellationToken cancellationToken
    )
    {
        var seen = new List<string>();
        var handler = TlsLoad.Handler(seen, root);
        // A session that is resumed is of the certificate that it began with.
        handler.SslOptions.AllowTlsResume = false;
        using var http = new HttpClient(handler);
        (await http.GetStringAsync($"https://shop.test:{Secure}/", cancellationToken)).ShouldContain("version");
        return seen.ShouldHaveSingleItem();
    }

    /// <summary>The text of an answer, or its status where that is not 200.</summary>
    private static async Task<string> PlainAsync(string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, ConnectCallback = TlsLoad.ConnectAsync }
        );
        using var answer = await http.GetAsync($"http://shop.test:{Plain}{path}", cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK
            ? await answer.Content.ReadAsStringAsync(cancellationToken)
            : $"{(int)answer.StatusCode}";
    }

    /// <summary>Of the host's owner alone, in the edge alone, and in nothing that anybody prints.</summary>
    private static async Task KeepsKeysToItselfAsync(
        IEnumerable<CommandResult> results,
        CancellationToken cancellationToken
    )
    {
        string[] find = ["find", "/var/lib/recyclic-keys", "-type", "f", "-printf", @"%m %u %p\n"];
        var keys = Stack.Lines(await Stack.DockerAsync(cancellationToken, ["exec", $"{App}-edge", .. find]));
        keys.ShouldAllBe(line => line.StartsWith("600 haproxy ", StringComparison.Ordinal));
        keys.ShouldContain(line => line.EndsWith("/account.key", StringComparison.Ordinal));
        var gates = Stack.Lines(
            await Stack.DockerAsync(cancellationToken, "ps", "--format", "{{.Names}}", "--filter", $"name={App}-gate-")
        );
        gates.Length.ShouldBe(2);
        foreach (var gate in gates)
            (
                await Stack.DockerAsync(cancellationToken, "exec", gate, "find", "/var/lib/recyclic-keys", "-type", "f")
            ).ShouldBeEmpty();
        var all = Stack.Lines(
            await Stack.DockerAsync(
                cancellationToken,
                "ps",
                "--all",
                "--quiet",
                "--filter",
                $"label=recyclic.app={App}"
            )
        );
        var shown =
            string.Concat(results.Select(Said)) + await Stack.DockerAsync(cancellationToken, ["inspect", .. all]);
        shown.ShouldNotContain("PRIVATE KEY", Case.Sensitive);
    }
}
