using Recyclic.Certificates;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Deploy.Smoke;
using Recyclic.Load;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>Smoke tests and hooks on an engine, with users at work all the while.</summary>
[Category("Docker"), CancelAfter(280_000)]
public sealed class SmokeTestTests
{
    private const string Password = "correct-horse-battery-staple";

    /// <summary>The claim itself; going back takes a tenth of it.</summary>
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(2);

    [Test]
    public async Task A_release_that_fails_without_traffic_answers_nobody(CancellationToken cancellationToken)
    {
        await using var shop = await Shop.OpenAsync("cmp-smoke-early", 17891, cancellationToken);
        var (outcome, load) = await shop.DeployUnderLoadAsync(
            "v2",
            new DeployOptions
            {
                SmokeTests = SmokeTests
                    .None.Http("/", test => test.JsonPath("$.service", "web"))
                    .Http(
                        "/env/SHOP_PASSWORD",
                        test => test.Contains("open sesame").Retry(2, TimeSpan.FromMilliseconds(100))
                    ),
            },
            cancellationToken
        );

        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe(
            "smoke test GET /env/SHOP_PASSWORD failed: cmp-smoke-early--green-web-1: the answer does not hold \"open sesame\""
        );
        var evidence = string.Join('\n', outcome.Failure.Evidence);
        evidence.ShouldContain("request   GET /env/SHOP_PASSWORD to cmp-smoke-early--green-web-1, host localhost");
        evidence.ShouldContain("response  200 in ");
        evidence.ShouldContain("  Content-Type: text/plain");
        evidence.ShouldNotContain(Password);
        load.Failed.ShouldBe(0, string.Join("\n", load.FirstFailures));
        load.Versions.Select(seen => seen.Version).ShouldBe(["v1"]);
        (await shop.LeftoversAsync(cancellationToken)).ShouldNotContain(name => name.Contains("--green-"));
    }

