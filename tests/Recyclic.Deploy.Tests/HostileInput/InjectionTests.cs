using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.HostileInput;

/// <summary>
/// Text that means something to a shell, a terminal, HAProxy, JSON or the agent, put wherever text of others goes.
/// </summary>
[CancelAfter(60_000)]
internal sealed class InjectionTests
{
    private static readonly string[] Nasty =
    [
        "a\"b",
        "a'b",
        "a\\b",
        "a\nshare 100",
        "a\r\nshare 100",
        "a;rm -rf /",
        "$(id)",
        "`id`",
        "${TAG}",
        "${{ secrets.X }}",
        "</script>",
        "\e[2J\e]0;x\a",
        "a\0b",
        "\u202egnp",
        "\u2028x",
        "-rf",
        "--privileged",
        "a b",
        "a,b",
        "#a",
        "a%sb",
        "a|b",
        "../x",
        "é",
        "{",
        "]",
        "a\u009b31mb",
    ];

    private static readonly string Huge = new('x', 1 << 20);

    private static IEnumerable<string> Texts => [.. Nasty, Huge];

    [TestCaseSource(nameof(Texts))]
    public void No_such_text_is_a_release_tag(string text) =>
        ReleaseTag
            .WhyInvalid(text)
            .ShouldNotBeNull()
            .ShouldSatisfyAllConditions(
                reason => reason.Length.ShouldBeLessThan(250),
                reason => reason.ShouldNotContain('\e'),
                reason => reason.ShouldNotContain('\n'),
                reason => reason.ShouldNotContain('\u202e'),
                reason => reason.ShouldNotContain('\u009b')
            );

    [TestCaseSource(nameof(Texts))]
    public void No_such_text_is_an_applications_name(string text) => Naming.IsValid(text).ShouldBeFalse();

    [TestCaseSource(nameof(Texts))]
    public void No_such_text_is_a_services_name(string text) =>
        Refused(model => ((JsonObject)model["services"]!).Add(text, model["services"]!["api"]!.DeepClone()));

    [TestCaseSource(nameof(Texts))]
    public void No_such_text_is_a_host(string text) =>
        Refused(model => model["services"]!["api"]!["x-recyclic"] = new JsonObject { ["host"] = text });

    [TestCaseSource(nameof(Texts))]
    public void No_such_text_is_a_path(string text)
    {
        Refused(model => model["services"]!["api"]!["x-recyclic"] = new JsonObject { ["path"] = text });
        Refused(model =>
            model["services"]!["api"]!["x-recyclic"] = new JsonObject
            {
                ["path"] = "/" + text.TrimStart('-', '.', '/') + " ",
            }
        );
    }

    [TestCaseSource(nameof(Texts))]
    public void No_such_text_is_an_address_of_the_host(string text) =>
        Refused(model => model["services"]!["api"]!["ports"]![0]!["host_ip"] = text);

    [TestCaseSource(nameof(Texts))]
    public void No_such_text_is_a_setting(string text)
    {
        foreach (var key in new[] { "overlap", "settle", "mode", "health" })
            Refused(model => model["services"]!["api"]!["x-recyclic"] = new JsonObject { [key] = text });
        Refused(model => model["services"]!["api"]!["x-recyclic"] = new JsonObject { [text] = "x" });
    }

    [TestCaseSource(nameof(Texts))]
    public void A_containers_label_does_not_reach_the_edges_configuration(string text)
    {
        var good = new Route("api", 80, 80, null, RouteMode.Http, "a.example", "/a", 1);
        foreach (
            var bad in new[]
            {
                good with
                {
                    Service = text,
                },
                good with
                {
                    HostAddress = text,
                },
                good with
                {
                    Host = text,
                },
                good with
                {
                    Path = "/" + text + " ",
                },
            }
        )
            Route.FromLabel(Route.ToLabel([good, bad])).ShouldBe([good]);
    }

