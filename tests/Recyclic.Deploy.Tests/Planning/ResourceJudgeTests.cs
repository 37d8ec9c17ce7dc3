using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Planning;

internal sealed class ResourceJudgeTests
{
    private const long Mb = 1L << 20;

    /// <summary>A host of 1000 MB, of which 50 MB are to stay free; `api` is started in the place of one of v1.</summary>
    // What the file says; what v1 takes and may take; what is free; the verdict, and how much is needed.
    [TestCase(
        "",
        null,
        0,
        500,
        ResourceVerdict.Unknown,
        0,
        TestName = "Nothing is known of a first release without limits"
    )]
    [TestCase(
        "limit=300m",
        null,
        0,
        350,
        ResourceVerdict.Fits,
        300,
        TestName = "A first release counts with its limit"
    )]
    [TestCase(
        "limit=300m",
        null,
        0,
        349,
        ResourceVerdict.TooLittle,
        300,
        TestName = "A twentieth of the host stays free"
    )]
    [TestCase("deploy=300m", null, 0, 349, ResourceVerdict.TooLittle, 300, TestName = "A limit may stand below deploy")]
    [TestCase(
        "limit=300m reserved=100m",
        null,
        0,
        150,
        ResourceVerdict.Fits,
        100,
        TestName = "A reservation says what is usually taken"
    )]
    [TestCase("", 200, 0, 250, ResourceVerdict.Fits, 200, TestName = "Without a limit what serves is the measure")]
    [TestCase(
        "",
        200,
        0,
        249,
        ResourceVerdict.TooLittle,
        200,
        TestName = "Without a limit what serves may be too much for two"
    )]
    [TestCase(
        "limit=900m",
        200,
        900,
        250,
        ResourceVerdict.Fits,
        200,
        TestName = "What is seen counts for more than what is allowed"
    )]
    [TestCase(
        "limit=900m",
        200,
        400,
        949,
        ResourceVerdict.TooLittle,
        900,
        TestName = "A limit that is raised counts in full"
    )]
    [TestCase("limit=100m", 200, 0, 150, ResourceVerdict.Fits, 100, TestName = "A limit that is lowered is the most")]
    [TestCase(
        "limit=900m reserved=100m",
        200,
        400,
        250,
        ResourceVerdict.Fits,
        200,
        TestName = "A reservation is no less than what is seen"
    )]
    [TestCase("replicas=3", 100, 0, 350, ResourceVerdict.Fits, 300, TestName = "Each replica counts")]
    [TestCase("replicas=3", 100, 0, 349, ResourceVerdict.TooLittle, 300, TestName = "Replicas may be too much")]
    [TestCase(
        "alone",
        400,
        0,
        60,
        ResourceVerdict.Fits,
        0,
        TestName = "What is handed over ends before it starts again"
    )]
    [TestCase(
        "limit=64g",
        null,
        0,
        900,
        ResourceVerdict.TooLittle,
        65536,
        TestName = "A limit of more than the host has is too much"
    )]
    [TestCase(
        "limit=nonsense",
        null,
        0,
        60,
        ResourceVerdict.Unknown,
        0,
        TestName = "A limit that is none says nothing"
    )]
    public void The_verdict_follows_from_file_use_and_room(
        string file,
        int? use,
        int limitBefore,
        int free,
        ResourceVerdict verdict,
        int needed
    )
    {
        var judgement = Judge(file, use, limitBefore, new HostMemory(1000 * Mb, free * Mb, 0, null));
        (judgement.Verdict, judgement.Needed / Mb).ShouldBe((verdict, needed));
    }

    [Test]
    public void Swap_is_better_than_a_kill_and_is_said()
    {
        var judgement = Judge("", 200, 0, new HostMemory(1000 * Mb, 100 * Mb, 500 * Mb, null));
        judgement.Verdict.ShouldBe(ResourceVerdict.Swaps);
        judgement.Describe(long.MaxValue).ShouldContain("so the host will swap");
    }

    [Test]
    public void A_limit_around_all_containers_counts_where_it_is_less_than_the_hosts_memory() =>
        Judge("", 200, 0, new HostMemory(8000 * Mb, 6000 * Mb, 0, 390 * Mb))
            .Verdict.ShouldBe(ResourceVerdict.TooLittle);

    [Test]
    public void What_the_slot_holds_that_is_cleared_first_counts_as_free()
    {
        var app = App("");
        var now = Host.Serving(app, "2", Slot.Green).Holding(app, Slot.Blue, "1");
        var uses = now
            .Blue.Containers.Concat(now.Green.Containers)
            .ToImmutableDictionary(container => container.Id, _ => 200 * Mb);
        ResourceJudge
            .Judge(app, now, new HostMemory(1000 * Mb, 60 * Mb, 0, null), uses)
            .ShouldSatisfyAllConditions(
                judgement => judgement.Verdict.ShouldBe(ResourceVerdict.Fits),
                judgement => judgement.Room.ShouldBe(260 * Mb)
            );
    }

