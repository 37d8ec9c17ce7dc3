using System.Net;
using System.Text.Json.Nodes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Several services behind one port, and a stack whose ports and routes change from version to version.
/// </summary>
[Category("Docker"), CancelAfter(150_000)]
public sealed class RouteTests
{
    [Test]
    public async Task Services_share_a_port_by_host_and_path_and_the_most_specific_wins(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-routes", "routes/docker-compose.yml")
        {
            Environment = Stack.Variables(("SHOP_HOST", "Shop.Example")),
        };
        var url = new Uri("http://127.0.0.1:17720/assets/logo");
        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError);
        await RoutesAsync("v1", cancellationToken);

        await Load.LosesNothingAsync(
            url,
            () => stack.DeployAsync("v2", cancellationToken, "--watch", "0", "--yes"),
            ["v1", "v2"],
            cancellationToken
        );
        await RoutesAsync("v2", cancellationToken);

        await Load.LosesNothingAsync(
            url,
            () => stack.RollbackAsync(cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
        await RoutesAsync("v1", cancellationToken);
    }

    [Test]
    public async Task A_version_may_change_its_container_port_and_its_routes_and_the_serving_one_works_until_the_cutover(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-changing", "changing/v1.yml");
        var url = new Uri("http://127.0.0.1:17730/api/x");
        (await stack.DeployAsync("v1", cancellationToken, "--watch", "0")).ExitCode.ShouldBe(0);
        (await AskAsync(17731, null, "/", cancellationToken)).ShouldBe("web v1");

        using var kept = await KeptConnection.OpenAsync(url, cancellationToken);
        (await kept.AskAsync(cancellationToken)).Body.ShouldContain("v1");

        stack.ComposeFile = Path.Combine(Repository.Files, "changing/v2.yml");
        await Load.LosesNothingAsync(
            url,
            () => stack.DeployAsync("v2", cancellationToken, "--watch", "0", "--yes"),
            ["v1", "v2"],
            cancellationToken
        );
        var (head, body) = await kept.AskAsync(cancellationToken);
        body.ShouldContain("v2", customMessage: "a connection that idled through the reload and the cutover");
        head.ShouldContain("connection: close", customMessage: "the process that was replaced ends");
        (await AskAsync(17730, null, "/api/x", cancellationToken)).ShouldBe("api v2");
        (await AskAsync(17730, null, "/", cancellationToken)).ShouldBe("web v2");
        (await AskAsync(17731, null, "/", cancellationToken)).ShouldBe("503", "the second version has no admin port");

        await Load.LosesNothingAsync(
            url,
            () => stack.RollbackAsync(cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
        (await AskAsync(17730, null, "/api/x", cancellationToken)).ShouldBe("web v1");
        (await AskAsync(17731, null, "/", cancellationToken)).ShouldBe("web v1");
    }

    [Test]
    public async Task A_version_with_a_further_host_port_is_announced_and_works(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-ports", "changing/v2.yml")
        {
            Environment = Stack.Variables(("WEB_PORT", "17740"), ("EXTRA_PORT", "17742")),
        };
        (await stack.DeployAsync("v2", cancellationToken, "--watch", "0")).ExitCode.ShouldBe(0);

        stack.ComposeFile = Path.Combine(Repository.Files, "changing/v3.yml");
        var upgrade = await stack.DeployAsync("v3", cancellationToken, "--watch", "0", "--yes");

        upgrade.ExitCode.ShouldBe(0, upgrade.StandardOutput + upgrade.StandardError);
        upgrade.StandardOutput.ShouldContain("publish 17742");
        upgrade.StandardOutput.ShouldNotContain("without service");
        (await AskAsync(17740, null, "/", cancellationToken)).ShouldBe("web v3");
        (await AskAsync(17742, null, "/", cancellationToken)).ShouldBe("web v3");
    }

    private static async Task RoutesAsync(string version, CancellationToken cancellationToken)
    {
        (string Host, string Path, string Expected)[] cases =
        [
            ("shop.example", "/", "home"),
            ("SHOP.example:17720", "/x", "home"),
            ("shop.example", "/apix", "home"),
            ("shop.example", "/assets/y", "home"),
            ("shop.example", "/api", "api"),
            ("shop.example", "/api/", "api"),
            ("shop.example", "/api/x?y=/api/beta", "api"),
            ("shop.example", "/api/betamax", "api"),
            ("shop.example", "/api/beta", "beta"),
            ("shop.example", "/api/beta/x", "beta"),
            ("other.example", "/assets", "assets"),
            ("other.example", "/assets/y", "assets"),
        ];
        foreach (var (host, path, expected) in cases)
            (await AskAsync(17720, host, path, cancellationToken)).ShouldBe($"{expected} {version}", $"{host}{path}");
        foreach (var path in new[] { "/", "/api", "/assetsx" })
            (await AskAsync(17720, "other.example", path, cancellationToken)).ShouldBe("404", path);
    }

    /// <summary>Which service and version answers, or the status.</summary>
    private static async Task<string> AskAsync(int port, string? host, string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}{path}");
        request.Headers.Host = host;
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
            return ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        return $"{answer["service"]} {answer["version"]}";
    }
}
