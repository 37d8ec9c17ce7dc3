using System.Text.Json.Nodes;
using Recyclic.Certificates;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>TLS ends at the edge: served, refused, and replaced under load.</summary>
[Category("Docker"), CancelAfter(290_000), NonParallelizable]
public sealed class TlsTests
{
    private const string App = "cmp-tls";
    private const int Secure = 17843,
        Plain = 17880;

    [Test]
    public async Task A_certificate_is_served_and_replaced_under_load_without_a_lost_request(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync(cancellationToken);
        await here.WriteAsync(TestCertificate.For("shop.test", "*.shop.test"));
        var plan = await here.DeployAsync("v1", cancellationToken, "--dry-run");
        plan.StandardOutput.ShouldContain($"{Secure} to web:8080 http behind TLS (x-recyclic.tls)");
        plan.StandardOutput.ShouldContain("give edge the certificate for *.shop.test, shop.test (valid until ");
        Good(await here.DeployAsync("v1", cancellationToken));
        var before = await ServedAsync("shop.test", cancellationToken);

        // Under load: another certificate by its target, another release, and both at once.
        await using var load = new TlsLoad(Secure, "shop.test", perSecond: 300);
        var handshakes = new List<string>();
        using var kept = Client(handshakes);
        (await kept.GetStringAsync($"https://shop.test:{Secure}/", cancellationToken)).ShouldContain("v1");
        await here.WriteAsync(TestCertificate.For("*.shop.test", "shop.test"));
        var put = await here.Stack.BuildAsync(["Certificates", .. here.Stack.Files], cancellationToken);
        Good(put);
        put.StandardOutput.ShouldContain("serves the new certificate for *.shop.test, shop.test, valid until ");
        var second = await ServedAsync("www.shop.test", cancellationToken);
        second.ShouldNotBe(before);
        (await kept.GetStringAsync($"https://shop.test:{Secure}/", cancellationToken)).ShouldContain("v1");
        handshakes.ShouldBe([before], "what was open stays open");

        // For one more name, and with another configuration, which comes by a reload.
        here.Hsts = 7200;
        await here.WriteAsync(TestCertificate.For("shop.test", "*.shop.test", "other.test"));
        Good(await here.DeployAsync("v2", cancellationToken));
        (await ServedAsync("shop.test", cancellationToken)).ShouldNotBe(second);
        Good(await here.Stack.RollbackAsync(cancellationToken));
        await load.StopAsync();
        load.Failures.ShouldBeEmpty();
        load.Versions.ShouldBe(["v1", "v2"], ignoreOrder: true);
        TestContext.Out.WriteLine(
            $"{load.Answered} requests, {load.Handshakes} handshakes, none failed, in {load.Took.TotalSeconds:0.0} s"
        );
        load.Answered.ShouldBeGreaterThan(500);

        var again = await here.Stack.BuildAsync(["Certificates", .. here.Stack.Files, "--json"], cancellationToken);
        JsonNode.Parse(again.StandardOutput)!["kept"]!.AsArray().Count.ShouldBe(1, again.StandardOutput);
        var status = await here.Stack.BuildAsync(["Status", .. here.Stack.Files], cancellationToken);
        status.StandardOutput.ShouldContain("  tls       *.shop.test, other.test, shop.test, valid until ");
        await here.ShowsNoKeyAsync(plan, put, again, status);
    }

