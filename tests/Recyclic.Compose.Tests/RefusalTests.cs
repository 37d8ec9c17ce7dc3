using System.Net;
using System.Net.Sockets;

namespace Recyclic.Compose.Tests;

/// <summary>Refusals as a person meets them: by build.sh, with exit code 2 and nothing touched.</summary>
[Category("Docker"), CancelAfter(60_000)]
public sealed class RefusalTests
{
    private const string Project = "cmp-refused";

    [TestCase("latest", "'latest' is a moving name")]
    [TestCase("v1 v2", "'v1 v2' is not an image tag")]
    [TestCase("\"v1\"", "is not an image tag")]
    [TestCase("$(touch /tmp/cmp-refused)", "'$(touch /tmp/cmp-refused)' is not an image tag")]
    [TestCase("v1\nv2", "'v1\\x0av2' is not an image tag")]
    [TestCase("-v1", "'-v1' is not an image tag")]
    [TestCase("", "--tag")]
    public async Task A_malformed_or_moving_tag_is_refused(string tag, string what, CancellationToken cancellationToken)
    {
        await IsRefusedAsync("tcp/docker-compose.yml", [$"--tag={tag}"], cancellationToken, what);
        File.Exists("/tmp/cmp-refused").ShouldBeFalse();
    }

    [Test]
    public async Task A_tag_of_ten_thousand_characters_is_refused(CancellationToken cancellationToken) =>
        await IsRefusedAsync(
            "tcp/docker-compose.yml",
            ["--tag", new string('a', 10_000)],
            cancellationToken,
            "(10000 characters)' is not an image tag"
        );

    [Test]
    public async Task An_unknown_tag_is_refused(CancellationToken cancellationToken) =>
        await IsRefusedAsync(
            "tcp/docker-compose.yml",
            ["--tag", "never-built"],
            cancellationToken,
            "service echo: there is no image recyclic-compose-test/app:never-built",
            "Is never-built the right tag?"
        );

    [Test]
    public async Task A_port_that_another_process_or_container_holds_is_refused_with_its_holder(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        using var listener = new TcpListener(IPAddress.Any, 17710);
        listener.Start();
        await IsRefusedAsync(
            "tcp/docker-compose.yml",
            ["--tag", "v1"],
            cancellationToken,
            "port 17710 is taken by ",
            $"(process {Environment.ProcessId})"
        );
        listener.Stop();

        await using var other = new Stack("cmp-other", "tcp/docker-compose.yml");
        await Stack.DockerAsync(
            cancellationToken,
            "run",
            "--detach",
            "--name",
            "cmp-other-web",
            "--publish",
            "17710:8080",
            Images.Name + ":v1"
        );
        await IsRefusedAsync(
            "tcp/docker-compose.yml",
            ["--tag", "v1"],
            cancellationToken,
            "port 17710 is published by the container cmp-other-web"
        );
    }

