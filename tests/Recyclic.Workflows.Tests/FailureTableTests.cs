using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components;
using Recyclic.Workflows.Generation;
using Recyclic.Workflows.GitLab;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// Whatever fails, and whatever rule a target has for that: on GitHub run the targets that would run on a laptop, and
/// the end is the same.
/// </summary>
[CancelAfter(120_000)]
public class FailureTableTests
{
    private static readonly string[] Names = ["A", "B", "C", "D"];
    private static readonly string[] Rules =
    [
        "none",
        "assured",
        "proceeds",
        "assured and proceeds",
        "undone",
        "kept when skipped",
    ];

    public static IEnumerable<object[]> Rows() =>
        from rule in Rules
        from layout in new[] { "apart", "ends together", "one job" }
        select new object[] { rule, layout };

    [TestCaseSource(nameof(Rows))]
    public async Task The_same_targets_run_and_it_ends_the_same(
        string rule,
        string layout,
        CancellationToken cancellationToken
    )
    {
        var differences = new List<string>();
        var refused = 0;
        foreach (var carrier in Names)
        foreach (var failing in Names.Prepend(""))
        {
            var script = new Script(rule, carrier, failing, layout);
            var file = await GenerateAsync(script);
            if (file is null)
            {
                refused++;
                continue;
            }
            var local = await script.RunAsync(script.IsSkipping ? ["D", "--skip", carrier] : ["D"]);
            var hosted = await HostedAsync(script, file, cancellationToken);
            if (hosted != local)
                differences.Add(
                    $"{rule} on {carrier}, {(failing == "" ? "nothing" : failing)} fails: here {local}, there {hosted}"
                );
        }
        differences.ShouldBeEmpty();
        // Targets with different rules in one job are refused where GitHub could not tell them apart.
        refused.ShouldBe(
            layout != "ends together"
                ? 0
                : rule switch
                {
                    "assured" or "proceeds" => 10,
                    "assured and proceeds" => 20,
                    _ => 0,
                }
        );
    }

    /// <summary>The end differs by intent: a job that may fail lets a pipeline pass there, with a warning.</summary>
    [TestCaseSource(nameof(Rows))]
    public async Task On_GitLab_too_the_same_targets_run(
        string rule,
        string layout,
        CancellationToken cancellationToken
    )
    {
        var differences = new List<string>();
        foreach (var carrier in Names)
        foreach (var failing in Names.Prepend(""))
        {
            var script = new Script(rule, carrier, failing, layout);
            if (await GenerateAsync(script) is null)
                continue;
            var local = await script.RunAsync(script.IsSkipping ? ["D", "--skip", carrier] : ["D"]);
            var hosted = await RunOnGitLabAsync(script, cancellationToken);
            if (hosted != local)
                differences.Add(
                    $"{rule} on {carrier}, {(failing == "" ? "nothing" : failing)} fails: here {local}, there {hosted}"
                );
        }
        differences.ShouldBeEmpty();
    }

    [Test]
    public async Task On_GitLab_a_rescue_runs_after_a_failure_of_its_own_job_alone(CancellationToken cancellationToken)
    {
        foreach (
            var (failing, expected) in new[]
            {
                ("", "A B C D, succeeded"),
                ("B", "A B, failed"),
                ("D", "A B C D E, failed"),
            }
        )
        {
            var script = new Script("none", "A", failing, "rescued");
            await GenerateAsync(script);
            (await RunOnGitLabAsync(script, cancellationToken)).ShouldBe(expected);
        }
    }

    [Test]
    public async Task On_GitLab_what_is_assured_checks_the_file_by_itself()
    {
        var script = new Script("assured", "D", "", "apart");
        await GenerateAsync(script);
        var job = GitLabFileTests.Job(script.GitLabFile!, "w:d");
        job.ShouldContain("      when: always\n");
        job.ShouldContain("    - ./build.sh Workflows --check\n    - exec ./build.sh D --skip");
    }

    [Test]
    public async Task On_GitLab_a_job_that_may_fail_is_refused_unless_a_pipeline_may_pass_with_a_warning()
    {
        var script = new Script("proceeds", "A", "", "apart") { System = new GitLabCi() };
        await GenerateAsync(script);
        script.Error.ShouldContain(
            "GitLab CI: workflow w: the job a: its failure lets others go on, and GitLab's way to that lets the pipeline pass, with a warning: say PassesWithWarnings = true"
        );
        var rescued = new Script("proceeds", "D", "", "rescued, then F");
        await GenerateAsync(rescued);
        rescued.Error.ShouldContain("would not run its rescue");
    }