    [TestCaseSource(nameof(Texts))]
    public async Task Who_deploys_is_one_printable_line_for_lock_and_journal(string text)
    {
        var request = new DeployRequest(
            "docker-compose.yml",
            null,
            ReleaseTag.Parse("1"),
            null,
            text,
            false,
            new DeployOptions()
        );
        ShouldBePrintable(request.By);
        request.By.Length.ShouldBeLessThan(1000);
        EdgeCommands
            .Agent(new Naming("shop"), "n", "lock", "t.1", request.By, Given.Noon, null)
            .ShouldContain($"recyclic.by={request.By}");
        var stage = new Stage();
        await stage.RunAsync(null, (deployer, interrupted) => deployer.DeployAsync(request, interrupted));
        stage.Cluster.JournalLines.ShouldAllBe(line => !line.Contains('\n') && !line.Contains('\0'));
        stage.Cluster.Journal.History.Single().By.ShouldBe(request.By);
    }

    /// <summary>
    /// The agent reads a request a line: whatever is in a record, it is one line and says the same when it is read
    /// back.
    /// </summary>
    [TestCaseSource(nameof(Texts))]
    public void A_record_is_one_line(string text)
    {
        var release = Release.Of("1", new Dictionary<string, ImageRef> { ["api"] = new(text, text) });
        var record = new JournalRecord(Given.Noon, "d1", JournalKind.Begin)
        {
            Operation = Operation.Deploy,
            Release = release,
            By = text,
            Step = text,
            Reason = text,
        };
        var line = record.ToJson();
        line.ShouldAllBe(c => c >= ' ' && c < '\x7f');
        Journal.Parse([line]).Records.Single().Reason.ShouldBe(text);
    }

    [TestCaseSource(nameof(Texts))]
    public async Task What_a_container_logs_is_shown_without_being_obeyed(string text)
    {
        var engine = new EventEngine
        {
            ReadsProbe = () => new Probe(false, Given.Noon, text),
            Log = [text, "connection refused"],
        };
        await using var watch = new ContainerWatch(engine, "shop", Given.Noon);
        var failed = await Should.ThrowAsync<StepFailedException>(() =>
            new HealthWaiter(engine, watch, new SpyReporter(), new MemoryClock()).AwaitHealthyAsync(
                [Given.Container("api", health: "unhealthy")],
                0,
                TimeSpan.FromSeconds(10),
                CancellationToken.None
            )
        );
        foreach (var line in failed.Evidence)
            ShouldBePrintable(line);
        failed.Evidence.ShouldContain("  connection refused");
        failed.Evidence.Sum(line => line.Length).ShouldBeLessThan(20_000);
    }

    [TestCaseSource(nameof(Texts))]
    public void The_model_that_goes_to_compose_carries_values_as_they_are(string text)
    {
        var app = Given.App(
            new JsonObject
            {
                ["name"] = "shop",
                ["services"] = new JsonObject
                {
                    ["api"] = new JsonObject
                    {
                        ["image"] = "team/api:${TAG}",
                        ["environment"] = new JsonObject { ["X"] = text },
                        ["x-recyclic"] = new JsonObject { ["settle"] = "1s" },
                    },
                },
            }.ToJsonString()
        );
        var sent = JsonNode.Parse(
            SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming(app.Name), "t.1").ToJsonString()
        )!;
        sent["services"]!["api"]!["environment"]!["X"]!
            .GetValue<string>()
            .ShouldBe(text.Replace("${TAG}", "1.4.2", StringComparison.Ordinal));
    }

    [TestCase("plain text, with ünïcödé 日本 and 👩‍👧", "plain text, with ünïcödé 日本 and 👩‍👧")]
    [TestCase("a\tb", "a b")]
    [TestCase("\e[31mred\e[0m", "\\x1b[31mred\\x1b[0m")]
    [TestCase("abc\u202egnp", "abc\\u202egnp")]
    [TestCase("a\0b\r\n", "a\\x00b\\x0d\\x0a")]
    [TestCase("\u009b2J", "\\x9b2J")]
    public void What_a_terminal_would_obey_is_spelt_out(string text, string shown) =>
        PrintableText.Of(text).ShouldBe(shown);

    private static void ShouldBePrintable(string line) =>
        line.ShouldAllBe(c => !char.IsControl(c) && c != '\u202e' && c != '\u2028');

    private static void Refused(Action<JsonObject> spoil)
    {
        var model = (JsonObject)JsonNode.Parse(Given.ShopModel)!;
        spoil(model);
        var refused = Should.Throw<ConfigurationException>(() =>
            ComposeReader.Read(Given.Model(model), engineIsLocal: true)
        );
        foreach (var line in refused.Message.Split('\n'))
            ShouldBePrintable(line);
        refused.Message.Length.ShouldBeLessThan(20_000);
    }
}
