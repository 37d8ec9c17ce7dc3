using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// A job that depends on another one gets something from it, or is refused: on a fresh clone, `dotnet test --no-build`
/// succeeds without a test.
/// </summary>
public class EdgeTests
{
    [Test]
    public async Task A_target_that_would_get_nothing_from_another_machine_is_refused_with_the_ways_out()
    {
        var error = await ErrorAsync(b =>
            new("ci")
            {
                On = [Trigger.Push()],
                Targets = [b.Test],
                Places = [new(b.Test) { Matrix = [Axis.Runner("a", "b")] }],
            }
        );
        error.ShouldContain(
            "workflow ci: target Test in the job test depends on Compile in the job compile, another machine, and gets nothing from it. "
                + "Carry its files: Compile.Produces(\"…\") and Test.Consumes(Compile); or a value: Compile.Outputs(…); or run it on each machine: OnEachRunner = [Compile]; or have both in one place. "
                + "If Compile only checks, or works elsewhere, let it say so: Compile.LeavesNothing()"
        );
    }

    [Test]
    public async Task Each_way_out_is_one()
    {
        (await ErrorAsync(b => Apart(b.Read))).ShouldBeEmpty();
        (await ErrorAsync(b => Apart(b.ReadValue))).ShouldBeEmpty();
        (await ErrorAsync(b => Apart(b.AfterLint))).ShouldBeEmpty();
        (await ErrorAsync(b => Apart(b.Test) with { OnEachRunner = [b.Compile] })).ShouldBeEmpty();
        (await ErrorAsync(b => Apart(b.Test) with { Places = [new(b.Compile, b.Test)] })).ShouldBeEmpty();
        (
            await ErrorAsync(b => Apart(b.Test) with { Places = [Place.Gate("approval", b.Compile), new(b.Test)] })
        ).ShouldBeEmpty();
        (
            await ErrorAsync(b => Apart(b.Test) with { Places = [Place.Deploy("staging", b.Compile), new(b.Test)] })
        ).ShouldBeEmpty();
        (await ErrorAsync(b => Apart(b.Later))).ShouldBeEmpty("an order alone needs nothing");
    }

    [Test]
    public async Task What_comes_by_way_of_a_target_that_builds_on_it_is_carried() =>
        (await ErrorAsync(b => Apart(b.Publish))).ShouldBeEmpty();

    [Test]
    public async Task An_artifact_that_is_made_and_not_read_carries_nothing() =>
        (await ErrorAsync(b => Apart(b.Forgets))).ShouldContain(
            "target Forgets in the job forgets depends on Pack in the job pack, another machine"
        );

    [Test]
    public async Task A_target_that_joins_others_and_one_of_each_machine_hide_nothing()
    {
        (await ErrorAsync(b => Apart(b.AfterAll))).ShouldContain(
            "target AfterAll in the job after-all depends on Compile"
        );
        (await ErrorAsync(b => Apart(b.Prepared) with { OnEachRunner = [b.Prepare] })).ShouldContain(
            "target Prepared in the job prepared depends on Compile"
        );
    }

    private static Workflow Apart(Target target) =>
        new("apart")
        {
            On = [Trigger.Push()],
            Targets = [target],
            Places = [new(target)],
        };

    private static async Task<string> ErrorAsync(Func<Edges, Workflow> define)
    {
        Edges.Define.Value = define;
        var run = await new BuildTester().RunAsync<Edges>("Workflows", "--dry-run");
        run.ExitCode.ShouldBeOneOf(0, 2);
        return run.ExitCode == 2 ? run.Output + run.Error : "";
    }

    private sealed class Edges : RecyclicBuild, IWorkflows
    {
        public static AsyncLocal<Func<Edges, Workflow>> Define { get; } = new();

        public Output<string> Version => GetOutput<string>();

        public Target Compile => _ => _.Executes(() => { });
        public Target Test => _ => _.DependsOn(Compile).Executes(() => { });
        public Target Later => _ => _.After(Compile).Executes(() => { });
        public Target Pack => _ => _.DependsOn(Compile).Produces("output/*.nupkg").Executes(() => { });
        public Target Read => _ => _.DependsOn(Pack).Consumes(Pack).Executes(() => { });
        public Target Publish => _ => _.DependsOn(Compile, Pack).Consumes(Pack).Executes(() => { });
        public Target Forgets => _ => _.DependsOn(Pack).Executes(() => { });
        public Target Number => _ => _.Outputs(Version).Executes(() => Version.Set("1"));
        public Target ReadValue => _ => _.DependsOn(Number).Executes(() => { });
        public Target Lint => _ => _.LeavesNothing().Executes(() => { });
        public Target AfterLint => _ => _.DependsOn(Lint).Executes(() => { });
        public Target All => _ => _.DependsOn(Compile);
        public Target AfterAll => _ => _.DependsOn(All).Executes(() => { });
        public Target Prepare => _ => _.DependsOn(Compile).Executes(() => { });
        public Target Prepared => _ => _.DependsOn(Prepare).Executes(() => { });

        public IEnumerable<Workflow> WorkflowDefinitions => [Define.Value!(this)];
    }
}
