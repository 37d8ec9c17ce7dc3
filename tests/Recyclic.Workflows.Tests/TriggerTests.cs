using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.Tests;

/// <summary>What makes a workflow run, as GitHub reads it.</summary>
public class TriggerTests
{
    [Test]
    public async Task Two_triggers_of_one_event_are_one_entry() =>
        (
            await OnAsync(
                Trigger.Push("main"),
                Trigger.Push("develop", "main"),
                Trigger.PushTags("v*"),
                Trigger.PullRequest()
            )
        ).ShouldBe(
            """
            on:
              push:
                branches:
                  - main
                  - develop
                tags:
                  - v*
              pull_request: {}

            """
        );

    [Test]
    public async Task A_trigger_without_a_filter_is_for_all_of_its_kind() =>
        (await OnAsync(Trigger.PullRequest("main"), Trigger.PullRequest())).ShouldBe("on:\n  pull_request: {}\n");

    [Test]
    public async Task Schedules_are_a_list() =>
        (await OnAsync(Trigger.Schedule("17 4 * * 1"), Trigger.Schedule("*/30 8-18 1,15 JAN-jul MON-Fri"))).ShouldBe(
            """
            on:
              schedule:
                - cron: '17 4 * * 1'
                - cron: '*/30 8-18 1,15 JAN-jul MON-Fri'

            """
        );

    [Test]
    public async Task An_enum_is_chosen_from()
    {
        var text = await OnAsync(
            Trigger.Dispatch(new Input(nameof(ShopBuild.Depth))),
            Trigger.Dispatch(new Input(nameof(ShopBuild.Tag)))
        );
        text.ShouldContain(
            """
                  depth:
                    description: How far to look back
                    required: false
                    type: choice
                    options:
                      - shallow
                      - very-deep
                  tag:
            """
        );
        text.ShouldContain("type: string");
        (await OnAsync(Trigger.Dispatch(new Input(nameof(ShopBuild.Depth)) { Default = "very-deep" }))).ShouldContain(
            "default: very-deep\n        options:\n          - shallow\n          - very-deep\n"
        );
    }

    [TestCase("[self-hosted, linux]", "self-hosted linux")]
    [TestCase("ubuntu-24.04", "ubuntu-24.04")]
    public async Task A_machine_may_have_several_labels(string runner, string labels)
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Ci with
                {
                    Runner = runner,
                    TrustsPullRequests = "none comes from a stranger",
                    Places = [new(b.Test) { Matrix = [Axis.Runner(runner, "windows-2025")] }],
                },
            ]
        );
        error.ShouldBeEmpty();
        var jobs = Invariants.Root(files[0].Text)["jobs"];
        Labels(jobs["workflows"]["runs-on"]).ShouldBe(labels);
        Labels(jobs["test"]["strategy"]["matrix"]["runner"][0]).ShouldBe(labels);
        Rehearsal
            .WorkflowReader.Read("ci.yml", files[0].Text)
            .Jobs.Single(job => job.Id == "test")
            .Matrix[0]["runner"]
            .ShouldBe(runner);
    }

    private static string Labels(YamlNode node) =>
        node is YamlSequenceNode list ? string.Join(' ', list.Select(item => item.ToString())) : node.ToString();

    private static async Task<string> OnAsync(params Trigger[] triggers)
    {
        var (files, error) = await Shop.GenerateAsync(b => [b.RollbackByHand with { On = [.. triggers] }]);
        error.ShouldBeEmpty();
        Invariants.Root(files[0].Text);
        var text = files[0].Text;
        var start = text.IndexOf("\non:", StringComparison.Ordinal) + 1;
        return text[start..(text.IndexOf("\n\n", start, StringComparison.Ordinal) + 1)];
    }
}
