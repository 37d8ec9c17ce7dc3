using System.Net;
using System.Net.Sockets;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// A page that was open before the switch finds its scripts, as long as the release before runs; what neither release
/// has is not found.
/// </summary>
[Category("Docker"), CancelAfter(600_000)]
public sealed class OldAssetsTests
{
    private const string App = "cmp-assets";

    [Test]
    public async Task A_script_of_the_release_before_is_found_after_the_switch_for_as_long_as_that_runs(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        var port = FreePort();
        await using var stack = new Stack(App, "assets/docker-compose.yml")
        {
            Environment = Stack.Variables(("PORT", $"{port}")),
        };
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        (await AskAsync(HttpMethod.Get, "assets/chunk-v1.js")).ShouldBe("200 v1");
        (await AskAsync(HttpMethod.Get, "assets/chunk-v2.js")).ShouldBe("404");

        // What the new release has is not found before it serves, although it runs.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = AskUntilAsync("assets/chunk-v2.js", end.Token);
        Good(await stack.DeployAsync("v2", cancellationToken, "--watch", "0", "--keep-warm"));
        await end.CancelAsync();
        (await asking).Distinct().ShouldBe(["404", "200 v2"]);

        (await AskAsync(HttpMethod.Get, "assets/chunk-v1.js")).ShouldBe("200 v1 previous");
        (await AskAsync(HttpMethod.Head, "assets/chunk-v1.js")).ShouldBe("200 previous");
        (await AskAsync(HttpMethod.Get, "assets/chunk-v2.js")).ShouldBe("200 v2");
        (await AskAsync(HttpMethod.Get, "assets/chunk-v3.js")).ShouldBe("404");
        (await AskAsync(HttpMethod.Post, "assets/chunk-v1.js")).ShouldBe("404");
        (await AskAsync(HttpMethod.Get, "page")).ShouldBe("200 v2");

        Good(await stack.BuildAsync(["Retire", .. stack.Files], cancellationToken));
        (await AskAsync(HttpMethod.Get, "assets/chunk-v1.js")).ShouldBe("404");
        (await AskAsync(HttpMethod.Get, "assets/chunk-v2.js")).ShouldBe("200 v2");

        var kept = stack.DeployAsync("v3", cancellationToken, "--watch", "0", "--keep-assets", "5s");
        await Eventually.TrueAsync(
            async () => await AskAsync(HttpMethod.Get, "assets/chunk-v2.js") == "200 v2 previous",
            "the release before is asked",
            cancellationToken
        );
        var result = await kept;
        Good(result);
        (result.StandardOutput + result.StandardError).ShouldContain("is stopped and kept for a rollback");
        (await AskAsync(HttpMethod.Get, "assets/chunk-v2.js")).ShouldBe("404");

        async Task<string> AskAsync(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await http.SendAsync(request, cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            var version = System.Text.RegularExpressions.Regex.Match(body, "\"version\":\"(\\w+)\"").Groups[1].Value;
            var said = answer.Headers.TryGetValues("X-Recyclic-Release", out var values)
                ? string.Join(',', values)
                : "";
            return string.Join(
                ' ',
                new[] { $"{(int)answer.StatusCode}", answer.IsSuccessStatusCode ? version : "", said }.Where(word =>
                    word.Length > 0
                )
            );
        }

        async Task<List<string>> AskUntilAsync(string path, CancellationToken ended)
        {
            var answers = new List<string>();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (!ended.IsCancellationRequested)
            {
                answers.Add(await AskAsync(HttpMethod.Get, path));
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            return answers;
        }
    }

    private static void Good(CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