    [Test]
    public async Task A_rescue_does_not_run_after_a_deploy_that_succeeded_though_something_before_it_failed(
        CancellationToken cancellationToken
    )
    {
        var script = new Script("proceeds", "A", "A", "rescued");
        var hosted = await HostedAsync(script, (await GenerateAsync(script))!, cancellationToken);
        hosted.ShouldBe("A B C D, failed");
        var failed = new Script("proceeds", "A", "D", "rescued");
        (await HostedAsync(failed, (await GenerateAsync(failed))!, cancellationToken)).ShouldBe("A B C D E, failed");
    }

    [Test]
    public async Task An_assured_job_does_not_run_when_the_files_are_stale()
    {
        var file = (await GenerateAsync(new("assured", "D", "", "apart")))!;
        var workflow = WorkflowReader.Read("w.yml", file);
        var job = workflow.Jobs.Single(job => job.Id == "d");
        job.Needs.ShouldContain("workflows");
        job.Condition.ShouldBe("${{ always() && needs.workflows.result == 'success' }}");
    }

    [Test]
    public async Task Readers_of_others_understand_the_conditions(CancellationToken cancellationToken)
    {
        var files = new List<(string Path, string Text)>();
        foreach (var rule in Rules[..4])
        foreach (var carrier in Names)
            files.Add(($"{rule} {carrier}.yml", (await GenerateAsync(new(rule, carrier, "", "rescued")))!));
        (await Validators.FindAsync(files, cancellationToken)).ShouldBeEmpty();
    }

    [TestCase(
        "assured",
        "the job rest runs D, which is assured after a failure, beside C, which is not, and waits for b: GitHub would run both or neither. Give D a place of its own"
    )]
    [TestCase(
        "proceeds",
        "the job first runs B, whose failure lets others go on, beside A, whose failure does not: GitHub would see that the job has failed, and not by which. Give B a place of its own"
    )]
    public async Task Targets_that_fail_by_different_rules_are_not_one_job(string rule, string expected)
    {
        var run = await new Script(
            rule,
            rule == "assured" ? "D" : "B",
            "",
            rule == "assured" ? "last together" : "first together"
        ).RunAsync(["Workflows", "--dry-run"], raw: true);
        run.ShouldContain("workflow w: " + expected);
    }

    private static async Task<string?> GenerateAsync(Script script)
    {
        await script.RunAsync(["Workflows", "--dry-run"]);
        return script.File;
    }

    /// <summary>
    /// Interprets the file: each job of it is a run of the build with the targets that its step names.
    /// </summary>
    private static async Task<string> HostedAsync(Script script, string file, CancellationToken cancellationToken)
    {
        var stage = new Stage(script);
        var result = await Rehearsal.Rehearsal.RunAsync(
            WorkflowReader.Read("w.yml", file),
            new(
                RehearsedJob.NoTexts,
                ImmutableDictionary<string, string>.Empty,
                ImmutableDictionary<string, string>.Empty,
                [],
                []
            ),
            stage,
            cancellationToken
        );
        return $"{string.Join(' ', stage.Ran)}, {(result.HasFailed ? "failed" : "succeeded")}";
    }

    private static async Task<string> RunOnGitLabAsync(Script script, CancellationToken cancellationToken)
    {
        var stage = new Stage(script);
        var pipeline = GitLabPipeline.Read(script.GitLabFile.ShouldNotBeNull(script.Error), "w");
        var result = await Rehearsal.Rehearsal.RunAsync(
            pipeline.Workflow,
            new(
                RehearsedJob.NoTexts,
                ImmutableDictionary<string, string>.Empty,
                ImmutableDictionary<string, string>.Empty,
                [],
                []
            ),
            stage,
            cancellationToken
        );
        return $"{string.Join(' ', stage.Ran)}, {(result.HasFailed ? "failed" : "succeeded")}";
    }

    private sealed class Stage(Script script) : IRehearsalStage
    {
        public List<string> Ran { get; } = [];

        public async Task<JobResult> RunAsync(
            RehearsedJob job,
            ImmutableSortedDictionary<string, string> combination,
            int index,
            Func<string, string?> find,
            CancellationToken cancellationToken
        )
        {
            var words = job.Steps.Select(step => step.Run).OfType<string>().Single().Split('\n')[^1].Split(' ')[2..];
            if (words is ["Workflows", ..])
                return new(job.Id, JobOutcome.Success);
            var ended = await script.RunAsync(words);
            Ran.AddRange(ended.Split(',')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            return new(
                job.Id,
                ended.EndsWith("succeeded", StringComparison.Ordinal) ? JobOutcome.Success : JobOutcome.Failure
            );
        }
    }

