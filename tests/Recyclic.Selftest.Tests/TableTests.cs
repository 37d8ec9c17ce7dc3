using System.Text.Json.Nodes;

namespace Recyclic.Selftest.Tests;

public sealed class TableTests
{
    private static readonly CaseResult Good = CaseResult.Of(Seen.Well, 5.55);
    private static readonly CaseResult Bad = CaseResult.Of(
        Seen.Well with
        {
            Events = [Seen.Event("1", Moment.Started), Seen.Event("2", Moment.Started)],
        },
        6
    );
    private static readonly SelftestRun Run = new(
        [Good, Bad],
        2,
        DateTimeOffset.UnixEpoch,
        TimeSpan.FromSeconds(90),
        "./build.sh Selftest --quick",
        "2 processors"
    );

    [Test]
    public void A_broken_case_comes_with_its_evidence_and_how_to_run_it_again()
    {
        var text = SelftestTable.Failure(Bad);
        text.ShouldContain("ran twice: 1 and 2");
        text.ShouldContain("./build.sh Selftest --scenarios upgrade --faults kill --points before:StepBegun:3");
    }

    [Test]
    public void The_table_tells_the_good_from_the_broken()
    {
        SelftestTable.ToText(Run).ShouldContain("holds");
        SelftestTable.ToText(Run).ShouldContain("BROKEN");
        SelftestTable.Summary(Run).ShouldBe("2 cases, 1 broken; 6 requests, 0 failed; 1.5 min");
        SelftestTable.ToMarkdown(Run).ShouldContain("| upgrade | kill | 2 | 6 | 0 | 1 |");
    }

    [Test]
    public void A_run_that_ended_early_says_how_many_cases_it_lacks()
    {
        var early = Run with { Planned = 5 };
        SelftestTable.Summary(early).ShouldStartWith("2 of 5 cases, 1 broken;");
        JsonNode.Parse(SelftestTable.ToJson(early))!["missing"]!.GetValue<int>().ShouldBe(3);
    }

    [Test]
    public void The_json_has_every_case()
    {
        var json = JsonNode.Parse(SelftestTable.ToJson(Run))!;
        json["results"]!.AsArray().Select(result => result!["holds"]!.GetValue<bool>()).ShouldBe([true, false]);
        json["results"]![1]!["broken"]!.AsArray().Count.ShouldBe(1);
        json["requests"]!["total"]!.GetValue<long>().ShouldBe(6);
    }

    [Test]
    public void A_status_that_is_not_the_documented_document_is_not_read()
    {
        StatusSeen.Parse("").ShouldBeNull();
        StatusSeen.Parse("[]").ShouldBeNull();
        StatusSeen.Parse("{\"services\":[]}").ShouldBeNull();
        StatusSeen
            .Parse(
                "{\"slot\":\"blue\",\"release\":{\"tag\":\"one\"},\"previous\":null,\"services\":[],\"edge\":{\"healthy\":true},\"lock\":null,\"interrupted\":null}"
            )
            .ShouldBe(new StatusSeen("one", "blue", null, true, false, false));
    }

    [Test]
    public void A_struck_deployer_gets_what_it_needs_to_reach_the_engine_and_nothing_meant_for_another_application()
    {
        var own = new Dictionary<string, string>
        {
            ["PATH"] = "/bin",
            ["HOME"] = "/home/ann",
            ["DOCKER_HOST"] = "unix:///run/docker.sock",
            ["SLACK_WEBHOOK"] = "secret",
            ["TELEGRAM_BOT_TOKEN"] = "secret",
            ["DEPLOY_TIMEOUT"] = "1",
            ["RECYCLIC_PROJECT"] = "shop",
            ["GITHUB_STEP_SUMMARY"] = "x",
        };
        ChildEnvironment
            .Of(own, new Dictionary<string, string> { [Fault.Variable] = "kill@before:End:1" })
            .Keys.ShouldBe(["PATH", "HOME", "DOCKER_HOST", Fault.Variable], ignoreOrder: true);
    }
}