    [Test]
    public async Task Protocols_names_and_ways_are_as_they_should_be(CancellationToken cancellationToken)
    {
        await using var here = await Here.AtAsync(cancellationToken);
        var (first, second) = (TestCertificate.For("shop.test"), TestCertificate.OfRsa(2048, "blog.test"));
        await here.WriteAsync(first, second);
        Good(await here.DeployAsync("v1", cancellationToken));

        foreach (var protocol in new[] { "-tls1_2", "-tls1_3" })
            (await AskOpenSslAsync(cancellationToken, protocol)).Succeeded.ShouldBeTrue(protocol);
        foreach (var protocol in new[] { "-tls1", "-tls1_1" })
            (
                await AskOpenSslAsync(cancellationToken, protocol, "-cipher", "ALL:@SECLEVEL=0")
            ).StandardOutput.ShouldContain("Cipher is (NONE)", customMessage: protocol);
        foreach (var cipher in new[] { "AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256" })
            (
                await AskOpenSslAsync(cancellationToken, "-tls1_2", "-cipher", $"{cipher}:@SECLEVEL=0")
            ).StandardOutput.ShouldContain("Cipher is (NONE)", customMessage: cipher);
        (await AskOpenSslAsync(cancellationToken, "-alpn", "h2,http/1.1")).StandardOutput.ShouldContain(
            "ALPN protocol: h2"
        );
        (await AskOpenSslAsync(cancellationToken, "-alpn", "http/1.1")).StandardOutput.ShouldContain(
            "ALPN protocol: http/1.1"
        );
        foreach (var host in new[] { "shop.test", "blog.test" })
            (await AskOpenSslAsync(cancellationToken, "-servername", host)).StandardOutput.ShouldMatch(
                $"subject=CN ?= ?{host}"
            );
        (await AskOpenSslAsync(cancellationToken, "-noservername")).StandardOutput.ShouldMatch(
            "subject=CN ?= ?(shop|blog).test"
        );

        using var http = Client([]);
        foreach (var version in new[] { new Version(1, 1), new Version(2, 0) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://shop.test:{Secure}/x")
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var answer = await http.SendAsync(request, cancellationToken);
            answer.Version.ShouldBe(version);
            (await answer.Content.ReadAsStringAsync(cancellationToken)).ShouldContain("\"path\":\"/x\"");
            answer.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=3600"]);
        }
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, $"http://shop.test:{Plain}/a/b?c=d");
            using var answer = await http.SendAsync(request, cancellationToken);
            ((int)answer.StatusCode, answer.Headers.Location?.ToString()).ShouldBe(
                (308, $"https://shop.test:{Secure}/a/b?c=d")
            );
            answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
        }
        (await here.KeysAsync(cancellationToken)).ShouldAllBe(line =>
            line.StartsWith("600 haproxy ", StringComparison.Ordinal)
        );
        foreach (var gate in await here.GatesAsync(cancellationToken))
            (
                await Stack.DockerAsync(
                    cancellationToken,
                    "exec",
                    gate,
                    "find",
                    "/var/lib/recyclic-keys",
                    "/var/lib/recyclic",
                    "-name",
                    "*.pem"
                )
            ).ShouldBeEmpty("a gate has no key");
    }

    [Test]
    public async Task A_port_that_another_release_passes_through_ends_TLS_from_the_cutover_on(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync(cancellationToken);
        await here.WriteAsync();
        Good(await here.DeployAsync("v1", cancellationToken));
        (await PlainAsync(Secure, cancellationToken)).ShouldBe("v1");
        await here.WriteAsync(TestCertificate.For("shop.test"));
        await Load.LosesNothingAsync(
            new Uri("http://127.0.0.1:17881/"),
            () => here.DeployAsync("v2", cancellationToken),
            ["v1", "v2"],
            cancellationToken
        );
        await ServedAsync("shop.test", cancellationToken);
        Good(await here.Stack.RollbackAsync(cancellationToken));
        (await PlainAsync(Secure, cancellationToken)).ShouldBe("v1");
        Good(await here.DeployAsync("v3", cancellationToken));
        await ServedAsync("shop.test", cancellationToken);
    }

    [Test]
    public async Task What_cannot_be_served_is_refused_with_its_place_before_anything_is_touched(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync(cancellationToken);
        var now = DateTimeOffset.UtcNow;
        var right = TestCertificate.For("shop.test");
        (TestCertificate Pair, string What)[] cases =
        [
            (
                right with
                {
                    Key = TestCertificate.For("shop.test").Key,
                },
                "does not belong to the certificate in ./0.crt"
            ),
            (
                TestCertificate.For(now.AddDays(-9), now.AddDays(-1), "shop.test"),
                "the certificate for shop.test expired on"
            ),
            (TestCertificate.For(now.AddDays(1), now.AddDays(9), "shop.test"), "is not valid before"),
            (TestCertificate.For("blog.test"), "x-recyclic.host is shop.test, and the certificate is for blog.test"),
        ];
        foreach (var (pair, what) in cases)
        {
            await here.WriteAsync("host: shop.test", pair);
            var refused = await here.DeployAsync("v1", cancellationToken);
            refused.ExitCode.ShouldBe(2, refused.StandardOutput + refused.StandardError);
            (refused.StandardOutput + refused.StandardError).ShouldContain(what);
            (refused.StandardOutput + refused.StandardError).ShouldContain("mend: ");
            await here.ShowsNoKeyAsync(refused);
        }
        (await here.Stack.LeftoversAsync(cancellationToken)).ShouldBeEmpty();
        await here.WriteAsync(TestCertificate.For(now.AddDays(-9), now.AddDays(9), "shop.test"));
        (await here.DeployAsync("v1", cancellationToken, "--dry-run")).StandardOutput.ShouldContain(
            "the certificate for shop.test ends in 8 days"
        );
    }

    [Test]
    public async Task A_key_comes_from_a_secret_of_the_file_or_from_a_variable(CancellationToken cancellationToken)
    {
        await using var here = await Here.AtAsync(cancellationToken);
        var pair = TestCertificate.For("shop.test");
        await here.WriteAsync(pair);
        var text = await File.ReadAllTextAsync(here.Stack.ComposeFile, cancellationToken);
        await File.WriteAllTextAsync(
            here.Stack.ComposeFile,
            text.Replace("certificate: ./0.crt", "certificate: { secret: cert }")
                .Replace("key: ./0.key", "key: { environment: SHOP_KEY }")
                + "\nsecrets: { cert: { environment: SHOP_CERT } }\n",
            cancellationToken
        );
        var missing = await here.DeployAsync("v1", cancellationToken, "--dry-run");
        missing.ExitCode.ShouldBe(2);
        (missing.StandardOutput + missing.StandardError).ShouldContain("the variable SHOP_KEY is not set");
        (missing.StandardOutput + missing.StandardError).ShouldContain(
            "the secret cert is the value of the variable SHOP_CERT, which is not set"
        );
        here.Stack.Environment = Stack.Variables(("SHOP_KEY", pair.Key), ("SHOP_CERT", pair.Certificate));
        var deployed = await here.DeployAsync("v1", cancellationToken);
        Good(deployed);
        await ServedAsync("shop.test", cancellationToken);
        await here.ShowsNoKeyAsync(deployed);
    }

    private static void Good(CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private static async Task<string> PlainAsync(int port, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/", cancellationToken))![
            "version"
        ]!.ToString();
    }

    /// <summary>The thumbprint of the certificate by which a new connection is answered; it must be valid for the host.</summary>
    private static async Task<string> ServedAsync(string host, CancellationToken cancellationToken)
    {
        var seen = new List<string>();
        using var http = Client(seen);
        (await http.GetStringAsync($"https://{host}:{Secure}/", cancellationToken)).ShouldContain("version");
        return seen.ShouldHaveSingleItem();
    }

    /// <summary>A client that finds every host here, and trusts the authority of the tests alone.</summary>
    private static HttpClient Client(List<string> seen) => new(TlsLoad.Handler(seen));

    private static Task<CommandResult> AskOpenSslAsync(CancellationToken cancellationToken, params string[] options) =>
        new ProcessCommandRunner().RunAsync(
            Command.Of("openssl", ["s_client", "-connect", $"127.0.0.1:{Secure}", .. options]) with
            {
                StandardInput = "",
                Timeout = TimeSpan.FromSeconds(20),
            },
            cancellationToken
        );

    private sealed class Here(TemporaryFolder folder, Stack stack) : IAsyncDisposable
    {
        private readonly List<string> _keys = [];

        public Stack Stack => stack;

        public int Hsts { get; set; } = 3600;

        public static async Task<Here> AtAsync(CancellationToken cancellationToken)
        {
            await Images.EnsureAsync();
            var folder = new TemporaryFolder();
            var stack = new Stack(App, "one-off.yml") { ComposeFile = folder["compose.yml"] };
            await stack.RemoveAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return new(folder, stack);
        }

        public Task<CommandResult> DeployAsync(string tag, CancellationToken cancellationToken, params string[] more) =>
            stack.DeployAsync(tag, cancellationToken, ["--watch", "0", .. more]);

        public Task WriteAsync(params TestCertificate[] pairs) => WriteAsync("", pairs);

        public async Task WriteAsync(string settings, params TestCertificate[] pairs)
        {
            var list = new List<string>();
            foreach (var (index, pair) in pairs.Index())
            {
                await File.WriteAllTextAsync(folder[$"{index}.crt"], pair.Certificate);
                await File.WriteAllTextAsync(folder[$"{index}.key"], pair.Key);
                _keys.Add(pair.Key.Split('\n')[1]);
                list.Add($"{{ certificate: ./{index}.crt, key: ./{index}.key }}");
            }
            var named = list.Count == 1 ? list[0].Trim('{', '}', ' ') : $"certificates: [{string.Join(", ", list)}]";
            var tls = list.Count == 0 ? "" : $"tls: {{ {named}, port: {Secure}, redirect: {Plain}, hsts: {Hsts} }}";
            await File.WriteAllTextAsync(
                stack.ComposeFile,
                $$"""
                services:
                  web:
                    image: recyclic-compose-test/healthy:${TAG}
                    ports: ["{{Secure}}:8080", "{{Plain}}:8080", "17881:8080"]
                    x-recyclic:
                      ports: { "8080": http }
                      {{settings}}
                      {{tls}}
                """
            );
        }

        /// <summary>Mode and owner of each file with a key.</summary>
        public async Task<string[]> KeysAsync(CancellationToken cancellationToken) =>
            Stack.Lines(
                await Stack.DockerAsync(
                    cancellationToken,
                    "exec",
                    $"{App}-edge",
                    "sh",
                    "-c",
                    "stat -c '%a %U %n' /var/lib/recyclic-keys/*.pem"
                )
            );

        /// <summary>The names of what publishes its ports.</summary>
        public async Task<string[]> GatesAsync(CancellationToken cancellationToken)
        {
            var gates = Stack.Lines(
                await Stack.DockerAsync(
                    cancellationToken,
                    "ps",
                    "--format",
                    "{{.Names}}",
                    "--filter",
                    $"name={App}-gate-"
                )
            );
            gates.ShouldNotBeEmpty();
            return gates;
        }

        /// <summary>Neither what was printed nor what anybody can inspect of containers has a line of a key.</summary>
        public async Task ShowsNoKeyAsync(params CommandResult[] results)
        {
            var text = string.Concat(results.Select(result => result.StandardOutput + result.StandardError));
            var containers = Stack.Lines(
                await Stack.DockerAsync(
                    CancellationToken.None,
                    "ps",
                    "--all",
                    "--quiet",
                    "--filter",
                    $"label=recyclic.app={App}"
                )
            );
            if (containers.Length > 0)
                text += await Stack.DockerAsync(CancellationToken.None, ["inspect", .. containers]);
            foreach (var key in _keys)
                text.ShouldNotContain(key, Case.Sensitive);
            text.ShouldNotContain("PRIVATE KEY", Case.Sensitive);
        }

        public async ValueTask DisposeAsync()
        {
            await stack.DisposeAsync();
            folder.Dispose();
        }
    }
}