    [Test]
    public async Task A_release_that_fails_through_the_front_door_is_taken_back_at_once(
        CancellationToken cancellationToken
    )
    {
        await using var shop = await Shop.OpenAsync("cmp-smoke-late", 17892, cancellationToken);
        var failedAt = DateTimeOffset.MaxValue;
        var asked = new List<string>();
        var (outcome, load) = await shop.DeployUnderLoadAsync(
            "v2",
            new DeployOptions
            {
                SmokeTests = SmokeTests
                    .None.Http("/shop", test => test.Contains("\"version\":\"{tag}\"").Contains("/shop"))
                    .Code(
                        "as users see it",
                        async (release, token) =>
                        {
                            var answer = await release.AskAsync("/", token);
                            asked.Add($"{release.IsFrontDoor} {answer.Status} {answer.Body.Contains("\"v2\"")}");
                            if (!release.IsFrontDoor)
                                return;
                            failedAt = DateTimeOffset.UtcNow;
                            throw new InvalidOperationException("users would not like it");
                        },
                        test => test with { Tries = 1 }
                    ),
            },
            cancellationToken
        );

        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe(
            "smoke test as users see it failed through the front door: InvalidOperationException: users would not like it"
        );
        asked.ShouldBe(["False 200 True", "True 200 True"]);
        load.Failed.ShouldBe(0, string.Join("\n", load.FirstFailures));
        load.Versions.Select(seen => seen.Version).ShouldBe(["v1", "v2"]);
        var last = shop.Records.Where(record => record.Versions.Contains("v2")).Max(record => record.EndedUnixMs);
        var back = TimeSpan.FromMilliseconds(last - failedAt.ToUnixTimeMilliseconds());
        TestContext.Out.WriteLine($"the last user was back {back.TotalMilliseconds:0} ms after the failure");
        back.ShouldBeLessThan(BackWithin);
        (await shop.VersionAsync(cancellationToken)).ShouldContain("\"v1\"");
        (await shop.ObserveAsync(cancellationToken)).Current!.Release.Tag.ShouldBe("v1");
    }

    [Test]
    public async Task A_command_runs_in_the_new_image_on_the_new_slots_network_and_is_gone_afterwards(
        CancellationToken cancellationToken
    )
    {
        await using var shop = await Shop.OpenAsync("cmp-smoke-command", 17893, cancellationToken);
        const string Ask = """
            my $s = IO::Socket::INET->new(PeerAddr => "web:8080") or die "nobody there"; syswrite $s, "GET / HTTP/1.1\r\n\r\n";
            sysread $s, my $answer, 4096; print "$answer\n"; exit($answer =~ /"version":"$ENV{VERSION}"/ && $ENV{VERSION} eq "v2" ? 0 : 1)
            """;
        var (outcome, load) = await shop.DeployUnderLoadAsync(
            "v2",
            new DeployOptions { SmokeTests = SmokeTests.None.Command("web", "perl", "-MIO::Socket::INET", "-e", Ask) },
            cancellationToken
        );
        outcome.ExitCode.ShouldBe(0, $"{outcome.Failure?.Cause}\n{string.Join('\n', outcome.Failure?.Evidence ?? [])}");
        load.Failed.ShouldBe(0, string.Join("\n", load.FirstFailures));
        load.Versions.Select(seen => seen.Version).ShouldBe(["v1", "v2"]);
        (await shop.LeftoversAsync(cancellationToken)).ShouldNotContain(name => name.Contains(Naming.SmokeService));

        foreach (
            var (words, said) in new (string[], string)[]
            {
                (["sh", "-c", "echo no stock; exit 3"], "--blue-recyclic-smoke-test-1 ended with exit code 3"),
                (["sleep", "600"], "--blue-recyclic-smoke-test-1 had not ended after 3 s"),
            }
        )
        {
            var failed = await shop.DeployAsync(
                "v3",
                new DeployOptions
                {
                    SmokeTests = SmokeTests.None.Command(
                        "web",
                        [.. words],
                        test => test with { Tries = 1, Deadline = TimeSpan.FromSeconds(3) }
                    ),
                },
                cancellationToken
            );
            failed.ExitCode.ShouldBe(1);
            failed.Failure!.Cause.Message.ShouldContain(said);
            (await shop.LeftoversAsync(cancellationToken)).ShouldNotContain(name => name.Contains("--blue-"));
        }
        (await shop.VersionAsync(cancellationToken)).ShouldContain("\"v2\"");
    }

    [Test]
    public async Task A_hook_that_fails_undoes_before_the_commit_and_warns_after_it(CancellationToken cancellationToken)
    {
        await using var shop = await Shop.OpenAsync("cmp-smoke-hooks", 17894, cancellationToken);
        var told = new List<string>();
        DeployHooks Failing(Func<DeployHooks, string, Func<HookFacts, CancellationToken, Task>, DeployHooks> at) =>
            at(DeployHooks.None, "the switch", (_, _) => throw new InvalidOperationException("it is stuck"))
                .OnFailure(
                    "tell",
                    (facts, _) =>
                    {
                        told.Add($"{facts.PreviousTag} {facts.Tag} {facts.Outcome}: {facts.Reason}");
                        return Task.CompletedTask;
                    }
                );

        var (before, load) = await shop.DeployUnderLoadAsync(
            "v2",
            new DeployOptions { Hooks = Failing((hooks, name, run) => hooks.Before(Phase.Shift, name, run)) },
            cancellationToken
        );
        before.ExitCode.ShouldBe(1);
        load.Failed.ShouldBe(0, string.Join("\n", load.FirstFailures));
        load.Versions.Select(seen => seen.Version).ShouldBe(["v1"]);
        told.ShouldBe(["v1 v2 Undone: the hook pre-shift (the switch) failed: it is stuck"]);

        (var after, load) = await shop.DeployUnderLoadAsync(
            "v2",
            new DeployOptions { Hooks = Failing((hooks, name, run) => hooks.After(Phase.Shift, name, run)) },
            cancellationToken
        );
        after.ExitCode.ShouldBe(0, $"{after.Failure?.Cause}");
        load.Failed.ShouldBe(0, string.Join("\n", load.FirstFailures));
        load.Versions.Select(seen => seen.Version).ShouldBe(["v1", "v2"]);
        told.Count.ShouldBe(1);
        shop.Warnings.ShouldContain("the hook post-shift (the switch) failed: it is stuck");
    }

    [Test]
    public async Task Where_tls_ends_at_the_edge_the_front_door_is_asked_by_tls(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var pair = TestCertificate.For("shop.test");
        await File.WriteAllTextAsync(folder["tls.pem"], pair.Certificate + pair.Key, cancellationToken);
        await File.WriteAllTextAsync(
            folder["compose.yml"],
            """
            services:
              web:
                image: recyclic-compose-test/healthy:${TAG}
                environment: { SERVICE: web }
                ports: ["${WEB_PORT}:8080", "17896:8080"]
                x-recyclic: { ports: { "8080": http }, tls: { certificate: ./tls.pem, key: ./tls.pem, port: 17896 } }
            """,
            cancellationToken
        );
        await using var shop = await Shop.OpenAsync("cmp-smoke-tls", 17895, cancellationToken, folder["compose.yml"]);
        var wanted = SmokeTests.None.Http("/", test => test.Port(17896).JsonPath("$.version", "{tag}"));
        var passed = await shop.DeployAsync("v2", new DeployOptions { SmokeTests = wanted }, cancellationToken);
        passed.ExitCode.ShouldBe(0, $"{passed.Failure?.Cause}");

        var other = SmokeTests.None.Code(
            "the answer",
            async (release, token) =>
            {
                var answer = await release.AskAsync("/", token, test => test.Port(17896));
                if (release.IsFrontDoor)
                    throw new InvalidOperationException($"{answer.Status} by TLS: {answer.Body}");
            },
            test => test with { Tries = 1 }
        );
        var failed = await shop.DeployAsync("v3", new DeployOptions { SmokeTests = other }, cancellationToken);
        failed.Failure!.Cause.Message.ShouldContain("200 by TLS: {\"service\":\"web\",\"version\":\"v3\"");
    }

    /// <summary>A shop that v1 serves, and its deployer in this process.</summary>
    private sealed class Shop : IDeployReporter, IAsyncDisposable
    {
        private readonly Stack _stack;
        private readonly string _app;
        private readonly Uri _site;
        private readonly DockerEngine _engine;
        private readonly Deployer _deployer;

        private Shop(string app, int port, string? composeFile)
        {
            (_app, _site) = (app, new Uri($"http://127.0.0.1:{port}/"));
            _stack = new Stack(app, "smoke.yml");
            if (composeFile is not null)
                _stack.ComposeFile = composeFile;
            _engine = new DockerEngine(
                new DockerCli(new ProcessCommandRunner(), variables: Stack.Variables(("WEB_PORT", $"{port}")))
            );
            var platform = Platform.Of(_engine, new DockerHostLock(_engine, TimeProvider.System));
            _deployer = new Deployer(platform.Masked(new Redactor()), this, TimeProvider.System);
        }

        public static async Task<Shop> OpenAsync(
            string app,
            int port,
            CancellationToken cancellationToken,
            string? composeFile = null
        )
        {
            await Images.EnsureAsync();
            var shop = new Shop(app, port, composeFile);
            await shop._stack.RemoveAsync();
            (
                await shop.DeployAsync("v1", new DeployOptions { Watch = TimeSpan.Zero }, cancellationToken)
            ).ExitCode.ShouldBe(0);
            return shop;
        }

        public List<string> Warnings { get; } = [];

        public IReadOnlyList<RequestRecord> Records { get; private set; } = [];

        public Task<DeployOutcome> DeployAsync(
            string tag,
            DeployOptions options,
            CancellationToken cancellationToken
        ) =>
            _deployer.DeployAsync(
                new DeployRequest(_stack.ComposeFile, _app, ReleaseTag.Parse(tag), null, "ann", false, options),
                cancellationToken
            );

        public async Task<(DeployOutcome Outcome, LoadSummary Load)> DeployUnderLoadAsync(
            string tag,
            DeployOptions options,
            CancellationToken cancellationToken
        )
        {
            await using var client = new LoadClient(new LoadPlan(new LoadTarget(_site, 60)));
            await client.StartAsync(cancellationToken);
            await AnsweredAsync(client, cancellationToken);
            var outcome = await DeployAsync(tag, options, cancellationToken);
            await AnsweredAsync(client, cancellationToken);
            var result = await client.StopAsync(cancellationToken);
            Records = result.Records;
            return (outcome, result.Summary());
        }

        public async Task<string> VersionAsync(CancellationToken cancellationToken)
        {
            using var client = new HttpClient();
            return await client.GetStringAsync(_site, cancellationToken);
        }

        public Task<Snapshot> ObserveAsync(CancellationToken cancellationToken) =>
            _deployer.ObserveAsync(_app, cancellationToken);

        public Task<string[]> LeftoversAsync(CancellationToken cancellationToken) =>
            _stack.LeftoversAsync(cancellationToken);

        public void Note(string text) => TestContext.Out.WriteLine(text);

        public void Warn(string text) => Warnings.Add(text);

        public void Planned(DeployPlan plan) => TestContext.Out.WriteLine(plan.ToText());

        public void StepStarted(int number, int of, PlannedStep step) { }

        public void Progress(string text) { }

        public void StepEnded(int number, PlannedStep step, TimeSpan took) =>
            TestContext.Out.WriteLine($"{number} {step.Action} {took.TotalSeconds:0.00} s");

        public void StepFailed(int number, PlannedStep step, string reason) =>
            TestContext.Out.WriteLine($"{number} {step.Action} failed: {reason}");

        public void UndoStarted(Recyclic.Deploy.Steps.DeployStep undo) { }

        public void UndoFailed(Recyclic.Deploy.Steps.DeployStep undo, string reason) =>
            TestContext.Out.WriteLine($"undo {undo} failed: {reason}");

        public async ValueTask DisposeAsync()
        {
            _engine.Dispose();
            await _stack.DisposeAsync();
        }

        /// <summary>Waits until another 40 requests have ended.</summary>
        private static async Task AnsweredAsync(LoadClient client, CancellationToken cancellationToken)
        {
            var enough = client.Counters.Finished + 40;
            await Eventually.TrueAsync(
                () => Task.FromResult(client.Counters.Finished >= enough),
                "40 requests end",
                cancellationToken
            );
        }
    }
}
