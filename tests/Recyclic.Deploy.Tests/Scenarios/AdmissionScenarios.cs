using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Environments that do not take every release.</summary>
[CancelAfter(30_000)]
internal sealed class AdmissionScenarios
{
    private static readonly AdmissionRule Production = new("production", NeedsApproval: true);

    [Test]
    public async Task Without_an_approval_nothing_is_touched()
    {
        var stage = new Stage { Admission = Production };
        (await RefusalAsync(stage, "1")).ShouldContain("1 has no approval");
        stage.Cluster.Seen.ShouldBe(["nothing"]);
        stage.Cluster.Journal.Records.ShouldBeEmpty();
        stage.Cluster.Networks.ShouldBeEmpty();
    }

    [Test]
    public async Task What_is_not_approved_is_not_even_pulled()
    {
        var stage = new Stage
        {
            Admission = Production,
            RegistryDigests = new[] { "api", "web", "bot" }.ToImmutableDictionary(
                service => $"team/{service}:1",
                service => $"sha256:{service}-in-registry"
            ),
        };
        stage.Cluster.RemovedImages.UnionWith(
            stage.RegistryDigests.Select(image =>
                $"{image.Key[..image.Key.IndexOf(':', StringComparison.Ordinal)]}@{image.Value}"
            )
        );
        (await RefusalAsync(stage, "1")).ShouldContain(
            "1 has no approval",
            customMessage: "and not that there is no image"
        );
    }

    [Test]
    public async Task An_approved_release_is_let_in_and_the_journal_names_the_environment()
    {
        var stage = await ApprovedAsync("1");
        (await stage.DeployAsync("1")).Outcome.ShouldBe(Outcome.Success);
        stage.Cluster.Journal.History.Last().Environment.ShouldBe("production");
        stage.Cluster.Journal.Environment.ShouldBe("production");
    }

    [Test]
    public async Task An_approval_of_other_images_does_not_count()
    {
        var stage = await ApprovedAsync("1");
        (await RefusalAsync(stage, "2")).ShouldContain("is for other images");
    }

    [Test]
    public async Task An_approval_that_expired_does_not_count()
    {
        var stage = await ApprovedAsync("1", approval => approval with { ExpiresAt = approval.ExpiresAt.AddDays(-2) });
        (await RefusalAsync(stage, "1")).ShouldContain("expired at");
    }

    [Test]
    public async Task An_approval_by_the_author_does_not_count()
    {
        var stage = await ApprovedAsync("1", approval => approval with { Authors = ["Ann"] });
        (await RefusalAsync(stage, "1")).ShouldContain("is by somebody who had a hand in it");
    }

    [Test]
    public async Task An_approval_for_another_environment_does_not_count()
    {
        var stage = await ApprovedAsync("1", approval => approval with { Environment = "staging" });
        (await RefusalAsync(stage, "1")).ShouldContain("1 has no approval");
    }

    [Test]
    public async Task What_was_approved_before_a_freeze_is_not_let_in_during_it()
    {
        var freeze = new ClosedGate("freeze", "today is in a freeze", ForHotfixToo: true);
        var stage = await ApprovedAsync("1", approval => approval with { Override = "why", PassedOver = ["window"] });
        stage.Admission = Production with { Closed = [freeze] };
        (await RefusalAsync(stage, "1")).ShouldContain("1 is approved, but today is in a freeze");
        stage.Cluster.Seen.ShouldBe(["nothing"]);

        stage = await ApprovedAsync("1", approval => approval with { Override = "why", PassedOver = ["freeze"] });
        stage.Admission = Production with { Closed = [freeze] };
        (await stage.DeployAsync("1")).Outcome.ShouldBe(Outcome.Success);
    }

    [TestCase(false, true)]
    [TestCase(true, false)]
    public async Task A_hotfix_goes_outside_the_window_but_not_in_a_freeze(bool forHotfixToo, bool isLetIn)
    {
        var stage = await ApprovedAsync("1", approval => approval with { Hotfix = "down" });
        stage.Admission = Production with { Closed = [new ClosedGate("window", "it is Friday", forHotfixToo)] };
        if (isLetIn)
            (await stage.DeployAsync("1")).Outcome.ShouldBe(Outcome.Success);
        else
            (await RefusalAsync(stage, "1")).ShouldContain("it is Friday");
    }

