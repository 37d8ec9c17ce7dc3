namespace Recyclic.Workflows.Tests;

[CancelAfter(240_000)]
public class ValidatorTests
{
    [Test]
    public async Task Readers_of_others_find_nothing_wrong_with_what_is_generated(
        CancellationToken cancellationToken
    ) =>
        (
            await Validators.FindAsync(Shop.Files.Select(file => (file.Path, file.Text)), cancellationToken)
        ).ShouldBeEmpty();

    [Test]
    public async Task Readers_of_others_find_nothing_wrong_with_our_own_workflows(CancellationToken cancellationToken)
    {
        var files = OwnWorkflowTests.Files().ToArray();
        files.Length.ShouldBe(6);
        (await Validators.FindAsync(files, cancellationToken)).ShouldBeEmpty();
    }

    [Test]
    public async Task Readers_of_others_find_nothing_wrong_with_choices_labels_and_merged_triggers(
        CancellationToken cancellationToken
    )
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Ci with
                {
                    On =
                    [
                        Trigger.Push("main"),
                        Trigger.PushTags("v*"),
                        Trigger.PullRequest("main"),
                        Trigger.PullRequest("develop"),
                        Trigger.Schedule("*/30 8-18 1,15 JAN-JUL MON-FRI"),
                        Trigger.Dispatch(new Input(nameof(ShopBuild.Depth))),
                    ],
                    Runner = "[self-hosted, linux]",
                    TrustsPullRequests = "a test's",
                    Places = [new(b.Test) { Matrix = [Axis.Runner("[self-hosted, linux]", Runners.Ubuntu2404)] }],
                },
            ]
        );
        error.ShouldBeEmpty();
        (await Validators.FindAsync([("ci.yml", files[0].Text)], cancellationToken)).ShouldBeEmpty();
    }

    [Test]
    public async Task Hostile_texts_stay_texts(CancellationToken cancellationToken)
    {
        const string Hostile = "100 % \"quoted\" it's\nsecond: line # not a comment\n$ { { }} \\ `id` $(id)";
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.RollbackByHand with
                {
                    On = [Trigger.Dispatch(new Input("tag") { Description = Hostile, Default = "it's: \"\" #1" })],
                },
            ]
        );
        error.ShouldBeEmpty();
        Invariants
            .Root(files[0].Text)["on"]["workflow_dispatch"]["inputs"]["tag"]["description"]
            .ToString()
            .ShouldBe(Hostile);
        (await Validators.FindAsync([("hostile.yml", files[0].Text)], cancellationToken)).ShouldBeEmpty();
    }
}
