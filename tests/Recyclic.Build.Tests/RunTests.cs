using System.Text.Json;
using Serilog;

namespace Recyclic.Build.Tests;

[CancelAfter(20_000)]
public class RunTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost();
        Paths.OnReport = () => { };
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task A_secret_is_printed_nowhere()
    {
        _host.Environment["REGISTRY_PASSWORD"] = "s3cr3t!";
        foreach (var verbosity in new[] { "verbose", "normal", "quiet" })
        {
            var run = await _host.RunAsync<SampleBuild>("leak", "--verbosity", verbosity);
            run.ExitCode.ShouldBe(1);
            (run.Output + run.Error).ShouldNotContain("s3cr3t!");
            run.Output.ShouldContain("cannot log in with ***");
        }
        (await _host.RunAsync<SampleBuild>("--help")).Output.ShouldNotContain("s3cr3t!");
        (await _host.RunAsync<SampleBuild>("leak", "--plan")).Output.ShouldNotContain("s3cr3t!");
    }

    [Test]
    public async Task With_json_standard_output_is_the_document_and_nothing_else()
    {
        var run = await _host.RunAsync<SampleBuild>("document", "--json");
        JsonDocument.Parse(run.Output).RootElement.GetProperty("json").GetBoolean().ShouldBeTrue();
        run.Error.ShouldContain("gathering");
        run.Error.ShouldContain("a line");
        run.Error.ShouldContain("Build succeeded");
    }

    [Test]
    public async Task A_requirement_that_is_not_met_stops_everything()
    {
        var run = await _host.RunAsync<SampleBuild>("push-images");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target PushImages requires --tag (or RECYCLIC_TAG in the environment)");
        run.Output.ShouldNotContain("building");
        (await _host.RunAsync<SampleBuild>("push-images", "--tag", " ")).ExitCode.ShouldBe(2);
        (await _host.RunAsync<SampleBuild>("push-images", "--tag", "x")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_condition_that_does_not_hold_is_quoted()
    {
        var run = await _host.RunAsync<Paths>("Picky");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Picky requires Number > 3");
    }

    [Test]
    public async Task The_plan_is_printed_and_not_run()
    {
        var run = await _host.RunAsync<SampleBuild>("push-images", "--plan", "--skip", "build-images");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldBe(
            """
            Plan:
              1. BuildImages    // skipped: via parameter
              2. PushImages   -> BuildImages

            """
        );
    }

    [Test]
    public async Task A_failure_stops_what_follows_but_not_what_is_assured()
    {
        var run = await _host.RunAsync<Paths>("Fails", "Follows", "Assured");
        run.ExitCode.ShouldBe(7);
        run.Output.ShouldContain("[ERR] it broke\n");
        run.Output.ShouldContain("Fails              Failed        < 1sec   // it broke");
        run.Output.ShouldContain("Follows            NotRun");
        run.Output.ShouldContain("assured: True");
        run.Output.ShouldContain("Build failed on");
        run.Output.ShouldNotContain("   at ");
    }

    [Test]
    public async Task A_failure_may_let_the_rest_go_on()
    {
        var run = await _host.RunAsync<Paths>("Tolerated", "Follows");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("[ERR] InvalidOperationException: oh");
        run.Output.ShouldContain("followed");
    }

    [Test]
    public async Task A_skipped_target_says_why()
    {
        var run = await _host.RunAsync<Paths>("Never", "NotNow");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("Never              Skipped                // Skipped: OnlyWhen: Number > 3");
        run.Output.ShouldContain("NotNow             Skipped                // Skipped: OnlyWhen: Number == 9");
    }

    [Test]
    public async Task Targets_of_other_shapes_run_and_report()
    {
        var run = await _host.RunAsync<Paths>("All");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("// Images: 2");
        run.Output.ShouldNotContain("All  ");
        run.Output.ShouldEndWith("finished\n");
    }

    [Test]
    public async Task A_cancelled_run_exits_with_130_unless_all_was_done()
    {
        using var cancellation = new CancellationTokenSource();
        Paths.OnReport = cancellation.Cancel;
        var late = await _host.RunAsync<Paths>(["Reports"], [], cancellation.Token);
        late.ExitCode.ShouldBe(0);
        (await _host.RunAsync<Paths>(["Reports"], [], cancellation.Token)).ExitCode.ShouldBe(130);
    }

    [Test]
    public async Task What_a_target_decides_after_a_cancellation_is_the_exit_code()
    {
        using var cancellation = new CancellationTokenSource();
        Paths.OnReport = () =>
        {
            cancellation.Cancel();
            throw new TargetFailedException("not restored", 3);
        };
        (await _host.RunAsync<Paths>(["Reports"], [], cancellation.Token)).ExitCode.ShouldBe(3);
    }

    [Test]
    public async Task Help_fits_80_columns_and_names_what_there_is()
    {
        var help = (await _host.RunAsync<SampleBuild>(["--help"], [x => x.Show])).Output;
        help.Split('\n').Select(line => line.Length).Max().ShouldBeLessThanOrEqualTo(80);
        help.ShouldContain("Show (default)");
        help.ShouldContain("-> BuildImages");
        help.ShouldContain("Parameters of ISample:");
        help.ShouldContain("DEPLOY_TIMEOUT");
        help.ShouldContain("RECYCLIC_TAG");
        help.ShouldContain("local, staging,");
        help.IndexOf("Parameters:", StringComparison.Ordinal)
            .ShouldBeLessThan(help.IndexOf("Host options:", StringComparison.Ordinal));
    }

    [Test]
    public async Task Root_and_temporary_directory_belong_to_the_run()
    {
        var run = await _host.RunAsync<Paths>("Where");
        run.Output.ShouldContain(_host.Root / ".nuke" / "temp");
    }

    [Test]
    public async Task A_callback_that_throws_fails_the_build_without_a_stack_trace()
    {
        var run = await _host.RunAsync<Broken>("Any");
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldBe("error: InvalidOperationException: no settings\n");
    }

    public class Broken : RecyclicBuild
    {
        public Target Any => _ => _.Executes(() => { });

        protected internal override void OnBuildCreated() => throw new InvalidOperationException("no settings");
    }

    public interface IReporting : IRecyclicBuild
    {
        Target Reports =>
            _ =>
                _.Executes(() =>
                {
                    ReportSummary("Images", "2");
                    Paths.OnReport();
                });
    }

    public class Paths : RecyclicBuild, IReporting
    {
        private readonly AbsolutePath _temporary = TemporaryDirectory;
        private int Number { get; } = 1;

        public static Action OnReport { get; set; } = () => { };

        public Target Fails => _ => _.Executes(() => throw new TargetFailedException("it broke", 7));
        public Target Follows => _ => _.After(Fails).After(Tolerated).Executes(() => Log.Information("followed"));
        public Target Assured =>
            _ =>
                _.After(Follows).AssuredAfterFailure().Executes(() => Log.Information("assured: {Failing}", IsFailing));
        public Target Tolerated =>
            _ => _.ProceedAfterFailure().Executes(() => throw new InvalidOperationException("oh"));
        public Target Never => _ => _.OnlyWhenStatic(() => Number > 3).Executes(() => Log.Information("no"));
        public Target NotNow => _ => _.OnlyWhenDynamic(() => Number == 9).Executes(() => Log.Information("no"));
        public Target Picky => _ => _.Requires(() => Number > 3).Executes(() => Log.Information("no"));
        public Target Where => _ => _.Executes(() => WriteLine(_temporary));
        public Target All => _ => _.DependsOn<IReporting>().TryDependsOn<ISample>();

        protected internal override void OnBuildFinished() => WriteLine("finished");
    }
}
