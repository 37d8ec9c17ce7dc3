using System.Text.Json.Nodes;
using Recyclic.EndToEnd.Support;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Pipeline;

/// <summary>
/// From a commit to production as the build defines it: a registry, staging on this machine's engine, production on
/// another host that is reached by ssh and reaches nothing but the registry. One journey: each test goes on from where
/// the one before it ended. </summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(900_000)]
public sealed class PipelineTests
{
    private const string Approver = "a second pair of eyes";
    private static readonly Uri Staging = new("http://127.0.0.1:8100");
    private readonly Stack _staging = new(1);
    private PrivateRegistry _registry = null!;
    private PrivateHost _host = null!;
    private Tunnel _tunnel = null!;
    private Mailbox _mailbox = null!;
    private string _first = "";
    private string _second = "";
    private JsonNode _pushed = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    private Uri Production => new($"http://{_host.Network.Address}:8200");

    private Uri ProductionFrontend => new($"http://{_host.Network.Address}:4644");

    /// <summary>
    /// A name of this run's own; a workflow's jobs know only those that the build gives its environments.
    /// </summary>
    private string[] Project => Settings.RehearsesStaging ? [] : ["--project", _staging.App];

    private string ProductionEdge => Settings.RehearsesStaging ? "recyclic-production-edge" : $"{_staging.App}-edge";

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        HostNeeds.OrIgnore();
        await Engine.ReadyAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        if (Settings.RehearsesStaging && (await RehearsedAsync("ps", deadline.Token)).Length > 0)
            Assert.Ignore("there is a staging of somebody else's on this engine");
        _mailbox = new Mailbox();
        _registry = await PrivateRegistry.StartAsync(deadline.Token);
        _host = await PrivateHost.StartAsync(deadline.Token);
        _tunnel = await Tunnel.OpenAsync(_host, _registry.Port, deadline.Token);
        _first = (await GitAsync("rev-parse", "HEAD"))[..7];
        _second = $"e2e-{Images.Run}-pipeline";
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        if (_tunnel is not null)
            await _tunnel.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
        await _staging.DisposeAsync();
        if (Settings.RehearsesStaging && _mailbox is not null)
            await RemoveRehearsedAsync();
        if (_registry is not null)
            await _registry.DisposeAsync();
        if (_mailbox is not null)
            await _mailbox.DisposeAsync();
    }

    [Test]
    public async Task A_commit_is_built_pushed_deployed_to_staging_and_tried_there()
    {
        var staged = await DeployStagingAsync();

        staged.Output.ShouldContain(
            $"{_registry.Address}/recyclic/postgres:15  sha256:",
            customMessage: "what a release needs besides its own images is pushed too"
        );
        staged.Output.ShouldContain($"passed  {Staging}version");
        staged.All.ShouldNotContain(PrivateRegistry.Password);
        staged.All.ShouldNotContain(Secret);
        (await StatusAsync("staging"))["release"]!["tag"]!.GetValue<string>().ShouldBe(_first);
        _pushed = (await RunAsync("PushImages", "--environment", "staging", "--tag", _first, "--json"))
            .ShouldExitWith(0)
            .Json;
    }

    [Test]
    [DependsOnTest(nameof(A_commit_is_built_pushed_deployed_to_staging_and_tried_there))]
    public async Task Production_takes_nothing_that_nobody_approved_and_its_gates_say_why_not()
    {
        var before = await InventoryAsync();
        (await ProductionAsync(_first)).ShouldExitWith(2).All.ShouldContain($"{_first} has no approval");

        var author = await GitAsync("log", "-1", "--format=%an");
        (await ApproveAsync(_first, author, "--override", "please"))
            .ShouldExitWith(2)
            .All.ShouldContain("had a hand in it");
        var refused = (await ApproveAsync(_first, Approver)).ShouldExitWith(2).All;
        refused.ShouldContain("gate 'soaked'");
        refused.ShouldContain("staging has run these images for");
        (await ApproveAsync(_first, Approver, "--environment", "moon"))
            .ShouldExitWith(2)
            .All.ShouldContain("this build has no environment moon");
        (await ApproveAsync($"nobody-{_second}", Approver)).ShouldExitWith(2).All.ShouldContain("there is no");

        (await ProductionAsync(_first)).ShouldExitWith(2);
        (await InventoryAsync()).ShouldBe(before, "nothing was touched");
        _mailbox.Notices.ShouldNotContain(notice => notice["event"]!.GetValue<string>() == "approved");
    }

    [Test]
    [DependsOnTest(nameof(Production_takes_nothing_that_nobody_approved_and_its_gates_say_why_not))]
    public async Task An_approval_for_a_reason_is_announced_and_lets_in_the_very_images_of_staging()
    {
        var byKey = await ApprovingVariablesAsync();
        string[] approve = ["ApproveProduction", "--tag", _first, "--approver", Approver, .. Project];
        // Its gates are judged by what the key shows.
        (await Tool.RunAsync(byKey, approve, Token))
            .ShouldExitWith(2)
            .All.ShouldContain("staging has run these images for");
        (await Tool.RunAsync(byKey, [.. approve, "--override", "the soak is a test's"], Token))
            .ShouldExitWith(0)
            .Output.ShouldContain($"approved {_first}");
        (await Tool.RunAsync(byKey, ["Status", "--environment", "production", .. Project], Token)).ShouldExitWith(2);
        var notice = _mailbox.Notices.Single(notice => notice["event"]!.GetValue<string>() == "approved");
        notice["by"]!.GetValue<string>().ShouldBe(Approver);
        notice["reason"]!.GetValue<string>().ShouldBe("the soak is a test's");
        notice["warnings"]!.AsArray().ShouldContain(line => line!.GetValue<string>().StartsWith("failed soaked: "));

        (await ProductionAsync(_first, "--watch", "0")).ShouldExitWith(0);
        await ShouldRunWhatStagingRunsAsync();
    }

    [Test]
    [DependsOnTest(nameof(An_approval_for_a_reason_is_announced_and_lets_in_the_very_images_of_staging))]
    public async Task A_freeze_keeps_out_what_is_approved_and_is_lifted_by_a_reason_of_its_own()
    {
        var frozen = new Dictionary<string, string>(Variables) { ["PRODUCTION_FREEZE"] = "stock-taking" };
        // The one of before was for one deploy.
        (await ProductionAsync(_first))
            .ShouldExitWith(2)
            .All.ShouldContain("was for the next deploy alone");
        (await ApproveAsync(_first, Approver, "--override", "the soak is a test's")).ShouldExitWith(0);
        string[] deploy = ["AtomicDeploy", "--environment", "production", "--tag", _first, .. Project, "--dry-run"];
        (await Tool.RunAsync(frozen, deploy, Token)).ShouldExitWith(2).All.ShouldContain($"{_first} is approved, but");
        (
            await Tool.RunAsync(
                frozen,
                ["ApproveProduction", "--tag", _first, .. Project, "--approver", Approver, "--hotfix", "mends it"],
                Token
            )
        )
            .ShouldExitWith(2)
            .All.ShouldContain("the freeze 'stock-taking', until it is lifted");
        (
            await Tool.RunAsync(
                frozen,
                ["ApproveProduction", "--tag", _first, .. Project, "--approver", Approver, "--override", "must go"],
                Token
            )
        ).ShouldExitWith(0);
        (await Tool.RunAsync(frozen, deploy, Token)).ShouldExitWith(0);
    }

    [Test]
    [DependsOnTest(nameof(A_freeze_keeps_out_what_is_approved_and_is_lifted_by_a_reason_of_its_own))]
    public async Task Only_the_images_that_were_approved_are_let_in_as_long_as_the_approval_lasts()
    {
        foreach (var service in new[] { "api", "bot", "frontend" })
            (
                await DockerHere.Runner.RunAsync(
                    Command.Of(
                        "docker",
                        "build",
                        "--quiet",
                        "--tag",
                        $"{_registry.Address}/recyclic/{service}:{_second}",
                        "-"
                    ) with
                    {
                        StandardInput =
                            $"FROM {_registry.Address}/recyclic/{service}:{_first}\nENV RECYCLIC_VERSION={_second}\n",
                    },
                    Token
                )
            ).EnsureSuccess();
        _pushed = (await RunAsync("PushImages", "--environment", "staging", "--tag", _second, "--json"))
            .ShouldExitWith(0)
            .Json;
        (await RunAsync("DeployStaging", "--tag", _second, "--watch", "0")).ShouldExitWith(0);

        (await ProductionAsync(_second))
            .ShouldExitWith(2)
            .All.ShouldContain($"that of {_first} by {Approver} is for other images");
        (await ApproveAsync(_second, Approver, "--hotfix", "mends it"))
            .ShouldExitWith(2)
            .All.ShouldContain($"{_second} is no commit here");

        await ForgeApprovalAsync(approval =>
            approval["expiresAt"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("O")
        );
        (await ProductionAsync(_second)).ShouldExitWith(2).All.ShouldContain("expired at");
        await ForgeApprovalAsync(approval => approval["authors"] = new JsonArray(Approver));
        (await ProductionAsync(_second)).ShouldExitWith(2).All.ShouldContain("is by somebody who had a hand in it");
        (await StatusAsync("production"))["release"]!["tag"]!.GetValue<string>().ShouldBe(_first);
    }

    [Test]
    [DependsOnTest(nameof(Only_the_images_that_were_approved_are_let_in_as_long_as_the_approval_lasts))]
    public async Task What_is_approved_goes_to_production_under_load_without_a_failed_request()
    {
        await using var site = await Site.OpenAsync(Production, ProductionFrontend, Token);

        // Both in one run, as a person does it: what the approval names is what the deploy takes.
        var deployed = (
            await RunAsync(
                "ApproveProduction",
                "AtomicDeploy",
                "--environment",
                "production",
                "--tag",
                _second,
                "--approver",
                Approver,
                "--override",
                "the soak is a test's",
                "--watch",
                "5"
            )
        ).ShouldExitWith(0);

        var result = await site.CloseFlawlesslyAsync(Token);
        result.Records.SelectMany(record => record.Versions).Distinct().ShouldBe([_first, _second], ignoreOrder: true);
        deployed.Output.ShouldContain($"{_second} is live");
        await ShouldRunWhatStagingRunsAsync();
        var history = (await RunAsync("History", "--environment", "production", "--json"))
            .ShouldExitWith(0)
            .Json.AsArray();
        history[0]!["requests"]!["failed"]!.GetValue<long>().ShouldBe(0);
        history[0]!["requests"]!["total"]!.GetValue<long>().ShouldBeGreaterThan(0);
    }

    [Test]
    [DependsOnTest(nameof(What_is_approved_goes_to_production_under_load_without_a_failed_request))]
    public async Task A_way_back_needs_no_approval_and_no_registry()
    {
        await _tunnel.DisposeAsync();
        await using var site = await Site.OpenAsync(Production, ProductionFrontend, Token);
        (await RunAsync("Rollback", "--environment", "production", "--yes")).ShouldExitWith(0);
        await site.CloseFlawlesslyAsync(Token);
        (await StatusAsync("production"))["release"]!["tag"]!.GetValue<string>().ShouldBe(_first);
    }

    /// <summary>What a shell, compose's own variables, a connection string or a workflow might trip over.</summary>
    private const string Secret = "p%4'\"${{ secrets.X }}$HOME;=b";

    private Dictionary<string, string> Variables =>
        new(PrivateRegistry.Login)
        {
            ["PATH"] = _host.Door.Variables["PATH"],
            ["STAGING_ENGINE"] = "local",
            ["PRODUCTION_ENGINE"] = _host.Door.Url,
            ["STAGING_POSTGRES_PASSWORD"] = Secret,
            ["PRODUCTION_POSTGRES_PASSWORD"] = Secret + "2",
            ["STAGING_URL"] = Staging.ToString().TrimEnd('/'),
            ["PRODUCTION_URL"] = Production.ToString().TrimEnd('/'),
            ["SAMPLE_REGISTRY"] = _registry.Address,
            ["WEBHOOK_URL"] = _mailbox.Url,
            ["GITHUB_TOKEN"] = "",
            // Wherever this runs: a person's own word is taken outside GitHub's runs alone.
            ["GITHUB_ACTIONS"] = "",
            ["GITHUB_RUN_ID"] = "",
        };

    /// <summary>
    /// What the job that approves has: a key to production that can only approve, which is let in as `ApprovalKey` says,
    /// and no way to its engine.
    /// </summary>
    private async Task<Dictionary<string, string>> ApprovingVariablesAsync()
    {
        var entrance = new ApprovalEntrance(_host.Directory, _host.Door);
        await entrance.MakeAsync(Token);
        await entrance.LetInAsync(
            ApprovalEntrance.LineOf(
                (
                    await RunAsync("ApprovalKey", "--environment", "production", "--public-key", entrance.PublicKeyFile)
                ).ShouldExitWith(0)
            ),
            Token
        );
        return new Dictionary<string, string>(Variables)
        {
            ["PATH"] = entrance.Variables["PATH"],
            ["PRODUCTION_APPROVAL_HOST"] = _host.Door.Url,
            ["APPROVAL_SSH_KEY"] = entrance.Key,
        };
    }

    /// <summary>
    /// As a push to the branch `develop` does it: its workflow, rehearsed, or in short the target that the workflow
    /// runs.
    /// </summary>
    private async Task<ToolResult> DeployStagingAsync()
    {
        if (!Settings.RehearsesStaging)
            return (await RunAsync("DeployStaging", "--watch", "0")).ShouldExitWith(0);
        await using var rehearsal = Tool.Start(
            Variables,
            "Workflows",
            "--rehearse",
            "staging",
            "--rehearse-skip",
            "test"
        );
        var ended = (await rehearsal.Ended.WaitAsync(Token)).ShouldExitWith(0);
        ended
            .Output.Split("Building the build project first")
            .Length.ShouldBe(2, $"the jobs behind the first take what it has compiled\n{ended.Output}");
        return ended;
    }

    private static Task<string[]> RehearsedAsync(string list, CancellationToken cancellationToken) =>
        DockerHere.LinesAsync(
            cancellationToken,
            [
                .. list.Split(' '),
                .. list == "ps" ? new[] { "--all" } : [],
                "--quiet",
                "--filter",
                "name=^recyclic-staging[-_]",
            ]
        );

    private static async Task RemoveRehearsedAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        foreach (var (list, remove) in new[] { ("ps", "rm"), ("network ls", "network rm"), ("volume ls", "volume rm") })
            if (await RehearsedAsync(list, deadline.Token) is { Length: > 0 } left)
                await DockerHere.TryAsync([.. remove.Split(' '), "--force", .. left], deadline.Token);
    }

    private Task<ToolResult> ProductionAsync(string tag, params string[] options) =>
        RunAsync(["AtomicDeploy", "--environment", "production", "--tag", tag, .. options]);

    private Task<ToolResult> ApproveAsync(string tag, string approver, params string[] options) =>
        RunAsync(["ApproveProduction", "--tag", tag, "--approver", approver, .. options]);

    private Task<ToolResult> RunAsync(params string[] arguments) =>
        Tool.RunAsync(Variables, [.. arguments, .. Project], Token);

    private async Task<JsonNode> StatusAsync(string environment) =>
        (await RunAsync("Status", "--environment", environment, "--json")).ShouldExitWith(0).Json;

    /// <summary>
    /// The digests that were pushed are those that staging's journal, production's journal and production's containers
    /// have.
    /// </summary>
    private async Task ShouldRunWhatStagingRunsAsync()
    {
        var (staging, production) = (await StatusAsync("staging"), await StatusAsync("production"));
        production["release"]!["images"]!.ToJsonString().ShouldBe(staging["release"]!["images"]!.ToJsonString());
        foreach (var service in new[] { "api", "bot", "frontend" })
        {
            var container = production["services"]!
                .AsArray()
                .Single(entry =>
                    entry!["name"]!.GetValue<string>() == service
                    && entry["slot"]!.GetValue<string>() == production["slot"]!.GetValue<string>()
                )!["containers"]![0]!["id"]!.GetValue<string>();
            var image = await _host.Docker.RunAsync(Token, "inspect", "--format", "{{.Image}}", container);
            (
                await _host.Docker.RunAsync(Token, "image", "inspect", "--format", "{{json .RepoDigests}}", image)
            ).ShouldContain($"/recyclic/{service}@{_pushed["images"]![service]!["digest"]!.GetValue<string>()}");
        }
    }

    /// <summary>
    /// Writes an approval of the second release into production's journal, as somebody might who gets at it.
    /// </summary>
    private async Task ForgeApprovalAsync(Action<JsonNode> change)
    {
        var lines = await _host.Docker.LinesAsync(
            Token,
            "exec",
            ProductionEdge,
            "cat",
            "/var/lib/recyclic/journal.jsonl"
        );
        var record = JsonNode.Parse(lines.Last(line => line.Contains("\"approval\":", StringComparison.Ordinal)))!;
        var approval = record["approval"]!;
        (approval["tag"], approval["digestSet"]) = (
            _second,
            (await RunAsync("ApproveProduction", "--tag", _second, "--approver", Approver, "--dry-run", "--json")).Json[
                "digestSet"
            ]!.GetValue<string>()
        );
        approval["expiresAt"] = DateTimeOffset.UtcNow.AddHours(1).ToString("O");
        change(approval);
        (
            await DockerHere.Runner.RunAsync(
                _host.Docker.Of(
                    "exec",
                    "--interactive",
                    ProductionEdge,
                    "tee",
                    "-a",
                    "/var/lib/recyclic/journal.jsonl"
                ) with
                {
                    StandardInput = record.ToJsonString() + "\n",
                },
                Token
            )
        ).EnsureSuccess();
    }

    private async Task<string> InventoryAsync() =>
        string.Join(
            '\n',
            (
                await Task.WhenAll(
                    _host.Engine.Docker.LinesAsync(Token, "ps", "--all", "--format", "{{.Names}}"),
                    _host.Engine.Docker.LinesAsync(Token, "network", "ls", "--format", "{{.Name}}"),
                    _host.Engine.Docker.LinesAsync(Token, "volume", "ls", "--format", "{{.Name}}")
                )
            ).SelectMany(lines => lines)
        );

    private static async Task<string> GitAsync(params string[] arguments) =>
        (
            await DockerHere.Runner.RunAsync(
                Command.Of("git", arguments) with
                {
                    WorkingDirectory = Repository.Root,
                },
                CancellationToken.None
            )
        )
            .EnsureSuccess()
            .StandardOutput.Trim();
}
