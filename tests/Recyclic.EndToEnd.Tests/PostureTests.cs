using System.Globalization;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>What SECURITY.md claims of a host on which a deploy has just been made.</summary>
[CancelAfter(480_000)]
public sealed class PostureTests : StackTests
{
    private protected override bool IsShared => true;

    private const string StateDirectory = "/var/lib/recyclic";

    [Test]
    public async Task The_edge_is_confined()
    {
        var inspected = await InspectAsync(
            Stack.Edge,
            "{{.Config.User}}|{{.HostConfig.ReadonlyRootfs}}|{{.HostConfig.Privileged}}|{{.HostConfig.CapDrop}}|{{.HostConfig.CapAdd}}|{{.HostConfig.SecurityOpt}}|{{.HostConfig.PidMode}}|{{.HostConfig.NetworkMode}}"
        );
        inspected.ShouldBeOneOf(
            new[] { "blue", "green" }
                .Select(slot => $"haproxy|true|false|[ALL]|[]|[no-new-privileges]||zz.{Stack.App}.{slot}")
                .ToArray()
        );
        (await InspectAsync(Stack.Edge, "{{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}} {{.RW}};{{end}}"))
            .Split(';')
            .ShouldBe(
                [
                    $"volume {Stack.App}.state {StateDirectory} true",
                    $"volume {Stack.App}.keys {StateDirectory}-keys false",
                    "",
                ],
                ignoreOrder: true
            );
        (
            await DockerHere.RunAsync(
                Token,
                "exec",
                Stack.Edge,
                "sed",
                "-n",
                "/^Cap\\(Eff\\|Prm\\|Bnd\\)\\|^NoNewPrivs/s/\\t/ /p",
                "/proc/1/status"
            )
        ).ShouldBe("CapPrm: 0000000000000000\nCapEff: 0000000000000000\nCapBnd: 0000000000000000\nNoNewPrivs: 1");
        (await DockerHere.TryAsync(["exec", Stack.Edge, "touch", "/etc/written"], Token)).Succeeded.ShouldBeFalse(
            "the root file system can be written"
        );
    }

    [Test]
    public async Task What_the_edge_keeps_can_be_read_by_the_edge_alone()
    {
        var modes = await DockerHere.LinesAsync(
            Token,
            "exec",
            Stack.Edge,
            "find",
            StateDirectory,
            "-printf",
            "%P %y %m %u\\n"
        );
        modes.ShouldContain(" d 700 haproxy".Trim());
        modes.ShouldContain("journal.jsonl f 600 haproxy");
        modes.ShouldContain("share.map f 600 haproxy");
        modes.ShouldContain("haproxy.cfg f 600 haproxy");
        modes.ShouldContain("generation f 600 haproxy");
        modes.ShouldContain("admin.sock s 600 haproxy");
        modes
            .Count(line =>
                line.StartsWith("edges/", StringComparison.Ordinal)
                && line.EndsWith(".sock s 600 haproxy", StringComparison.Ordinal)
            )
            .ShouldBe(1, "by which the edge is told to reload");
        modes.ShouldAllBe(line =>
            line.EndsWith(" 600 haproxy", StringComparison.Ordinal)
            || line.EndsWith(" 700 haproxy", StringComparison.Ordinal)
        );
    }

    [Test]
    public async Task The_edge_listens_on_no_port_and_no_container_of_the_application_sees_its_sockets()
    {
        // The line of a listening socket has the state 0A; its second word ends with the port.
        var listening = (
            await DockerHere.LinesAsync(Token, "exec", Stack.Edge, "cat", "/proc/net/tcp", "/proc/net/tcp6")
        )
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 3 && words[3] == "0A")
            // Docker's own resolver listens in each container, on 127.0.0.11.
            .Where(words => words[1][..8] != "0B00007F")
            .Select(words =>
                int.Parse(
                    words[1][(words[1].LastIndexOf(':') + 1)..],
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture
                )
            )
            .Distinct();
        listening.ShouldBeEmpty("the gates publish its ports");

        foreach (
            var container in (
                await DockerHere.LinesAsync(Token, "ps", "--filter", $"name=^{Stack.App}-", "--format", "{{.Names}}")
            ).Where(name => name != Stack.Edge && !name.StartsWith($"{Stack.App}-gate-", StringComparison.Ordinal))
        )
        {
            (await InspectAsync(container, "{{range .Mounts}}{{.Name}}{{.Source}} {{end}}")).ShouldNotContain(
                $"{Stack.App}.state",
                Case.Sensitive,
                container
            );
            (await InspectAsync(container, "{{range .Mounts}}{{.Source}} {{end}}")).ShouldNotContain(
                "docker.sock",
                Case.Sensitive,
                container
            );
        }
    }

    [Test]
    public async Task A_secret_of_the_application_is_nowhere_but_in_the_containers_that_are_given_it()
    {
        const string Secret = "p7-onlyhere-3f81";
        await using var other = new Stack(
            1,
            variables: new Dictionary<string, string> { ["POSTGRES_PASSWORD"] = Secret }
        );
        await using var watch = new CommandLines(Secret);

        var deploy = (await other.DeployAsync(One, Token, "--watch", "0", "--verbosity", "verbose")).ShouldExitWith(0);
        var plan = (await other.RunAsync(Token, "AtomicDeploy", "--tag", Two, "--dry-run")).ShouldExitWith(0);

        (await watch.StopAsync()).ShouldBeEmpty();
        deploy.All.ShouldNotContain(Secret);
        plan.All.ShouldNotContain(Secret);
        (await DockerHere.RunAsync(Token, "inspect", other.Edge)).ShouldNotContain(Secret);
        (
            await DockerHere.RunAsync(
                Token,
                "exec",
                other.Edge,
                "sh",
                "-c",
                $"cat {StateDirectory}/*.jsonl {StateDirectory}/*.cfg {StateDirectory}/*.map"
            )
        ).ShouldNotContain(Secret);
        (await DockerHere.RunAsync(Token, "inspect", $"{other.App}-postgres-1")).ShouldContain(Secret);
    }

    [Test]
    public async Task Nobody_takes_the_lock_from_a_deployer_that_lives_without_saying_so()
    {
        var slow = await Images.DeriveAsync("slow-lock", Token, "start-delay=60s");
        Tool? deploy = null;
        await Stack.NextAsync(
            line => line.Begins("gate"),
            TimeSpan.FromMinutes(2),
            () => deploy = Stack.Start("AtomicDeploy", "--tag", slow),
            Token
        );
        await using var held = deploy!;

        var refused = (await Stack.RunAsync(Token, "Unlock")).ShouldExitWith(4);
        refused.All.ShouldContain($"{Environment.UserName}@");
        refused.All.ShouldContain("--force");
        (await Stack.RunAsync(Token, "Unlock", "--force"))
            .ShouldExitWith(0)
            .Output.ShouldContain($"away from {Environment.UserName}@");

        (await held.EndAsync(Token)).ShouldExitWith(3).All.ShouldContain("lock was lost");
        (await Stack.RunAsync(Token, "Recover")).ShouldExitWith(0);
        await Stack.ShouldServeAsync(One, Token);
    }

    private static Task<string> InspectAsync(string container, string format) =>
        DockerHere.RunAsync(Token, "inspect", "--format", format, container);
}
