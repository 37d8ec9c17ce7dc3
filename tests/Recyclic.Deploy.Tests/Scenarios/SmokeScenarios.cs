using Recyclic.Deploy.Smoke;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>A release that is tried before users have it, and again where they come in.</summary>
[CancelAfter(60_000)]
internal sealed class SmokeScenarios
{
    private static readonly SmokeTests Tests = SmokeTests
        .None.Http("/health", test => test.At("api").JsonPath("$.status", "ok").Retry(2, TimeSpan.FromSeconds(1)))
        .Command("api", "dotnet", "Smoke.dll");

    [Test]
    public async Task The_plan_has_them_before_the_shift_and_behind_it()
    {
        var stage = await ServingOneAsync();
        var plan = await stage.PlanAsync("2");
        plan.Steps.Select(step => $"{step.Phase}: {step.Action}")
            .ShouldBe([
                "Prepare: start green with 2",
                "Prepare: gate: api, web in green healthy (in 2 min)",
                "Prepare: smoke test green without traffic: GET /health, api: dotnet Smoke.dll (in 3.6 min)",
                "Shift: hand over bot: stop in blue, start in green, healthy (in 2 min)",
                "Shift: cut over: all traffic to green",
                "Shift: commit 2 on green",
                "Shift: smoke test green through the front door: GET /health, api: dotnet Smoke.dll (in 3.6 min)",
                "Watch: watch green until it has been up 2.5 s and is healthy",
                "Watch: drain blue (at most 30 s)",
                "Retire: stop blue (its containers stay)",
            ]);
        plan.Notes.ShouldContain("smoke test GET /health: status 200, $.status is \"ok\"; 2 tries of at most 15 s");
        plan.Notes.ShouldContain(
            "smoke test api: dotnet Smoke.dll: exit code 0, in a container of api; 3 tries of at most 60 s"
        );
    }