    [Test]
    public async Task A_way_back_is_open_in_a_freeze_too()
    {
        var stage = await ApprovedAsync("1");
        await stage.DeployAsync("1");
        stage.Admission = Production with { NeedsApproval = false };
        await stage.DeployAsync("2");
        stage.Admission = Production with { Closed = [new ClosedGate("freeze", "today is in a freeze", true)] };
        (await stage.RollbackAsync()).Outcome.ShouldBe(Outcome.Success);
    }

    [Test]
    public void An_approval_of_an_earlier_version_has_passed_over_nothing() =>
        Journal
            .Parse([
                """{"at":"2026-03-02T12:00:00+00:00","deploy":"1","kind":"Approve","approval":{"environment":"production","digestSet":"d","tag":"1","approver":"ann","expiresAt":"2026-03-03T12:00:00+00:00"}}""",
            ])
            .Records.ShouldHaveSingleItem()
            .Approval!.ShouldSatisfyAllConditions(
                approval => approval.PassedOver.ShouldBeEmpty(),
                approval => approval.Authors.ShouldBeEmpty()
            );

    [Test]
    public async Task A_dry_run_is_refused_like_the_run()
    {
        var stage = new Stage { Admission = Production };
        await Should.ThrowAsync<ConfigurationException>(() => stage.PlanAsync("1"));
    }

    [Test]
    public async Task A_rollback_needs_no_approval()
    {
        var stage = await ApprovedAsync("1");
        await stage.DeployAsync("1");
        stage.Admission = Production with { NeedsApproval = false };
        await stage.DeployAsync("2");
        stage.Admission = Production;
        (await stage.RollbackAsync()).Outcome.ShouldBe(Outcome.Success);
    }

    [Test]
    public async Task An_application_of_one_environment_is_not_deployed_as_another()
    {
        var stage = new Stage { Admission = new("production", false) };
        await stage.DeployAsync("1");
        stage.Admission = new("staging", false);
        (await RefusalAsync(stage, "2")).ShouldContain("the application on this engine is production, not staging");
    }

    [Test]
    public async Task A_release_is_known_by_what_the_registry_has()
    {
        var stage = new Stage
        {
            RegistryDigests = new[] { "api", "web", "bot" }.ToImmutableDictionary(
                service => $"team/{service}:1",
                service => $"sha256:{service}-in-registry"
            ),
        };
        (await stage.DeployAsync("1")).Outcome.ShouldBe(Outcome.Success);
        var image = stage.Cluster.Journal.Current!.Release.Images["api"];
        image.Reference.ShouldBe("team/api:1");
        image.RegistryDigest.ShouldBe("team/api@sha256:api-in-registry");
    }

    [Test]
    public void An_approval_survives_the_journey_through_its_line()
    {
        var approval = new Approval("production", "d1", "abc", "ann", Given.Noon)
        {
            Authors = ["bob"],
            Override = "a \"why\"\nin two lines",
            Evidence = ["passed x: y"],
        };
        var line = new JournalRecord(Given.Noon, "1", JournalKind.Approve) { Approval = approval }.ToJson();
        line.ShouldNotContain("\n");
        var read = Journal.Parse([line]).Records.ShouldHaveSingleItem().Approval!;
        read.Override.ShouldBe(approval.Override);
        read.Authors.ShouldBe(["bob"]);
        read.Evidence.ShouldBe(["passed x: y"]);
        read.ExpiresAt.ShouldBe(Given.Noon);
    }

    private static async Task<Stage> ApprovedAsync(string tag, Func<Approval, Approval>? change = null)
    {
        var stage = new Stage { Admission = Production };
        var release = Given.Release(Given.App(stage.Model), tag);
        var approval = new Approval("production", release.DigestSet, tag, "ann", stage.Time.GetUtcNow().AddDays(1))
        {
            Authors = ["bob"],
        };
        await stage.RunAsync(
            null,
            async (_, interrupted) =>
            {
                await using var host = await new MemoryLock(stage.Cluster, new MemoryProcess(), stage.Time).TakeAsync(
                    stage.App,
                    "ann@laptop",
                    null,
                    interrupted
                );
                await host.AppendAsync(
                    new JournalRecord(stage.Time.GetUtcNow(), "approval", JournalKind.Approve)
                    {
                        Approval = change?.Invoke(approval) ?? approval,
                    },
                    interrupted
                );
                return true;
            }
        );
        return stage;
    }

    private static async Task<string> RefusalAsync(Stage stage, string tag) =>
        (await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync(tag))).Message;
}
