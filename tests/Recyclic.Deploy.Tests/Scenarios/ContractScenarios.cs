using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>A release that takes away from the database what the one before it needs.</summary>
[CancelAfter(60_000)]
internal sealed class ContractScenarios
{
    private const string Model = """
        {
          "name": "shop",
          "services": {
            "web": {
              "image": "team/web:${TAG}",
              "healthcheck": { "test": ["CMD", "true"] },
              "ports": [{ "target": 80, "published": "8080", "protocol": "tcp" }]
            },
            "drop": { "image": "team/drop:${TAG}", "x-recyclic": { "migration": "contract" } }
          }
        }
        """;

    private static readonly string Without = Model.Replace(
        "\"migration\": \"contract\"",
        "\"migration\": \"expand\"",
        StringComparison.Ordinal
    );

    [Test]
    public async Task It_runs_last_and_once_the_release_before_it_has_stopped()
    {
        var stage = new Stage(Without);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Model = Model;
        var plan = (await stage.PlanAsync("2")).Steps.Select(step => step.Action.Describe()).ToList();
        plan[^1].ShouldBe("run drop once in green, a contract migration: no way back across it (in 10 min)");
        plan[^2].ShouldStartWith("stop blue");

        stage.Cluster.Changes.Clear();
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        var changes = stage.Cluster.Changes.ToList();
        var stopped = changes.FindIndex(change => change.StartsWith("stop ", StringComparison.Ordinal));
        stopped.ShouldBeGreaterThan(-1, string.Join(", ", changes));
        stage
            .Cluster.Of(Slot.Green)
            .Single(container => container.Service == "drop")
            .HasEndedWell.ShouldBeTrue(string.Join(", ", changes));
    }

    [TestCase(null)]
    [TestCase("1")]
    public async Task No_rollback_goes_behind_it_and_the_way_out_is_said(string? tag)
    {
        var stage = await ContractedAsync();
        var refusal = await Should.ThrowAsync<ConfigurationException>(() => stage.RollbackAsync(tag));
        refusal.Message.ShouldContain("1 lies behind a contract migration: 2 has begun");
        refusal.Message.ShouldContain("./build.sh AtomicDeploy --tag 1");
        stage.Cluster.SeenNow().ShouldBe("2");
    }

    [Test]
    public async Task The_release_before_is_not_kept_warm()
    {
        var stage = await ContractedAsync(new DeployOptions { KeepWarm = true });
        stage.Cluster.Of(Slot.Blue).ShouldAllBe(container => !container.IsRunning);
    }

    [Test]
    public async Task What_is_deployed_after_it_may_be_gone_back_to()
    {
        var stage = await ContractedAsync();
        stage.Model = Without;
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("2");
        var refusal = await Should.ThrowAsync<ConfigurationException>(() => stage.RollbackAsync("1"));
        refusal.Message.ShouldContain("behind a contract migration");
        // A person's own decision, said in the plan.
        (await stage.PlanAsync("1")).Notes.ShouldContain(note =>
            note.StartsWith("1 was released before a contract migration of 2", StringComparison.Ordinal)
        );
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task One_that_fails_is_a_warning_users_have_the_new_release_and_there_is_no_way_back()
    {
        var stage = new Stage(Without);
        await stage.DeployAsync("1");
        stage.Model = Model;
        stage.Cluster.Fates["sha256:drop-2"] = Fate.Exits;
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(0);
        outcome.Warnings.ShouldContain(warning =>
            warning.Contains("drop-1 ended with exit code 1", StringComparison.Ordinal)
        );
        stage.Cluster.SeenNow().ShouldBe("2");
        await Should.ThrowAsync<ConfigurationException>(() => stage.RollbackAsync());
    }

    [Test]
    public async Task Wherever_its_deployer_dies_users_keep_a_release_that_works_with_the_database()
    {
        for (var call = 1; ; call++)
        {
            var stage = new Stage(Without);
            await stage.DeployAsync("1");
            stage.Model = Model;
            if (
                !await stage.DiesAsync(
                    new MemoryProcess { DiesAfter = (number, _) => number == call },
                    (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                    "2"
                )
            )
            {
                call.ShouldBeGreaterThan(15);
                return;
            }
            await stage.RecoverAsync();
            var dropped = stage
                .Cluster.Of(Slot.Green)
                .Any(container => container is { Service: "drop", State: not "created" });
            var journal = (await stage.ObserveAsync()).Journal;
            (dropped || journal.Records.Any(record => record.Kind == JournalKind.Contract)).ShouldBe(
                stage.Cluster.SeenNow() == "2",
                $"call {call}: a release that is kept has its migration run, one that is not has none"
            );
            stage.Cluster.Seen.Skip(1).ShouldNotContain("nothing", $"call {call}");
        }
    }

    private static async Task<Stage> ContractedAsync(DeployOptions? options = null)
    {
        var stage = new Stage(Without) { Options = options ?? new DeployOptions() };
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Model = Model;
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        return stage;
    }
}
