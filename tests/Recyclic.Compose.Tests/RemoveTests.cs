using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>An application comes to an engine and goes without a trace.</summary>
[Category("Docker"), CancelAfter(300_000)]
public sealed class RemoveTests
{
    private const string App = "cmp-remove",
        Image = "recyclic-compose-test/remove",
        Other = "cmp-removeless";

    [Test]
    public async Task The_engine_is_as_it_was_before_the_first_deploy(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "remove.yml");
        await stack.RemoveAsync();
        await RemoveImagesAsync(cancellationToken);
        await using var other = new Stack(Other, "remove.yml");
        await MakeWhatStaysAsync(cancellationToken);
        await Images.DeriveAsync("remove", "v1", "VOLUME /data", cancellationToken);
        var before = await InventoryAsync(cancellationToken);

        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        await Images.DeriveAsync("remove", "v2", "VOLUME /data\nLABEL second=yes", cancellationToken);
        Good(await stack.DeployAsync("v2", cancellationToken, "--watch", "0"));
        var anonymous = await AnonymousAsync(stack, cancellationToken);
        anonymous.ShouldNotBeEmpty();

        // By its name alone, as after the file is gone.
        var listed = Good(await RemoveAsync(stack, cancellationToken, "--dry-run"));
        (await stack.LeftoversAsync(cancellationToken))
            .Except([$"{App}-cron-1", $"{App}.web.data", $"{App}_store", $"{App}_uploads"])
            .ShouldBe(Listed(listed).Except([$"{Image}:v2"]), ignoreOrder: true);
        (await RemoveAsync(stack, cancellationToken)).ExitCode.ShouldBe(2);

        var removed = Good(await RemoveAsync(stack, cancellationToken, "--yes"));
        removed.ShouldContain($"{App} is removed: ");
        removed.ShouldContain($"docker volume rm {App}_store");
        removed.ShouldContain($"docker volume rm {anonymous[0]}");
        removed.ShouldContain($"docker rm --force {App}-cron-1");
        Good(await stack.BuildAsync(["Status", .. stack.Files], cancellationToken));
        (await stack.LeftoversAsync(cancellationToken)).ShouldBe(
            [$"{App}-cron-1", $"{App}.web.data", $"{App}_store", $"{App}_uploads"],
            ignoreOrder: true
        );

        Good(await RemoveAsync(stack, cancellationToken, "--volumes", "--confirm", App));
        Good(await RemoveAsync(stack, cancellationToken, "--yes")).ShouldContain("Nothing is left of ");
        await Stack.DockerAsync(cancellationToken, ["volume", "rm", .. anonymous]);
        (await InventoryAsync(cancellationToken)).ShouldBe(before);
    }

    [Test]
    public async Task Whoever_reads_what_was_removed_leaves_nothing_that_bars_its_name(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack(Other, "remove.yml");
        await stack.RemoveAsync();
        using var engine = new DockerEngine(new DockerCli(new ProcessCommandRunner()));
        var hostLock = new DockerHostLock(engine, TimeProvider.System);
        await using (await hostLock.TakeAsync(Other, "first", null, cancellationToken)) { }
        await hostLock.PeekAsync(Other, cancellationToken);
        await Stack.DockerAsync(cancellationToken, "volume", "rm", $"{Other}.state", $"{Other}.keys");
        // It still takes the application for one that is there, and the engine makes the volume that it mounts.
        await hostLock.PeekAsync(Other, cancellationToken);
        using var next = new DockerEngine(new DockerCli(new ProcessCommandRunner()));
        await using var taken = await new DockerHostLock(next, TimeProvider.System).TakeAsync(
            Other,
            "next",
            null,
            cancellationToken
        );
        (await taken.ReadAsync(cancellationToken)).Journal.Records.ShouldBeEmpty();
    }

    private static Task<CommandResult> RemoveAsync(
        Stack stack,
        CancellationToken cancellationToken,
        params string[] more
    ) => stack.BuildAsync(["Remove", "--project", App, "--no-setup", "--no-logo", .. more], cancellationToken);

    /// <summary>
    /// A container that plain compose has in the same project; and an application that is only known, for which the edge's
    /// image stays.
    /// </summary>
    private static async Task MakeWhatStaysAsync(CancellationToken cancellationToken)
    {
        await Stack.DockerAsync(
            cancellationToken,
            "create",
            "--name",
            $"{App}-cron-1",
            "--network",
            "none",
            "--label",
            $"com.docker.compose.project={App}",
            "--label",
            "com.docker.compose.service=cron",
            "--label",
            "com.docker.compose.oneoff=False",
            $"{Images.Name}:v1"
        );
        await Stack.DockerAsync(
            cancellationToken,
            "volume",
            "create",
            "--label",
            $"recyclic.app={Other}",
            "--label",
            "recyclic.role=state",
            "--label",
            "recyclic.owner=0123456789abcdef.0123456789abcdef",
            $"{Other}.state"
        );
    }

    /// <summary>Of all that bears the application's name, all that the engine says of it.</summary>
    private static async Task<string> InventoryAsync(CancellationToken cancellationToken)
    {
        var all = new List<string>();
        foreach (
            var (kind, format) in new[]
            {
                ("container", "{{.Names}}"),
                ("network", "{{.Name}}"),
                ("volume", "{{.Name}}"),
                ("image", "{{.Repository}}:{{.Tag}}"),
            }
        )
        {
            string[] every = kind == "container" ? ["--all"] : [];
            var names = Stack
                .Lines(await Stack.DockerAsync(cancellationToken, [kind, "ls", .. every, "--format", format]))
                .Where(name =>
                    name.Contains(App, StringComparison.Ordinal) && !name.Contains(Other, StringComparison.Ordinal)
                    || name.StartsWith(Image, StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal);
            foreach (var name in names)
            {
                var inspected = await Stack.DockerAsync(cancellationToken, kind, "inspect", name);
                all.Add($"{kind} {name} {JsonNode.Parse(inspected)!.ToJsonString()}");
            }
        }
        return string.Join('\n', all);
    }

    private static async Task<string[]> AnonymousAsync(Stack stack, CancellationToken cancellationToken) =>
        [
            .. Stack
                .Lines(
                    await Stack.DockerAsync(
                        cancellationToken,
                        "inspect",
                        "--format",
                        "{{range .Mounts}}{{if eq .Type \"volume\"}}{{println .Name}}{{end}}{{end}}",
                        $"{App}-store-1"
                    )
                )
                .Where(name => name.Length == 64),
        ];

    private static IEnumerable<string> Listed(string text) =>
        text.Split('\n')
            .SkipWhile(line => !line.StartsWith($"remove {App}: ", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => line.TrimEnd() != "stays")
            .Select(line => line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length == 2)
            .Select(words => words[1]);

    private static async Task RemoveImagesAsync(CancellationToken cancellationToken)
    {
        var left = Stack.Lines(
            await Stack.DockerAsync(cancellationToken, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", Image)
        );
        if (left.Length > 0)
            await Stack.DockerAsync(cancellationToken, ["image", "rm", .. left]);
    }

    private static string Good(CommandResult result)
    {
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        return result.StandardOutput;
    }
}