    [Test]
    public async Task An_image_of_another_architecture_is_refused(CancellationToken cancellationToken)
    {
        const string Foreign = Images.Name + ":foreign";
        var context = Directory.CreateTempSubdirectory("cmp-foreign-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(context.FullName, "Dockerfile"),
                "FROM scratch\nCOPY Dockerfile /\n",
                cancellationToken
            );
            await Stack.DockerAsync(
                cancellationToken,
                "build",
                "--quiet",
                "--platform",
                "linux/s390x",
                "--tag",
                Foreign,
                context.FullName
            );
            await IsRefusedAsync(
                "tcp/docker-compose.yml",
                ["--tag", "foreign"],
                cancellationToken,
                $"{Foreign} is built for linux/s390x, the engine is linux/"
            );
        }
        finally
        {
            context.Delete(recursive: true);
            await Stack.DockerAsync(CancellationToken.None, "image", "rm", Foreign);
        }
    }

    [Test]
    public async Task A_service_that_lacks_the_tag_is_named(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await IsRefusedAsync(
            "half.yml",
            ["--tag", "v1"],
            cancellationToken,
            "service missing: there is no image recyclic-compose-test/never-built:v1",
            "The other services have v1"
        );
    }

    [Test]
    public async Task An_accessory_that_was_stopped_by_hand_is_refused_and_not_restarted(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-stopped", "shop/docker-compose.yml")
        {
            Environment = Stack.Variables(("SHOP_PORT", "17701")),
        };
        (await stack.DeployAsync("v1", cancellationToken, "--watch", "0")).ExitCode.ShouldBe(0);
        await Stack.DockerAsync(cancellationToken, "stop", "cmp-stopped-ledger-1");

        var refusal = await stack.DeployAsync("v2", cancellationToken);

        refusal.ExitCode.ShouldBe(2);
        (refusal.StandardOutput + refusal.StandardError).ShouldContain(
            "accessory ledger: cmp-stopped-ledger-1 is exited (exit code 0)"
        );
        (
            await Stack.DockerAsync(
                cancellationToken,
                "inspect",
                "--format",
                "{{.State.Status}}",
                "cmp-stopped-ledger-1"
            )
        ).ShouldBe("exited");
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri("http://127.0.0.1:17701/"), cancellationToken)).ShouldContain(
            "\"version\":\"v1\""
        );
    }

    [Test]
    public async Task A_file_that_is_not_there_is_refused(CancellationToken cancellationToken) =>
        await IsRefusedAsync(
            "no-such.yml",
            ["--tag", "v1"],
            cancellationToken,
            "--compose-file: there is no file",
            "no-such.yml"
        );

    [Test]
    public async Task Mistakes_in_the_file_are_refused_all_at_once(CancellationToken cancellationToken) =>
        await IsRefusedAsync(
            "mistaken.yml",
            ["--tag", "v1"],
            cancellationToken,
            "services.web: `network_mode: container:other` takes it out of its slot's network",
            "services.web: x-recyclic.health 'up' is not a path",
            "Write for example /healthz"
        );

    [Test]
    public async Task Profiles_that_hide_every_release_service_are_refused(CancellationToken cancellationToken) =>
        await IsRefusedAsync(
            "hidden.yml",
            ["--tag", "v1"],
            cancellationToken,
            "web belong to profiles that are not enabled",
            "COMPOSE_PROFILES=shop"
        );

    [Test]
    public async Task An_engine_that_does_not_answer_is_refused_and_nothing_is_installed(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack(Project, "tcp/docker-compose.yml")
        {
            Environment = Stack.Variables(("DOCKER_HOST", "unix:///nonexistent.sock")),
        };
        var refusal = await stack.BuildAsync(
            ["AtomicDeploy", "--tag", "v1", "--compose-file", stack.ComposeFile, "--project", Project],
            cancellationToken
        );
        refusal.ExitCode.ShouldBe(2);
        (refusal.StandardOutput + refusal.StandardError).ShouldContain("no Docker engine answers");
        (refusal.StandardOutput + refusal.StandardError).ShouldContain("DOCKER_HOST is unix:///nonexistent.sock");
    }

    [Test]
    public async Task A_held_lock_is_exit_code_4_with_its_holder_and_the_held_deploy_goes_on(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-locked", "tcp/docker-compose.yml")
        {
            Environment = Stack.Variables(("ECHO_PORT", "17712")),
        };
        (await stack.DeployAsync("v1", cancellationToken, "--watch", "0")).ExitCode.ShouldBe(0);
        using var open = new TcpClient();
        await open.ConnectAsync(IPAddress.Loopback, 17712, cancellationToken);
        using var reader = new StreamReader(open.GetStream());
        (await reader.ReadLineAsync(cancellationToken)).ShouldBe("v1");

        // The open connection keeps the first deploy at its drain.
        var first = stack.DeployAsync("v2", cancellationToken, "--watch", "0", "--drain-timeout", "40");
        await Eventually.TrueAsync(
            async () =>
                first.IsCompleted || (await stack.LeftoversAsync(cancellationToken)).Contains("cmp-locked-deploy-lock"),
            "the first deploy takes the lock",
            cancellationToken
        );
        var second = await stack.DeployAsync("v1", cancellationToken);
        open.Close();

        second.ExitCode.ShouldBe(4, second.StandardOutput + second.StandardError);
        (second.StandardOutput + second.StandardError).ShouldContain("Another deploy holds the lock: ");
        (await first).ExitCode.ShouldBe(0);
    }

    private static async Task<string> IsRefusedAsync(
        string file,
        string[] arguments,
        CancellationToken cancellationToken,
        params string[] parts
    )
    {
        await using var stack = new Stack(Project, file);
        var refusal = await stack.BuildAsync(
            ["AtomicDeploy", .. arguments, "--compose-file", stack.ComposeFile, "--project", Project, "--no-setup"],
            cancellationToken
        );
        var output = refusal.StandardOutput + refusal.StandardError;
        refusal.ExitCode.ShouldBe(2, output);
        foreach (var part in parts)
            output.ShouldContain(part);
        (await stack.LeftoversAsync(cancellationToken)).ShouldBeEmpty();
        return output;
    }
}
