using System.Collections.Immutable;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.EndToEnd.Support;
using Recyclic.Processes;

namespace Recyclic.EndToEnd;

/// <summary>
/// An engine that is reached by ssh, behind an sshd with its own limits: it is this machine's, through the loopback.
/// </summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(480_000)]
public sealed class SshTests : SshFixture
{
    private const int ManyServices = 16;

    /// <param name="commands">At once; fewer where each takes a program on the far side, which is most of a second of a
    /// slow processor.</param>
    [TestCase("", 20)]
    [TestCase("AllowStreamLocalForwarding no", 9)]
    public async Task What_is_asked_of_an_engine_at_once_goes_through_one_connection(string option, int commands)
    {
        await using var door = await SshDoor.OpenLocalAsync(DoorDirectory, Token, option);
        await using (
            var tunnel = (await EngineTunnel.OpenAsync(DockerHere.Runner, Of(door), Token)).ShouldNotBeNull(door.Log)
        )
        {
            var docker = new DockerCli(DockerHere.Runner, variables: Of(door), tunnel: tunnel);
            using var engine = new EngineClient(docker);

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, commands)
                    .Select(_ => docker.ReadAsync(["version", "--format", "{{.Server.Version}}"], Token))
            );
            (await engine.ReadVersionAsync(Token)).Version.ShouldBe(answers[0].StandardOutput.Trim());
            answers.ShouldAllBe(
                command => command.Succeeded,
                string.Join('\n', answers.Select(command => command.StandardError))
            );
            await ShouldCarryAsync(docker);
            docker.Setting.IsLocal.ShouldBeFalse("it is another host, however it is reached");
            docker.Setting.EngineHost.ShouldBe(door.Url);
        }
        door.Connections.ShouldBe(1, door.Log);
        // Those that were joined to the connection end by themselves once it is gone.
        await Eventually.TrueAsync(
            async () => (await ProcessesOfAsync(door)).Length == 0,
            TimeSpan.FromSeconds(10),
            "nothing is left of it here",
            Token
        );
    }

    /// <summary>A key that may run one program only: there is nothing to join to, so docker goes its own way.</summary>
    [Test]
    public async Task A_key_that_is_for_dockers_own_program_serves_as_before()
    {
        await using var door = await SshDoor.OpenLocalAsync(
            DoorDirectory,
            Token,
            "ForceCommand docker system dial-stdio"
        );
        (await EngineTunnel.OpenAsync(DockerHere.Runner, Of(door), Token)).ShouldBeNull();
        (await new DockerCli(DockerHere.Runner, variables: Of(door)).ReadAsync(["version"], Token)).ExitCode.ShouldBe(
            0
        );
    }

    [Test]
    public async Task A_connection_that_broke_is_opened_anew_and_while_that_fails_the_reason_is_said()
    {
        await using var door = await SshDoor.OpenLocalAsync(DoorDirectory, Token);
        await using var tunnel = (await EngineTunnel.OpenAsync(DockerHere.Runner, Of(door), Token)).ShouldNotBeNull();
        var docker = new DockerCli(DockerHere.Runner, variables: Of(door), tunnel: tunnel);

        await door.StopAsync();
        var refused = await docker.ReadAsync(["ps"], Token);
        refused.Succeeded.ShouldBeFalse();
        refused.StandardError.ShouldContain("Connection refused");
        refused.StandardError.ShouldNotContain(tunnel.Socket);

        await door.StartAsync(Token);
        await Eventually.TrueAsync(
            async () => (await docker.ReadAsync(["ps"], Token)).Succeeded,
            TimeSpan.FromSeconds(20),
            "the engine is reached again",
            Token
        );
        await ShouldCarryAsync(docker);
        door.Connections.ShouldBe(2, door.Log);
    }

    [Test]
    public async Task A_host_that_lets_nobody_in_is_named_with_the_reason_of_ssh()
    {
        await using var door = await SshDoor.OpenLocalAsync(DoorDirectory, Token);
        File.Delete(Path.Combine(DoorDirectory, "authorized_keys"));
        var result = await Tool.RunAsync(door.Variables, ["Status"], Token);
        result.ShouldExitWith(2).All.ShouldContain($"no Docker engine answers: {door.Url} cannot be reached: ");
        result.All.ShouldContain("Permission denied");
    }

    [Test]
    public async Task An_application_is_deployed_upgraded_and_rolled_back_and_nothing_is_left_of_a_killed_deployer()
    {
        var (one, two) = (await Images.DeriveAsync("1", Token), await Images.DeriveAsync("2", Token));
        await using var door = await SshDoor.OpenLocalAsync(DoorDirectory, Token);
        await using var stack = new Stack(1, variables: door.Variables);
        (await stack.DeployAsync(one, Token, "--watch", "0")).ShouldExitWith(0).All.ShouldContain(door.Url);
        await using (var site = await Site.OpenAsync(stack, Token))
        {
            var before = door.Connections;
            (await stack.DeployAsync(two, Token, "--watch", "0")).ShouldExitWith(0);
            (door.Connections - before).ShouldBe(1, "of an upgrade");
            await stack.ShouldServeAsync(two, Token);
            (await stack.RunAsync(Token, "Rollback", "--yes")).ShouldExitWith(0);
            await stack.ShouldServeAsync(one, Token);
            (await stack.HistoryAsync(Token)).Count.ShouldBe(3);

            Tool? deploy = null;
            await stack.NextAsync(
                line => line.Begins("gate"),
                TimeSpan.FromMinutes(1),
                () => deploy = stack.Start("AtomicDeploy", "--tag", two),
                Token
            );
            door.Sessions.ShouldNotBeEmpty("the deployer is connected");
            await deploy!.SignalAsync("KILL", Token);
            (await deploy.EndAsync(Token)).ExitCode.ShouldBe(137);
            await deploy.DisposeAsync();
            await Eventually.TrueAsync(
                async () => (await ProcessesOfAsync(door)).Length == 0 && door.Sessions.Length == 0,
                TimeSpan.FromSeconds(20),
                "nothing is left of it, on either side",
                Token
            );
            (await stack.DeployAsync(two, Token, "--watch", "0", "--wait")).ShouldExitWith(0);
            await stack.ShouldServeAsync(two, Token);
            await site.CloseFlawlesslyAsync(Token);
        }
    }

    [Test]
    public async Task Sixteen_services_start_within_the_limits_that_sshd_has_by_itself()
    {
        var one = await Images.DeriveAsync("1", Token);
        await using var door = await SshDoor.OpenLocalAsync(DoorDirectory, Token);
        await using var stack = new Stack(1, variables: door.Variables);
        var file = new StringBuilder("services:\n");
        for (var number = 1; number <= ManyServices; number++)
            file.Append(
                $$"""
                  s{{number}}:
                    image: recyclic/frontend:${TAG}
                    {{(number == 1 ? "ports: [\"${FRONTEND_PORT}:4444\"]" : "mem_limit: 128m")}}
                    healthcheck: { test: ["CMD", "true"], interval: 2s, start_period: 60s }

                """
            );
        stack.Environment["COMPOSE_FILE"] = Path.Combine(DoorDirectory, "compose.yml");
        await File.WriteAllTextAsync(stack.Environment["COMPOSE_FILE"], file.ToString(), Token);

        (await stack.DeployAsync(one, Token, "--watch", "0", "--deploy-timeout", "180")).ShouldExitWith(0);

        TestContext.Out.WriteLine($"{ManyServices} services: {door.Connections} connections");
        door.Connections.ShouldBeLessThanOrEqualTo(3, door.Log);
        door.Log.ShouldNotContain("past MaxStartups");
    }

    private static ImmutableDictionary<string, string> Of(SshDoor door) => door.Variables.ToImmutableDictionary();

    /// <summary>
    /// What is written to a program in a container comes back whole, and the end of its input ends it.
    /// </summary>
    private static async Task ShouldCarryAsync(DockerCli docker)
    {
        var text = string.Join('\n', Enumerable.Range(0, 20_000));
        var echo = await docker.Runner.RunAsync(
            Command.Of(
                "docker",
                "run",
                "--rm",
                "--interactive",
                "--network",
                "none",
                "--entrypoint",
                "cat",
                $"recyclic/api:{Images.Base}"
            ) with
            {
                StandardInput = text,
            },
            Token
        );
        echo.ExitCode.ShouldBe(0, echo.StandardError);
        echo.StandardOutput.TrimEnd('\n').ShouldBe(text);
    }

    /// <summary>Programs that know this door's key.</summary>
    private async Task<string[]> ProcessesOfAsync(SshDoor door)
    {
        var all = (await DockerHere.Runner.RunAsync(Command.Of("ps", "-eo", "args"), Token))
            .EnsureSuccess()
            .StandardOutput;
        return
        [
            .. all.Split('\n')
                .Where(line => line.Contains(Path.Combine(DoorDirectory, "ssh_config"), StringComparison.Ordinal)),
        ];
    }
}