    [Test]
    public void Figures_that_cannot_be_read_are_said_and_refuse_nothing()
    {
        var judgement = Judge("limit=64g", null, 0, HostMemory.Unreadable);
        judgement.Verdict.ShouldBe(ResourceVerdict.Unknown);
        judgement.Describe(2048).ShouldBe("memory: how much the host has free could not be read; disk: 2048 MB free");
        Should.NotThrow(() => judgement.ThrowIfTooLittle(Given.Release(App(""), "2")));
    }

    [Test]
    public void The_line_begins_with_what_matters()
    {
        Judge("replicas=2", 120, 0, new HostMemory(24000 * Mb, 20000 * Mb, 0, null))
            .Describe(14 * 1024)
            .ShouldBe(
                "memory: about 240 MB more for a while, 19.5 GB free; disk: 14.0 GB free (api 2 x 120 MB, as now)"
            );
        Judge("", null, 0, HostMemory.InAll(1000 * Mb))
            .Describe(long.MaxValue)
            .ShouldBe("memory: the host has 1000 MB in all; what is started says no limit, and nothing of it runs yet");
    }

    [Test]
    public void The_refusal_says_the_figures_and_every_way_out()
    {
        var refused = Should
            .Throw<ConfigurationException>(() =>
                Judge("limit=800m", 200, 100, new HostMemory(1000 * Mb, 410 * Mb, 20 * Mb, null))
                    .ThrowIfTooLittle(Given.Release(App(""), "2"))
            )
            .Message;
        refused.ShouldContain(
            "2 needs about 800 MB beside what runs, and 410 MB of 1000 MB are free, with 20 MB of swap; 50 MB are to stay free: api 800 MB, its limit"
        );
        foreach (
            var way in new[] { "mem_limit", "deploy.resources.limits.memory", "mem_reservation", "--allow-low-memory" }
        )
            refused.ShouldContain(way);
    }

    [TestCase("24684092 22807784 0 9223372036854771712", 24684092, 22807784, 0, null)]
    [TestCase("24684092 22807784 1000 1073741824", 24684092, 22807784, 1000, 1073741824)]
    [TestCase("1000 400 0", 1000, 400, 0, null)]
    [TestCase("1000 400 x -", 1000, 400, 0, null)]
    public void What_the_agent_says_is_read(string line, long total, long available, long swap, long? limit) =>
        HostMemory.Parse(line).ShouldBe(new HostMemory(total * 1024, available * 1024, swap * 1024, limit));

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("-5 3 0")]
    [TestCase("0 0 0")]
    [TestCase("1000 2000 0")]
    [TestCase("1000")]
    [TestCase("MemTotal: 3 4")]
    [TestCase("99999999999999999999 5 0 -")]
    [TestCase("9223372036854775807 5 0 -")]
    public void Anything_else_is_unreadable(string line) => HostMemory.Parse(line).ShouldBe(HostMemory.Unreadable);

    [TestCase("67108864", 67108864)]
    [TestCase("64m", 67108864)]
    [TestCase("64MB", 67108864)]
    [TestCase("1.5g", 1610612736)]
    [TestCase("2 gib", 2147483648L)]
    [TestCase("512k", 524288)]
    [TestCase("100b", 100)]
    [TestCase("0", null)]
    [TestCase("-1", null)]
    [TestCase("", null)]
    [TestCase("much", null)]
    [TestCase("m", null)]
    [TestCase("1e9", null)]
    [TestCase("64x", null)]
    [TestCase("99999999999999999g", null)]
    public void An_amount_is_read_as_compose_writes_it(string text, long? bytes) =>
        MemoryText.Parse(text).ShouldBe(bytes);

    private static ResourceJudgement Judge(string file, int? use, int limitBefore, HostMemory host)
    {
        var app = App(file);
        if (use is null)
            return ResourceJudge.Judge(
                app,
                Snapshot.Empty(app.Name) with
                {
                    Accessories = [Given.Accessory(app, "db")],
                },
                host,
                []
            );
        var now = Host.Serving(app, "1", Slot.Blue);
        now = now.With(
            Slot.Blue,
            [.. now.Blue.Containers.Select(one => one with { MemoryLimit = limitBefore > 0 ? limitBefore * Mb : null })]
        );
        return ResourceJudge.Judge(
            app,
            now,
            host,
            now.Blue.Containers.ToImmutableDictionary(container => container.Id, _ => use.Value * Mb)
        );
    }

    private static Application App(string file)
    {
        var model = JsonNode.Parse(Given.ShopModel)!;
        var api = model["services"]!["api"]!.AsObject();
        foreach (var setting in file.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = setting.Split('=') is [_, var said] ? said : "";
            if (setting.StartsWith("limit", StringComparison.Ordinal))
                api["mem_limit"] = value;
            else if (setting.StartsWith("reserved", StringComparison.Ordinal))
                api["mem_reservation"] = value;
            else if (setting.StartsWith("deploy", StringComparison.Ordinal))
                api["deploy"] = JsonNode.Parse($$"""{ "resources": { "limits": { "memory": "{{value}}" } } }""");
            else if (setting == "alone")
                api["x-recyclic"] = JsonNode.Parse("""{ "overlap": false }""");
            else
                api["deploy"] = new JsonObject { ["replicas"] = int.Parse(value, CultureInfo.InvariantCulture) };
        }
        return Given.App(model.ToJsonString());
    }
}