    [Test]
    public async Task A_release_that_passes_is_asked_in_its_container_and_then_by_its_port()
    {
        var stage = await ServingOneAsync();
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Success);
        stage.Cluster.Questions.ShouldBe(["GET /health of api.green", "GET /health by 8000"]);
        stage
            .Cluster.Changes.Where(change => change.StartsWith("run ", StringComparison.Ordinal))
            .Distinct()
            .ShouldBe(["run dotnet Smoke.dll of api in green"]);
        stage.Cluster.Of(Slot.Green).ShouldNotContain(container => container.Service == Naming.SmokeService);
        stage.Cluster.SeenNow().ShouldBe("2");
    }

    [Test]
    public async Task One_that_fails_without_traffic_undoes_and_no_user_saw_the_version()
    {
        var stage = await ServingOneAsync();
        Answer(stage, 503, "<html>", serves: null);
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe(
            "smoke test GET /health failed: store--green-api-1: status 503, expected 200"
        );
        outcome.Failure.Evidence.ShouldContain(
            "request   GET /health to store--green-api-1, host localhost, X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto"
        );
        outcome.Failure.Evidence.ShouldContain("response  503 in 1 ms");
        outcome.Failure.Evidence.ShouldContain("  | <html>");
        stage.Cluster.Questions.Count.ShouldBe(2, "it was tried twice");
        stage.Cluster.Seen.ShouldBe(["nothing", "1"]);
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
        stage.Cluster.RanTwice.ShouldBeFalse();
    }

    [Test]
    public async Task One_that_fails_through_the_front_door_goes_back_to_the_release_before()
    {
        var stage = await ServingOneAsync();
        Answer(stage, 500, "", serves: true);
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe(
            "smoke test GET /health failed through the front door: port 8000: status 500, expected 200"
        );
        outcome.Undone.ShouldContain(new CutOver(Slot.Blue));
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "1"]);
        (await stage.ObserveAsync()).Current!.Release.Tag.ShouldBe("1");
        stage.Cluster.Journal.History.Last().Reason.ShouldBe(outcome.Failure.Cause.Message);
    }

    [Test]
    public async Task A_command_that_fails_undoes_with_its_last_lines_and_leaves_no_container()
    {
        var stage = await ServingOneAsync();
        stage.Cluster.CommandCodes["sha256:api-2"] = 3;
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe(
            "smoke test api: dotnet Smoke.dll failed: store--green-recyclic-smoke-test-1 ended with exit code 3"
        );
        outcome.Failure.Evidence.ShouldContain(line => line.Contains("says good-bye", StringComparison.Ordinal));
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
        stage.Cluster.Seen.ShouldBe(["nothing", "1"]);
    }

    [Test]
    public async Task One_that_never_ends_is_ended_by_its_deadline_and_named()
    {
        var stage = await ServingOneAsync();
        stage.Options = new DeployOptions
        {
            SmokeTests = SmokeTests.None.Code(
                "for ever",
                // It does not look at its token either.
                (_, _) => new TaskCompletionSource().Task,
                test => test with { Tries = 1, Deadline = TimeSpan.FromMilliseconds(200) }
            ),
        };
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe("smoke test for ever failed: it had not ended after 0.2 s");
        stage.Cluster.Seen.ShouldBe(["nothing", "1"]);
    }

    [Test]
    public async Task A_test_in_csharp_asks_the_release_and_fails_by_what_it_throws()
    {
        var stage = await ServingOneAsync();
        var asked = new List<string>();
        stage.Options = new DeployOptions
        {
            SmokeTests = SmokeTests.None.Code(
                "the cart",
                async (address, cancellationToken) =>
                {
                    var answer = await address.AskAsync("/cart", cancellationToken, test => test.At("web"));
                    asked.Add($"{address.Tag} {address.IsFrontDoor} {answer.Status}");
                    if (address.IsFrontDoor)
                        throw new InvalidOperationException("the cart is empty");
                },
                test => test with { Tries = 1 }
            ),
        };
        var outcome = await stage.DeployAsync("2");
        asked.ShouldBe(["2 False 200", "2 True 200"]);
        outcome.Failure!.Cause.Message.ShouldBe(
            "smoke test the cart failed through the front door: InvalidOperationException: the cart is empty"
        );
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "1"]);
    }

    [Test]
    public async Task What_must_not_run_twice_is_tested_after_the_shift_alone()
    {
        var stage = new Stage(Given.StopFirstModel);
        await stage.DeployAsync("1");
        stage.Options = new DeployOptions { SmokeTests = SmokeTests.None.Http("/", test => test.At("web")) };
        var plan = await stage.PlanAsync("2");
        plan.Steps.Select(step => step.Action).OfType<TestRelease>().ShouldBeEmpty();
        plan.Notes.ShouldContain(note =>
            note.EndsWith("; after the shift alone, for it must not run twice", StringComparison.Ordinal)
        );
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Success);
        stage.Cluster.Questions.ShouldBe(["GET / by 4444"]);
    }

    [Test]
    public async Task The_first_release_of_all_is_tested_too_and_goes_when_it_fails()
    {
        var stage = new Stage { Options = new DeployOptions { SmokeTests = Tests } };
        Answer(stage, 500, "", serves: true, tag: "1");
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(1);
        stage.Cluster.Containers.ShouldBeEmpty();
        (await stage.ObserveAsync()).Current.ShouldBeNull();
    }

    [Test]
    public async Task Skipped_for_a_reason_none_of_them_runs_and_the_reason_is_recorded()
    {
        var stage = await ServingOneAsync();
        stage.Options = new DeployOptions { SmokeTests = Tests with { Skipped = "the shop is down" } };
        Answer(stage, 503, "", serves: null);
        (await stage.PlanAsync("2")).Notes.ShouldContain("the smoke tests are skipped: the shop is down");
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Success);
        stage.Cluster.Questions.ShouldBeEmpty();
        stage.Cluster.Journal.History.Last().SmokeTestsSkipped.ShouldBe("the shop is down");
    }

    [Test]
    public async Task A_way_back_is_not_tested()
    {
        var stage = await ServingOneAsync();
        await stage.DeployAsync("2");
        stage.Cluster.Questions.Clear();
        Answer(stage, 503, "", serves: null, tag: "1");
        (await stage.RollbackAsync()).Outcome.ShouldBe(Outcome.Success);
        stage.Cluster.Questions.ShouldBeEmpty();
    }

    [Test]
    public async Task A_test_that_cannot_be_run_is_refused_before_anything_is_touched()
    {
        var stage = await ServingOneAsync();
        stage.Options = new DeployOptions
        {
            SmokeTests = SmokeTests.None.Http("/health").Http("/a", test => test.At("apy")).Command("nobody", "true"),
        };
        stage.Cluster.Changes.Clear();
        var refused = await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("2"));
        refused
            .Problems.Select(problem => problem.Place)
            .ShouldBe(["smoke test GET /health", "smoke test GET /a", "smoke test nobody: true"]);
        stage.Cluster.Changes.ShouldNotContain(change => change.StartsWith("start", StringComparison.Ordinal));
    }

    [Test]
    public async Task Ctrl_C_during_a_test_leaves_users_where_they_were()
    {
        var stage = await ServingOneAsync();
        using var process = new MemoryProcess { InterruptsAt = (_, call) => call == "smoke test" };
        (await stage.DeployAsync("2", process)).ExitCode.ShouldBe(130);
        stage.Cluster.Seen.ShouldBe(["nothing", "1"]);
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
    }

    [Test]
    public async Task A_deployer_that_dies_during_a_command_leaves_nothing_that_the_next_one_does_not_put_right()
    {
        var stage = await ServingOneAsync();
        using var process = new MemoryProcess
        {
            DiesAfter = (_, call) => call.StartsWith("run dotnet", StringComparison.Ordinal),
        };
        (
            await stage.DiesAsync(
                process,
                (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                "2"
            )
        ).ShouldBeTrue();
        (await stage.DeployAsync("3")).Outcome.ShouldBe(Outcome.Success);
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "3"]);
        stage.Cluster.Containers.ShouldNotContain(container => container.Service == Naming.SmokeService);
    }

    private static async Task<Stage> ServingOneAsync()
    {
        var stage = new Stage();
        (await stage.DeployAsync("1")).Outcome.ShouldBe(Outcome.Success);
        stage.Options = new DeployOptions { SmokeTests = Tests };
        Answer(stage, 200, "{\"status\":\"ok\"}", serves: null);
        Answer(stage, 200, "{\"status\":\"ok\"}", serves: null, tag: "3");
        return stage;
    }

    private static void Answer(Stage stage, int status, string body, bool? serves, string tag = "2") =>
        stage.Cluster.Answers[($"sha256:api-{tag}", "/health", serves)] = new HttpAnswer(
            status,
            [],
            body,
            TimeSpan.FromMilliseconds(1)
        );
}
