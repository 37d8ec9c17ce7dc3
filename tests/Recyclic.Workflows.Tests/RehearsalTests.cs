using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Tests;

/// <summary>Who runs, who waits and who sees what; the machines are fakes.</summary>
[CancelAfter(20_000)]
public class RehearsalTests
{
    private static readonly ImmutableDictionary<string, string> Secrets = new Dictionary<string, string>
    {
        ["REGISTRY_PASSWORD"] = "p",
        ["DEPLOY_KEY"] = "k",
    }.ToImmutableDictionary();

    [Test]
    public async Task It_stops_at_the_gate(CancellationToken cancellationToken)
    {
        var stage = new FakeStage();
        var result = await RunAsync("production", stage, [], [], cancellationToken);
        stage.Ran.ShouldBe(["workflows", "pack", "images", "deploy-staging"]);
        result.WaitsAt.ShouldBe(["production-approval"]);
        result.HasFailed.ShouldBeFalse();
        result.ToText().ShouldContain("approve-production  waiting: for the approval of production-approval");
        result.ToText().ShouldContain("atomic-deploy       waiting: after approve-production");
    }

    [Test]
    public async Task Approved_it_goes_on_to_the_end(CancellationToken cancellationToken)
    {
        var stage = new FakeStage();
        var result = await RunAsync("production", stage, ["production-approval"], [], cancellationToken);
        stage.Ran[^1].ShouldBe("atomic-deploy");
        result.Jobs[^1].Outcome.ShouldBe(JobOutcome.Skipped);
    }

    [Test]
    public async Task After_a_failed_deploy_the_rescue_runs_and_after_a_failed_test_it_does_not(
        CancellationToken cancellationToken
    )
    {
        var deploy = new FakeStage { Fails = "atomic-deploy" };
        (await RunAsync("production", deploy, ["production-approval"], [], cancellationToken)).HasFailed.ShouldBeTrue();
        deploy.Ran[^1].ShouldBe("recover");

        var test = new FakeStage { Fails = "pack" };
        (await RunAsync("production", test, ["production-approval"], [], cancellationToken)).HasFailed.ShouldBeTrue();
        test.Ran.ShouldBe(["workflows", "pack"]);
    }

    [Test]
    public async Task A_job_sees_the_outputs_of_those_it_needs_and_of_no_other(CancellationToken cancellationToken)
    {
        var stage = new FakeStage();
        await RunAsync("production", stage, [], [], cancellationToken);
        stage.Finds["deploy-staging"]("needs.images.outputs.Digests").ShouldBe("api@sha256:1");
        stage.Finds["deploy-staging"]("needs.pack.result").ShouldBeNull();
    }

    [Test]
    public async Task A_job_runs_for_each_combination_of_its_matrix(CancellationToken cancellationToken)
    {
        var stage = new FakeStage();
        await RunAsync("ci", stage, [], [], cancellationToken);
        stage.Ran.Count(job => job == "test").ShouldBe(4);
    }

    [Test]
    public async Task An_input_that_is_required_or_unknown_is_named_before_anything_runs(
        CancellationToken cancellationToken
    )
    {
        var stage = new FakeStage();
        (
            await Should.ThrowAsync<TargetFailedException>(() => RunAsync("hotfix", stage, [], [], cancellationToken))
        ).Message.ShouldContain("hotfix requires the input tag");
        (
            await Should.ThrowAsync<TargetFailedException>(() =>
                RunAsync("ci", stage, [], [("tga", "1")], cancellationToken)
            )
        ).Message.ShouldContain("ci has no input tga");
        stage.Ran.ShouldBeEmpty();
    }

    [Test]
    public async Task A_job_that_is_taken_as_done_does_not_run_and_the_next_ones_do(CancellationToken cancellationToken)
    {
        var stage = new FakeStage();
        var result = await RunAsync("staging", stage, [], [], cancellationToken, ["test"]);
        stage.Ran.ShouldBe(["workflows", "images", "deploy-staging"]);
        result.ToText().ShouldContain("test            success: taken as done, not rehearsed");
    }

    [TestCase("tests", "has no job tests, only workflows, ")]
    [TestCase("approve-production", "approve-production is a gate: it is not skipped but approved")]
    public async Task A_job_that_is_not_there_or_is_a_gate_cannot_be_taken_as_done(string job, string words)
    {
        var stage = new FakeStage();
        (
            await Should.ThrowAsync<TargetFailedException>(() =>
                RunAsync("production", stage, [], [], CancellationToken.None, [job])
            )
        ).Message.ShouldContain(words);
        stage.Ran.ShouldBeEmpty();
    }

    [TestCase("jobs: [", "line")]
    [TestCase("jobs:\n  a:\n    needs: b\n    steps: []\n", "job a needs b")]
    [TestCase("jobs:\n  a:\n    needs: b\n  b:\n    needs: a\n", "the jobs a, b wait for each other")]
    [TestCase("jobs:\n  a:\n    steps:\n      - name: x\n", "line 4: a step has either uses or run")]
    [TestCase("text", "is no map")]
    public void A_file_that_is_no_workflow_is_refused_with_its_place(string text, string expected)
    {
        var exception = Should.Throw<TargetFailedException>(() => WorkflowReader.Read("x.yml", text));
        exception.ExitCode.ShouldBe(2);
        exception.Message.ShouldContain(expected);
    }

    private static Task<RehearsalResult> RunAsync(
        string workflow,
        FakeStage stage,
        ImmutableHashSet<string> approved,
        (string, string)[] inputs,
        CancellationToken cancellationToken,
        ImmutableHashSet<string>? done = null
    ) =>
        Rehearsal.Rehearsal.RunAsync(
            WorkflowReader.Read(workflow, Shop.Text(workflow)),
            new(inputs.ToImmutableSortedDictionary(i => i.Item1, i => i.Item2), Secrets, Secrets, approved, done ?? []),
            stage,
            cancellationToken
        );

    private sealed class FakeStage : IRehearsalStage
    {
        public List<string> Ran { get; } = [];
        public Dictionary<string, Func<string, string?>> Finds { get; } = [];
        public string? Fails { get; init; }

        public Task<JobResult> RunAsync(
            RehearsedJob job,
            ImmutableSortedDictionary<string, string> combination,
            int index,
            Func<string, string?> find,
            CancellationToken cancellationToken
        )
        {
            Ran.Add(job.Id);
            Finds[job.Id] = find;
            var outputs = job.Outputs.ToImmutableSortedDictionary(output => output.Key, _ => "api@sha256:1");
            return Task.FromResult(
                new JobResult(job.Id, job.Id == Fails ? JobOutcome.Failure : JobOutcome.Success) { Outputs = outputs }
            );
        }
    }
}
