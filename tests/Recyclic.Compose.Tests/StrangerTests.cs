using System.Reflection;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests;

/// <summary>
/// What somebody else made is not touched, whatever it is called and whatever labels it has; what is in the way is
/// named.
/// </summary>
[Category("Docker"), CancelAfter(400_000)]
public sealed class StrangerTests
{
    private const string App = "cmp-strange";
    private const int Port = 17760;

    private static Stack Application =>
        new(App, "neighbour.yml") { Environment = Stack.Variables(("WEB_PORT", $"{Port}")) };

    /// <summary>
    /// Every name that a host knows an application by: read off the code, so that one that is added later is tried too.
    /// </summary>
    private static IEnumerable<(string Kind, string Name)> Names()
    {
        var naming = new Naming(App);
        var properties = typeof(Naming)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property =>
                property.Name is not (nameof(Naming.App) or nameof(Naming.AsIn010) or "EqualityContract")
            )
            .ToList();
        foreach (var property in properties)
            switch (property.Name, property.GetValue(naming))
            {
                case (nameof(Naming.StateVolume) or nameof(Naming.KeysVolume), string volume):
                    yield return ("volume", volume);
                    break;
                // Each place in the queue has a name of its own, with random digits behind it.
                case (nameof(Naming.QueueContainer), string):
                    break;
                case (_, string container) when property.Name.EndsWith("Container", StringComparison.Ordinal):
                    yield return ("container", container);
                    break;
                case (nameof(Naming.Networks), System.Collections.Immutable.ImmutableArray<string> networks):
                    foreach (var network in networks)
                        yield return ("network", network);
                    break;
                default:
                    throw new InvalidOperationException($"{property.Name} is a name that this test does not know");
            }
        yield return ("container", $"{naming.SlotProject(Slot.Blue)}-web-1");
        yield return ("container", $"{App}-db-1");
    }

    [Test]
    public async Task Nothing_with_a_name_that_a_first_deploy_needs_is_touched_and_each_is_named(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = Application;
        foreach (var (kind, name) in Names())
        {
            await MakeAsync(kind, name, cancellationToken);
            var before = await InspectAsync(kind, name, cancellationToken);

            var deploy = await stack.DeployAsync("v1", cancellationToken);

            (deploy.StandardOutput + deploy.StandardError).ShouldContain(name, Case.Sensitive, kind);
            deploy.ExitCode.ShouldBe(2, $"{kind} {name}: {deploy.StandardOutput}{deploy.StandardError}");
            (await InspectAsync(kind, name, cancellationToken)).ShouldBe(before, $"{kind} {name}");
            (await stack.LeftoversAsync(cancellationToken))
                .Except([name, $"{App}.state", $"{App}.keys"])
                .ShouldBeEmpty($"{kind} {name}: nothing else was made");
            await RemoveAsync(kind, name, cancellationToken);
            // Where the lock alone was in the way, the records had been begun.
            if (name != $"{App}.state")
                await TryAsync("volume", "rm", $"{App}.state");
            if (name != $"{App}.keys")
                await TryAsync("volume", "rm", $"{App}.keys");
        }
    }

    [Test]
    public async Task Containers_of_images_that_bring_our_labels_and_composes_are_not_ours(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = Application;
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        var clones = new List<string>();
        try
        {
            // All labels there are: of the edge, of a release, of an accessory, as `docker commit` puts them into an
            // image.
            foreach (
                var (original, clone) in new[]
                {
                    ($"{App}-edge", "cmp-clone-edge"),
                    ($"{App}--blue-web-1", "cmp-clone-web"),
                    ($"{App}-db-1", "cmp-clone-db"),
                }
            )
            {
                await Stack.DockerAsync(cancellationToken, "commit", "--pause=false", original, $"cmp-clone/{clone}:1");
                await Stack.DockerAsync(
                    cancellationToken,
                    "run",
                    "--detach",
                    "--name",
                    clone,
                    "--volume",
                    "/kept",
                    "--entrypoint",
                    "sleep",
                    "--user",
                    "0",
                    $"cmp-clone/{clone}:1",
                    "600"
                );
                clones.Add(clone);
            }
            var before = await InspectAllAsync(clones, cancellationToken);

            // Those that compose would take for its own are in the way of whatever would have it do so; the one of the
            // serving slot is not, now.
            var refused = await stack.DeployAsync("v2", cancellationToken);
            refused.ExitCode.ShouldBe(2, refused.StandardOutput + refused.StandardError);
            (refused.StandardOutput + refused.StandardError).ShouldContain("cmp-clone-db");
            (await InspectAllAsync(clones, cancellationToken)).ShouldBe(before);
            foreach (var clone in new[] { "cmp-clone-db", "cmp-clone-web" })
                await Stack.DockerAsync(cancellationToken, "rm", "--force", "--volumes", clone);
            clones.RemoveAll(clone => clone != "cmp-clone-edge");
            before = await InspectAllAsync(clones, cancellationToken);

            Good(await stack.DeployAsync("v2", cancellationToken, "--watch", "0"));
            Good(await stack.RollbackAsync(cancellationToken));
            (await stack.DeployAsync("never-built", cancellationToken)).ExitCode.ShouldBe(2);
            (await InspectAllAsync(clones, cancellationToken)).ShouldBe(before);
        }
        finally
        {
            foreach (var clone in new[] { "cmp-clone-edge", "cmp-clone-web", "cmp-clone-db" })
            {
                await TryAsync("rm", "--force", "--volumes", clone);
                await TryAsync("image", "rm", "--force", $"cmp-clone/{clone}:1");
            }
        }
    }

    [Test]
    public async Task What_others_make_while_a_deploy_fails_outlives_its_undo(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = Application;
        (string Kind, string Name)[] strangers =
        [
            ("volume", $"{App}_eu_data"),
            ("network", $"{App}_eu_more"),
            ("container", $"{App}-eu-web-1"),
            ("volume", $"{App}.web.data"),
            ("container", $"{App}--blue-other-1"),
        ];
        try
        {
            stack.Environment = stack.Environment.SetItem("HEALTH_PORT", "9");
            var deploy = stack.DeployAsync("v1", cancellationToken, "--deploy-timeout", "10");
            await Eventually.TrueAsync(
                async () =>
                    (
                        await Stack.DockerAsync(
                            cancellationToken,
                            "ps",
                            "--quiet",
                            "--filter",
                            $"name=^{App}--blue-web-1$"
                        )
                    ).Length > 0,
                "the release starts",
                cancellationToken
            );
            foreach (var (kind, name) in strangers)
                await MakeAsync(kind, name, cancellationToken);
            var before = await InspectEachAsync(strangers, cancellationToken);

            var failed = await deploy;

            failed.ExitCode.ShouldBe(1, failed.StandardOutput + failed.StandardError);
            (await InspectEachAsync(strangers, cancellationToken)).ShouldBe(before, failed.StandardOutput);
            (await stack.LeftoversAsync(cancellationToken))
                .Except([.. strangers.Select(one => one.Name), $"{App}.state", $"{App}.keys"])
                .ShouldBeEmpty("the deploy's own is gone");
        }
        finally
        {
            foreach (var (kind, name) in strangers.OrderBy(one => one.Kind, StringComparer.Ordinal))
                await TryAsync(kind == "container" ? ["rm", "--force", "--volumes", name] : [kind, "rm", name]);
        }
    }

    [Test]
    public async Task A_network_of_ours_that_a_stranger_has_joined_stays_and_that_is_said(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "neighbour.yml")
        {
            Environment = Stack.Variables(("WEB_PORT", $"{Port}")),
        };
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        try
        {
            await Stack.DockerAsync(
                cancellationToken,
                "run",
                "--detach",
                "--name",
                "cmp-guest",
                "--network",
                $"zz.{App}.green",
                $"{Images.Name}:v1"
            );
            var before = await InspectAsync("container", "cmp-guest", cancellationToken);
            Good(await stack.DeployAsync("v2", cancellationToken, "--watch", "0"));
            Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
            (await InspectAsync("container", "cmp-guest", cancellationToken)).ShouldBe(before);
        }
        finally
        {
            await TryAsync("rm", "--force", "--volumes", "cmp-guest");
        }
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private static async Task MakeAsync(string kind, string name, CancellationToken cancellationToken)
    {
        if (kind == "container")
            await Stack.DockerAsync(
                cancellationToken,
                "run",
                "--detach",
                "--name",
                name,
                "--volume",
                "/kept",
                $"{Images.Name}:v1"
            );
        else
            await Stack.DockerAsync(cancellationToken, kind, "create", name);
    }

    private static Task<string> RemoveAsync(string kind, string name, CancellationToken cancellationToken) =>
        kind == "container"
            ? Stack.DockerAsync(cancellationToken, "rm", "--force", "--volumes", name)
            : Stack.DockerAsync(cancellationToken, kind, "rm", name);

    private static async Task<string> InspectEachAsync(
        IEnumerable<(string Kind, string Name)> objects,
        CancellationToken cancellationToken
    ) =>
        string.Join(
            '\n',
            await Task.WhenAll(objects.Select(one => InspectAsync(one.Kind, one.Name, cancellationToken)))
        );

    private static async Task<string> InspectAllAsync(
        IEnumerable<string> containers,
        CancellationToken cancellationToken
    ) =>
        string.Join(
            '\n',
            await Task.WhenAll(containers.Select(container => InspectAsync("container", container, cancellationToken)))
        );

    /// <summary>
    /// Without what changes by itself: the log of its health check, and the process of one that runs just now.
    /// </summary>
    private static async Task<string> InspectAsync(string kind, string name, CancellationToken cancellationToken)
    {
        var inspected = JsonNode.Parse(await Stack.DockerAsync(cancellationToken, kind, "inspect", name))!.AsArray()[
            0
        ]!;
        (inspected["State"] as JsonObject)?.Remove("Health");
        (inspected as JsonObject)?.Remove("ExecIDs");
        // The engine gives them in any order.
        if (inspected["Mounts"] is JsonArray mounts)
            inspected["Mounts"] = new JsonArray([
                .. mounts
                    .Select(mount => mount!.ToJsonString())
                    .Order(StringComparer.Ordinal)
                    .Select(mount => (JsonNode)mount),
            ]);
        return inspected.ToJsonString();
    }

    private static async Task TryAsync(params string[] arguments)
    {
        try
        {
            await Stack.DockerAsync(CancellationToken.None, arguments);
        }
        catch (Processes.CommandFailedException)
        {
            // It is gone already.
        }
    }
}
