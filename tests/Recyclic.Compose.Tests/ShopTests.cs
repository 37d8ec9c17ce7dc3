using System.Text.Json.Nodes;

namespace Recyclic.Compose.Tests;

/// <summary>Anchors, extends, profiles, env_file, awkward values, a volume that both releases share.</summary>
[Category("Docker"), CancelAfter(150_000)]
public sealed class ShopTests
{
    private const string Literal = "$HOME ${NOT_A_VARIABLE} 'single' \"double\"  two spaces $$";
    private static readonly Uri Url = new("http://127.0.0.1:17700/");

    [Test]
    public async Task A_stack_with_all_that_compose_offers_is_deployed_upgraded_and_rolled_back(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-shop", "shop/docker-compose.yml")
        {
            Environment = Stack.Variables(("COMPOSE_PROFILES", "reports")),
        };
        using var http = new HttpClient { BaseAddress = Url };

        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError);
        await ShowsItsValuesAsync(http, cancellationToken);
        await HasItsProfilesAsync(stack, cancellationToken);
        var ledger = await LedgerAsync(cancellationToken);
        (await http.GetStringAsync("note/first", cancellationToken)).ShouldBe("v1 first\n");

        await Load.LosesNothingAsync(
            Url,
            () => stack.DeployAsync("v2", cancellationToken),
            ["v1", "v2"],
            cancellationToken
        );
        await ShowsItsValuesAsync(http, cancellationToken);
        (await http.GetStringAsync("note/second", cancellationToken)).ShouldBe(
            "v1 first\nv2 second\n",
            "both releases use one volume"
        );

        await Load.LosesNothingAsync(
            Url,
            () => stack.RollbackAsync(cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
        (await http.GetStringAsync("note/third", cancellationToken)).ShouldBe("v1 first\nv2 second\nv1 third\n");
        (await LedgerAsync(cancellationToken)).ShouldBe(ledger, "an accessory is never restarted");
    }

    private static async Task ShowsItsValuesAsync(HttpClient http, CancellationToken cancellationToken)
    {
        (await http.GetStringAsync("env/LITERAL", cancellationToken)).ShouldBe(Literal);
        (await http.GetStringAsync("env/DOLLARS", cancellationToken)).ShouldBe("$PATH and ${HOME} and $$");
        (await http.GetStringAsync("env/FROM_FILE", cancellationToken)).ShouldBe("double quoted, with 'single' ones");
        (await http.GetStringAsync("env/PLAIN", cancellationToken)).ShouldBe("a b  c");
        (await http.GetStringAsync("env/DEFAULTED", cancellationToken)).ShouldBe("a default");
        (await http.GetStringAsync("env/FROM_EXTENDS", cancellationToken)).ShouldBe("yes");
    }

    private static async Task HasItsProfilesAsync(Stack stack, CancellationToken cancellationToken)
    {
        (await stack.ContainerOfAsync("reports", cancellationToken)).ShouldNotBeEmpty("COMPOSE_PROFILES enables it");
        (await stack.ContainerOfAsync("tools", cancellationToken)).ShouldBeEmpty("nothing enables it");
        var storefront = JsonNode.Parse(
            await Stack.DockerAsync(
                cancellationToken,
                "inspect",
                await stack.ContainerOfAsync("storefront", cancellationToken)
            )
        )![0]!;
        storefront["Config"]!["Env"]!.AsArray().Select(entry => entry!.ToString()).ShouldContain("LITERAL=" + Literal);
        storefront["Config"]!["Labels"]!["team"]!.ToString().ShouldBe("shop");
        storefront["HostConfig"]!["RestartPolicy"]!["Name"]!.ToString().ShouldBe("always", "it serves");
    }

    private static Task<string> LedgerAsync(CancellationToken cancellationToken) =>
        Stack.DockerAsync(
            cancellationToken,
            "inspect",
            "--format",
            "{{.Id}} {{.State.StartedAt}} {{range .Config.Env}}{{if eq . \"DOLLAR=$x\"}}{{.}}{{end}}{{end}}",
            "cmp-shop-ledger-1"
        );
}
