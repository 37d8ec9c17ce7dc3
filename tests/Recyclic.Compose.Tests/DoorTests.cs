using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Whoever calls a release service by its name, a front of the team's own, an accessory or a container of another
/// project, gets the release that serves, all through deploys and ways back, and is never started again.
/// </summary>
[Category("Docker"), CancelAfter(900_000)]
public sealed class DoorTests
{
    private const string App = "cmp-doors";

    /// <summary>By its name here: the package that has it, and how it is started.</summary>
    private static readonly ImmutableDictionary<string, (string Package, string Command)> Fronts = ImmutableDictionary<
        string,
        (string, string)
    >
        .Empty.Add("nginx", ("nginx-light", "nginx -c /fronts/nginx.conf -g 'daemon off;'"))
        .Add("nginx-resolver", ("nginx-light", "nginx -c /fronts/nginx-resolver.conf -g 'daemon off;'"))
        .Add("caddy", ("caddy", "caddy run --config /fronts/Caddyfile --adapter caddyfile"))
        .Add("haproxy", ("haproxy", "haproxy -f /fronts/haproxy.cfg -db"));

    /// <summary>What is deployed in every run is the front that keeps the address it found; it is the hardest.</summary>
    [TestCase("nginx"), TestCase("nginx-resolver"), TestCase("caddy"), TestCase("haproxy")]
    public async Task A_front_is_never_started_again_and_loses_no_request(
        string front,
        CancellationToken cancellationToken
    )
    {
        if (!Settings.AllFaults && front != "nginx")
            Assert.Ignore("takes half a minute: RECYCLIC_E2E_ALL_FAULTS=1 runs it");
        var deploys = Settings.AllFaults ? 10 : 2;
        await using var here = await Here.AtAsync(front, cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        var started = await here.FrontAsync(cancellationToken);
        var version = "v1";
        for (var deploy = 1; deploy <= deploys; deploy++)
        {
            var next = version == "v1" ? "v2" : "v1";
            await ChangesAsync(() => here.DeployAsync(next, cancellationToken), next);
            // What was left by a way back is no release to return to: so one after every other deploy.
            if (deploy % 2 == 0)
                await ChangesAsync(() => here.Stack.RollbackAsync(cancellationToken), next == "v1" ? "v2" : "v1");
        }
        (await here.FrontAsync(cancellationToken)).ShouldBe(started, "the front is as it was started first");

        async Task ChangesAsync(Func<Task<Processes.CommandResult>> command, string next)
        {
            await Load.LosesNothingAsync(here.Url, command, [version, next], cancellationToken);
            version = next;
        }
    }

    [Test]
    public async Task Callers_inside_get_the_release_that_serves_and_a_slot_its_own(CancellationToken cancellationToken)
    {
        var deploys = Settings.AllFaults ? 10 : 2;
        await using var here = await Here.AtAsync("nginx", cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        await here.StartStrangerAsync(cancellationToken);
        ImmutableArray<string> expected = ["v1"];
        for (var deploy = 0; deploy < deploys; deploy++)
        {
            var next = expected[^1] == "v1" ? "v2" : "v1";
            Good(await here.DeployAsync(next, cancellationToken, "--keep-warm"));
            expected = expected.Add(next);
            // Both releases run now: neither finds the other by the names that both know.
            foreach (var (slot, version) in await here.SlotsAsync(cancellationToken))
                (await here.AskAsync(slot, "api", cancellationToken)).ShouldBe(version, $"{slot} asks for api");
        }
        foreach (var caller in new[] { $"{App}-cron-1", Here.Stranger })
        {
            var said = await here.SaidAsync(caller, cancellationToken);
            said.Length.ShouldBeGreaterThan(20, caller);
            // It may be there before the first release is.
            said = [.. said.SkipWhile(version => version is "nobody" or "nonsense")];
            said.Where((version, index) => index == 0 || version != said[index - 1])
                .ShouldBe(expected, $"{caller} gets one version after the other, and nothing else");
        }
    }

    [Test]
    public async Task A_door_that_was_removed_or_cut_off_by_hand_is_there_again_after_the_next_deploy(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync("nginx", cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        await Stack.DockerAsync(cancellationToken, "rm", "--force", $"{App}-door-web");
        await Stack.DockerAsync(cancellationToken, "network", "disconnect", Here.Shared, $"{App}-door-api");
        (await here.Stack.BuildAsync(["Status", .. here.Stack.Files], cancellationToken)).StandardOutput.ShouldContain(
            "who calls web by name reaches nobody"
        );
        Good(await here.DeployAsync("v2", cancellationToken));
        await here.StartStrangerAsync(cancellationToken);
        (await here.AskAsync(Here.Stranger, "api", cancellationToken)).ShouldBe("v2");
        (await here.AskAsync($"{App}-cron-1", "web", cancellationToken)).ShouldBe("v2");
    }

    [Test]
    public async Task A_service_that_leaves_the_file_takes_its_door_with_it_once_nobody_can_return(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync("nginx", cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        await here.RemoveServiceAsync("api", cancellationToken);
        Good(await here.DeployAsync("v2", cancellationToken, "--yes"));
        (await here.Stack.LeftoversAsync(cancellationToken)).ShouldContain($"{App}-door-api", "v1 has it");
        Good(await here.DeployAsync("v3", cancellationToken));
        (await here.Stack.LeftoversAsync(cancellationToken)).ShouldNotContain($"{App}-door-api");
        (await here.Stack.LeftoversAsync(cancellationToken)).ShouldContain($"{App}-door-web");
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private sealed class Here : IAsyncDisposable
    {
        public const string Shared = $"{App}-shared";
        public const string Stranger = $"{App}-stranger";
        private readonly Copied _files = new("doors/docker-compose.yml");

        private Here(string front)
        {
            using var listener = new TcpListener(IPAddress.Any, 0);
            listener.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
            Stack = new Stack(App, _files.File)
            {
                ComposeFile = _files.File,
                Environment = Stack.Variables(
                    ("FRONT", Fronts[front].Command),
                    ("FRONT_PORT", $"{Url.Port}"),
                    ("SHARED", Shared)
                ),
            };
        }

        public Uri Url { get; }

        public Stack Stack { get; }

        public static async Task<Here> AtAsync(string front, CancellationToken cancellationToken)
        {
            await Images.EnsureAsync();
            await Stack.BuildImageAsync(
                cancellationToken,
                "--build-arg",
                $"PACKAGE={Fronts[front].Package}",
                "--tag",
                "recyclic-compose-test/front:1",
                Path.Combine(Repository.Files, "doors", "fronts")
            );
            var here = new Here(front);
            await here.Stack.RemoveAsync();
            await Stack.DockerAsync(cancellationToken, "network", "create", Shared);
            return here;
        }

        public Task<Processes.CommandResult> DeployAsync(
            string tag,
            CancellationToken cancellationToken,
            params string[] more
        ) => Stack.DeployAsync(tag, cancellationToken, ["--watch", "0", .. more]);

        /// <summary>When the front was started, and how often again.</summary>
        public Task<string> FrontAsync(CancellationToken cancellationToken) =>
            Stack.DockerAsync(
                cancellationToken,
                "inspect",
                "--format",
                "{{.Id}} {{.State.StartedAt}} {{.RestartCount}}",
                $"{App}-front-1"
            );

        /// <summary>A container of somebody else on the shared network.</summary>
        public Task<string> StartStrangerAsync(CancellationToken cancellationToken) =>
            Stack.DockerAsync(
                cancellationToken,
                "run",
                "--detach",
                "--name",
                Stranger,
                "--network",
                Shared,
                "--volume",
                $"{Path.Combine(Path.GetDirectoryName(Stack.ComposeFile)!, "ask.pl")}:/ask.pl:ro",
                "--entrypoint",
                "perl",
                $"{Images.Name}:v1",
                "/ask.pl"
            );

        /// <summary>What a caller was answered, in order.</summary>
        public async Task<string[]> SaidAsync(string container, CancellationToken cancellationToken) =>
            Stack.Lines(await Stack.DockerAsync(cancellationToken, "logs", container));

        /// <summary>The containers of web in both slots, and their versions.</summary>
        public async Task<ImmutableArray<(string Container, string Version)>> SlotsAsync(
            CancellationToken cancellationToken
        ) =>
            [
                .. from line in Stack.Lines(
                    await Stack.DockerAsync(
                        cancellationToken,
                        "ps",
                        "--filter",
                        $"label=recyclic.app={App}",
                        "--filter",
                        "label=com.docker.compose.service=web",
                        "--format",
                        "{{.Names}} {{.Label \"recyclic.tag\"}}"
                    )
                )
                let words = line.Split(' ')
                select (words[0], words[1]),
            ];

        /// <summary>The version of what answers a container by a name.</summary>
        public Task<string> AskAsync(string container, string name, CancellationToken cancellationToken) =>
            Stack.DockerAsync(
                cancellationToken,
                "exec",
                container,
                "perl",
                "-MIO::Socket::INET",
                "-e",
                $$"""
                my $to = IO::Socket::INET->new(PeerAddr => "{{name}}:8080", Timeout => 5) or die "nobody: $!";
                print $to "GET /x HTTP/1.1\r\nHost: {{name}}\r\nConnection: close\r\n\r\n";
                my $said = "";
                1 while $said !~ /}/ && sysread $to, $said, 4096, length $said;
                print $said =~ /"version":"(\w+)"/ ? $1 : "nonsense";
                """
            );

        public async Task RemoveServiceAsync(string service, CancellationToken cancellationToken)
        {
            var text = await File.ReadAllTextAsync(Stack.ComposeFile, cancellationToken);
            var begin = text.IndexOf($"  {service}:\n", StringComparison.Ordinal);
            var end = text.IndexOf("\n  cron:", StringComparison.Ordinal) + 1;
            await File.WriteAllTextAsync(Stack.ComposeFile, text.Remove(begin, end - begin), cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await Stack.DisposeAsync();
            _files.Dispose();
        }
    }
}
