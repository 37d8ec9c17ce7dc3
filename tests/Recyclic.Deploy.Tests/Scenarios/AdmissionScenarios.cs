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
    public async Task A_rollback_goes_to_releases_that_were_good_alone()
    {
        var stage = new Stage { Admission = Production with { NeedsApproval = false } };
        foreach (var tag in new[] { "1", "2", "3" })
            await stage.DeployAsync(tag);
        stage.Admission = Production;
        (await stage.RollbackAsync()).Plan.To.Tag.ShouldBe("2");
        (await Should.ThrowAsync<ConfigurationException>(() => stage.RollbackAsync("3"))).Message.ShouldContain(
            "3 was taken back here, and a rollback goes to releases that were good alone"
        );
        (await stage.RollbackAsync("1")).Outcome.ShouldBe(Outcome.Success);
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

    [Test]
    public async Task An_approval_is_for_one_deploy()
    {
        var stage = await ApprovedAsync("1");
        await stage.DeployAsync("1");
        (await RefusalAsync(stage, "1")).ShouldContain("was for the next deploy alone, and the deploy of 1 at");
    }

    [Test]
    public async Task An_approval_is_void_after_a_rollback_to_any_release()
    {
        var stage = await ApprovedAsync("1");
        await stage.DeployAsync("1");
        await ApprovedAsync("2", stage: stage);
        await stage.DeployAsync("2");
        await ApprovedAsync("3", stage: stage);
        (await stage.RollbackAsync()).Outcome.ShouldBe(Outcome.Success);
        (await RefusalAsync(stage, "3")).ShouldContain("the rollback of 1 at");
        (await RefusalAsync(stage, "2")).ShouldContain("was for the next deploy alone, and the deploy of 2 at");
    }

    [Test]
    public async Task An_approval_is_void_after_a_deploy_that_was_undone()
    {
        var stage = await ApprovedAsync("1");
        await stage.DeployAsync("1");
        await ApprovedAsync("2", stage: stage);
        stage.Cluster.Fates["sha256:bot-2"] = Fate.Exits;
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Undone);
        stage.Cluster.Fates.Clear();
        (await RefusalAsync(stage, "2")).ShouldContain("was undone");
    }

    [TestCase(
        "\"image\": \"team/api:${TAG}\",",
        "\"image\": \"team/api:${TAG}\", \"privileged\": true,",
        "api  + privileged"
    )]
    [TestCase(
        "\"image\": \"team/api:${TAG}\",",
        "\"image\": \"team/api:${TAG}\", \"command\": [\"sh\", \"-c\", \"id\"],",
        "api  + command"
    )]
    [TestCase(
        "\"image\": \"team/api:${TAG}\",",
        "\"image\": \"team/api:${TAG}\", \"volumes\": [{ \"type\": \"bind\", \"source\": \"/\", \"target\": \"/host\" }],",
        "api  + mount /host"
    )]
    [TestCase(
        "\"image\": \"team/api:${TAG}\",",
        "\"image\": \"team/api:${TAG}\", \"environment\": { \"LD_PRELOAD\": \"/tmp/x.so\" },",
        "api  + environment LD_PRELOAD"
    )]
    [TestCase("\"CMD\", \"true\"", "\"CMD\", \"false\"", "~ healthcheck")]
    public async Task What_runs_otherwise_than_it_was_approved_is_refused_with_the_difference(
        string was,
        string becomes,
        string difference
    )
    {
        var stage = await ApprovedAsync("1");
        stage.Model = stage.Model.Replace(was, becomes, StringComparison.Ordinal);
        (await RefusalAsync(stage, "1")).ShouldContain(difference);
        stage.Cluster.Seen.ShouldBe(["nothing"]);
    }

    [Test]
    public async Task An_approval_is_not_replayed_in_another_repository_or_for_another_commit()
    {
        var stage = await ApprovedAsync("1");
        stage.Repository = "git.example/mallory/shop";
        (await RefusalAsync(stage, "1")).ShouldContain(
            "is for git.example/team/shop, this is git.example/mallory/shop"
        );
        stage.Repository = null;
        (await RefusalAsync(stage, "1")).ShouldContain("this is none");
        stage = await ApprovedAsync("1");
        stage.Commit = "c0ffee";
        (await RefusalAsync(stage, "1")).ShouldContain("is for the commit 5e12ed, this is c0ffee");
    }

    [Test]
    public async Task An_approval_ends_by_the_hosts_clock_whatever_the_deployers_say()
    {
        var stage = await ApprovedAsync("1");
        stage.Cluster.ClockIsAhead = TimeSpan.FromDays(1) - TimeSpan.FromMinutes(5);
        await stage.PlanAsync("1");
        stage.Cluster.ClockIsAhead = TimeSpan.FromDays(1);
        (await RefusalAsync(stage, "1")).ShouldContain("expired at");

        stage = new Stage { Admission = Production };
        stage.Cluster.ClockIsAhead = -TimeSpan.FromDays(40);
        await ApprovedAsync("1", stage: stage);
        (await stage.DeployAsync("1")).Outcome.ShouldBe(Outcome.Success);
    }

    [Test]
    public async Task An_approval_of_an_earlier_version_is_refused_in_words()
    {
        var stage = await ApprovedAsync("1", approval => approval with { Model = null, ModelKey = null });
        (await RefusalAsync(stage, "1")).ShouldContain("was given by an earlier version of Recyclic");
    }

    [TestCase("\"approver\":null")]
    [TestCase("\"approver\":\"ann\",\"authors\":[null]")]
    [TestCase("\"approver\":\"ann\",\"model\":{\"api command\":null}")]
    public void An_approval_that_is_not_whole_is_none(string part) =>
        Journal
            .Parse([
                $$$"""{"at":"2026-03-02T12:00:00+00:00","deploy":"1","kind":"Approve","approval":{"environment":"production","digestSet":"d","tag":"1",{{{part}}},"expiresAt":"2026-03-03T12:00:00+00:00"}}""",
            ])
            .Records.ShouldBeEmpty();

    [Test]
    public async Task Where_it_is_not_known_what_will_run_nothing_does()
    {
        var stage = await ApprovedAsync("1");
        stage.IsSubjectKnown = false;
        (await RefusalAsync(stage, "1")).ShouldContain("is not known");
    }

    private static async Task<Stage> ApprovedAsync(
        string tag,
        Func<Approval, Approval>? change = null,
        Stage? stage = null
    )
    {
        stage ??= new Stage { Admission = Production };
        var release = Given.Release(Given.App(stage.Model), tag);
        var approval = stage
            .SubjectOf(tag)
            .Bind(
                new Approval("production", release.DigestSet, tag, "ann", stage.Cluster.HostTime.AddDays(1))
                {
                    Authors = ["bob"],
                },
                "a key of its own"
            );
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
