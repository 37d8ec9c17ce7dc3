using Serilog;

namespace Recyclic.Build.Tests.Definition;

[CancelAfter(20_000)]
public class ConditionTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task A_static_condition_sees_what_was_asked_for()
    {
        (await _host.RunAsync<Conditional>("Deploy", "--plan")).Output.ShouldContain(
            "Images    // skipped: OnlyWhen: InvokedTargets.Contains(Images)"
        );
        (await _host.RunAsync<Conditional>("Images", "Deploy", "--plan")).Output.ShouldNotContain("skipped");
    }

    [Test]
    public async Task A_static_condition_sees_what_is_to_run() =>
        (await _host.RunAsync<Conditional>("Alone", "Deploy", "--plan")).Output.ShouldContain(
            "Alone     // skipped: OnlyWhen: ScheduledTargets.Count == 1"
        );

    [Test]
    public async Task The_first_condition_that_does_not_hold_is_the_reason()
    {
        var run = await _host.RunAsync<Conditional>("Several");
        run.Output.ShouldContain("Skipped: OnlyWhen: IsFailing");
        run.Output.ShouldNotContain("never asked");
    }

    public class Conditional : RecyclicBuild
    {
        public Target Images =>
            _ => _.OnlyWhenStatic(() => InvokedTargets.Contains(Images)).Executes(() => Log.Information("images"));
        public Target Deploy => _ => _.DependsOn(Images).Executes(() => Log.Information("deploy"));
        public Target Alone =>
            _ => _.OnlyWhenStatic(() => ScheduledTargets.Count == 1).Executes(() => Log.Information("alone"));

        public Target Several =>
            _ =>
                _.OnlyWhenDynamic(() => IsSucceeding)
                    .OnlyWhenDynamic(() => IsFailing)
                    .OnlyWhenDynamic(() => Never())
                    .Executes(() => Log.Information("several"));

        private bool Never()
        {
            WriteLine("never asked");
            return false;
        }
    }
}
