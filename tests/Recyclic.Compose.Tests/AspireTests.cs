namespace Recyclic.Compose.Tests;

/// <summary>
/// A file as .NET Aspire publishes it: image variables, `expose`, no health check, a dashboard, ports without a number
/// of the host.
/// </summary>
[Category("Docker"), CancelAfter(240_000)]
public sealed class AspireTests
{
    private const string App = "cmp-aspire";

    private static readonly Uri Url = new("http://127.0.0.1:17930/");

    [Test]
    public async Task It_is_deployed_with_a_tag_alone_and_upgraded_and_rolled_back_under_load(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "aspire/docker-compose.yaml");
        var dryRun = await stack.DeployAsync("v1", cancellationToken, "--dry-run");
        dryRun.StandardOutput.ShouldContain("released: apiservice, webfrontend; accessories: cache, env-dashboard");
        dryRun.StandardOutput.ShouldContain(
            "webfrontend publishes 17930 on a random port of the host; so that it stays where it is, the edge has it on 17930"
        );
        (await stack.LeftoversAsync(cancellationToken)).ShouldBeEmpty();

        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError);
        await Load.LosesNothingAsync(
            Url,
            () => stack.DeployAsync("v2", cancellationToken, "--watch", "0"),
            ["v1", "v2"],
            cancellationToken
        );
        await Load.LosesNothingAsync(
            Url,
            () => stack.RollbackAsync(cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
    }

    [Test]
    public async Task An_image_variable_that_is_empty_is_taken_to_have_the_services_name(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        await reading.WriteAsync(".env", "WEB_IMAGE=\nWEB_PORT=8080\n");
        var app = await reading.ServicesAsync(
            "web: { image: \"${WEB_IMAGE}\", ports: [\"${WEB_PORT}\"] }\ndash: { image: \"dash:1\", ports: [\"18888\"] }",
            cancellationToken
        );
        app.Services.ShouldHaveSingleItem().Image.ShouldBe("web:t1");
        app.Routes.ShouldHaveSingleItem().Published.ShouldBe(8080);
        app.Warnings.ShouldContain(
            "WEB_IMAGE is not set, so the image of web is taken to have the service's name: web:t1; another one: --image web=<name>"
        );
    }
}
