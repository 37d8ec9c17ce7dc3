using System.Text.Json.Nodes;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Configs and secrets belong to their release: a changed one is shown by name, and a rollback has what it had.
/// </summary>
[Category("Docker"), CancelAfter(300_000)]
public sealed class FilesTests
{
    private const string App = "cmp-files";

    private static readonly Uri Site = new("http://127.0.0.1:17874/");

    private DirectoryInfo _folder = null!;

    [SetUp]
    public async Task PrepareAsync()
    {
        await Images.EnsureAsync();
        _folder = Directory.CreateTempSubdirectory("recyclic files ");
    }

    [TearDown]
    public void Clean() => _folder.Delete(recursive: true);

    [Test]
    public async Task Each_release_has_its_own_and_a_rollback_under_load_brings_the_old_ones_back(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack(App, "none.yml") { ComposeFile = In("compose.yml") };
        await WriteAsync("one", cancellationToken);
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        (await SeenAsync(stack, cancellationToken)).ShouldBe(["geheim-one", "site one", "inline one", "mounted one"]);

        await WriteAsync("two", cancellationToken);
        var plan = await stack.DeployAsync("v1", cancellationToken, "--dry-run");
        plan.StandardOutput.ShouldContain(
            """
            changes besides the tag
              web  ~ config inline
              web  ~ config site
              web  ~ file ./conf/a b.txt
              web  ~ secret token

            """
        );
        plan.StandardOutput.ShouldNotContain("geheim");
        var changes = JsonNode.Parse(
            (await stack.DeployAsync("v1", cancellationToken, "--dry-run", "--json")).StandardOutput
        )!["changes"]!.AsArray();
        changes
            .Select(change => (string?)change!["setting"])
            .ShouldBe(["config inline", "config site", "file ./conf/a b.txt", "secret token"]);

        // Cancelled before anything is seen by users: what was made for it goes.
        stack.Environment = Stack.Variables(("RECYCLIC_FAULT_AT", "kill@after:StepBegun:1"));
        (await stack.DeployAsync("v1", cancellationToken, "--watch", "0")).ExitCode.ShouldBe(137);
        stack.Environment = [];
        Good(
            await stack.BuildAsync(
                ["Recover", "--compose-file", stack.ComposeFile, "--project", App, "--no-logo"],
                cancellationToken
            )
        );
        (await VolumesAsync(cancellationToken)).Length.ShouldBe(1, "only the release that users have has files");

        await Load.LosesNothingAsync(
            Site,
            () => stack.DeployAsync("v1", cancellationToken, "--watch", "0"),
            ["v1"],
            cancellationToken
        );
        (await SeenAsync(stack, cancellationToken)).ShouldBe(["geheim-two", "site two", "inline two", "mounted two"]);
        var containers = Stack.Lines(await stack.ContainerOfAsync("web", cancellationToken));
        var inspected =
            await Stack.DockerAsync(cancellationToken, ["inspect", .. containers])
            + await Stack.DockerAsync(
                cancellationToken,
                ["volume", "inspect", .. await VolumesAsync(cancellationToken)]
            );
        inspected.ShouldNotContain("geheim");
        inspected.ShouldNotContain(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("geheim-two"u8))[..16]
        );

        // The files here are gone; a restart needs none of them.
        Directory.Delete(In("conf"), recursive: true);
        await Stack.DockerAsync(cancellationToken, ["restart", "--time", "0", .. containers]);
        await Eventually.TrueAsync(
            async () => (await SeenAsync(stack, cancellationToken))[0] == "geheim-two",
            "the container is back",
            cancellationToken
        );
        await Load.LosesNothingAsync(Site, () => stack.RollbackAsync(cancellationToken), ["v1"], cancellationToken);
        (await SeenAsync(stack, cancellationToken)).ShouldBe(["geheim-one", "site one", "inline one", "mounted one"]);
        (
            await Stack.DockerAsync(
                cancellationToken,
                "ps",
                "--all",
                "--quiet",
                "--filter",
                $"label=recyclic.app={App}",
                "--filter",
                "label=recyclic.role=files"
            )
        ).ShouldBeEmpty("nothing is left of what filled a volume");
    }

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(In("conf"));
        await File.WriteAllTextAsync(In("conf/a b.txt"), $"mounted {text}", cancellationToken);
        await File.WriteAllTextAsync(In("site.conf"), $"site {text}", cancellationToken);
        await File.WriteAllTextAsync(In(".env"), $"TOKEN=geheim-{text}\n", cancellationToken);
        await File.WriteAllTextAsync(
            In("compose.yml"),
            $$"""
            services:
              web:
                image: recyclic-compose-test/app:${TAG}
                read_only: true
                ports: ["17874:8080"]
                deploy: { replicas: 2 }
                volumes: ["./conf:/etc/conf:ro"]
                configs: [{ source: site, target: /etc/site.conf, uid: "33", gid: "33", mode: 0440 }, inline]
                secrets: [token]
                healthcheck: { test: ["CMD", "/server", "probe", "8080"], interval: 10s, start_period: 60s, start_interval: 500ms }
                x-recyclic: { files: release }
            configs: { site: { file: ./site.conf }, inline: { content: "inline {{text}}" } }
            secrets: { token: { environment: TOKEN } }
            """,
            cancellationToken
        );
    }

    /// <summary>What the containers of the release that users have see, which is the same in all of them.</summary>
    private static async Task<string[]> SeenAsync(Stack stack, CancellationToken cancellationToken)
    {
        var seen = await Task.WhenAll(
            Stack
                .Lines(await stack.ContainerOfAsync("web", cancellationToken))
                .Select(container => ReadAsync(container, cancellationToken))
        );
        seen.Length.ShouldBe(2);
        return seen.Distinct().ShouldHaveSingleItem().Split('|');
    }

    private static Task<string> ReadAsync(string container, CancellationToken cancellationToken) =>
        Stack.DockerAsync(
            cancellationToken,
            "exec",
            container,
            "sh",
            "-c",
            "cat /run/secrets/token; printf '|'; cat /etc/site.conf; printf '|'; cat /inline; printf '|'; cat '/etc/conf/a b.txt'"
        );

    private static async Task<string[]> VolumesAsync(CancellationToken cancellationToken) =>
        Stack.Lines(
            await Stack.DockerAsync(
                cancellationToken,
                "volume",
                "ls",
                "--quiet",
                "--filter",
                $"label=recyclic.app={App}",
                "--filter",
                "label=recyclic.role=files"
            )
        );

    private static void Good(CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