    /// <summary>A row: which target has the rule, which one fails, and which targets share a job.</summary>
    private sealed record Script(string Rule, string Carrier, string Failing, string Layout)
    {
        public bool IsSkipping => Rule == "kept when skipped" && Carrier != "D";

        public List<string> Ran { get; } = [];

        public string? File { get; set; }

        public GitLabCi System { get; init; } = new() { PassesWithWarnings = true };

        public string? GitLabFile { get; set; }

        public string Error { get; set; } = "";

        public async Task<string> RunAsync(string[] arguments, bool raw = false)
        {
            Ran.Clear();
            Ruled.Now.Value = this;
            var run = await new BuildTester().RunAsync<Ruled>(arguments);
            if (raw)
                return run.Output + run.Error;
            return $"{string.Join(' ', Ran)}, {(run.ExitCode == 0 ? "succeeded" : "failed")}";
        }
    }

    private sealed class Ruled : RecyclicBuild, IWorkflows
    {
        private readonly Script _script = Now.Value!;

        public static AsyncLocal<Script> Now { get; } = new();

        public Target A => _ => With(_, "A");
        public Target B => _ => With(_.DependsOn(A), "B");
        public Target C => _ => With(_.DependsOn(B), "C");
        public Target D => _ => With(_.DependsOn(C), "D");
        public Target E => _ => _.Executes(() => _script.Ran.Add("E"));
        public Target F => _ => _.After(D).Executes(() => { });

        public IEnumerable<Workflow> WorkflowDefinitions
        {
            get
            {
                var workflow = new Workflow("w")
                {
                    On = [Trigger.Push()],
                    Targets = _script.Layout == "rescued, then F" ? [D, F] : [D],
                    Places = Places(),
                    Skips = _script.IsSkipping ? [_script.Carrier] : [],
                };
                try
                {
                    _script.File = WorkflowFile.Of([workflow], Graph, NameOf)[0].Text;
                    _script.GitLabFile = WorkflowFile.Of([_script.System], [workflow], Graph, NameOf)[0].Text;
                }
                catch (TargetFailedException exception)
                {
                    _script.Error = exception.Message;
                    if (!exception.Message.Contains("GitLab CI: ", StringComparison.Ordinal))
                        _script.File = null;
                }
                return [workflow];
            }
        }

        private ImmutableArray<Place> Places() =>
            _script.Layout switch
            {
                "apart" => [.. Of("", "A"), .. Of("", "B"), .. Of("", "C"), .. Of("", "D")],
                "ends together" => [.. Of("first", "A", "B"), .. Of("rest", "C", "D")],
                "first together" => [.. Of("first", "A", "B"), .. Of("", "C"), .. Of("", "D")],
                "last together" => [.. Of("", "A"), .. Of("", "B"), .. Of("rest", "C", "D")],
                "rescued, then F" =>
                [
                    .. Of("", "A"),
                    .. Of("", "B"),
                    .. Of("", "C"),
                    new(D) { Rescue = E },
                    .. Of("", "F"),
                ],
                "rescued" => [.. Of("", "A"), .. Of("", "B"), .. Of("", "C"), new(D) { Rescue = E }],
                _ => [],
            };

        /// <summary>None where all targets are left out, for one that is has no place.</summary>
        private IEnumerable<Place> Of(string name, params string[] targets)
        {
            ImmutableArray<TargetReference> left =
            [
                .. targets.Where(target => !_script.IsSkipping || target != _script.Carrier),
            ];
            if (!left.IsEmpty)
                yield return new(left) { Name = name.Length > 0 ? name : null };
        }

        private ITargetDefinition With(ITargetDefinition definition, string name)
        {
            definition = definition
                .LeavesNothing()
                .Executes(() =>
                {
                    _script.Ran.Add(name);
                    if (_script.Failing == name)
                        throw new InvalidOperationException("it broke");
                });
            if (_script.Carrier != name)
                return definition;
            return _script.Rule switch
            {
                "assured" => definition.AssuredAfterFailure(),
                "proceeds" => definition.ProceedAfterFailure(),
                "assured and proceeds" => definition.AssuredAfterFailure().ProceedAfterFailure(),
                "undone" => definition.OnFailure(E),
                "kept when skipped" => definition.WhenSkipped(DependencyBehavior.Execute),
                _ => definition,
            };
        }
    }
}
