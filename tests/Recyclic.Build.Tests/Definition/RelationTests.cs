using Recyclic.Build.Testing;
using Serilog;

namespace Recyclic.Build.Tests.Definition;

/// <summary>Every form in which a target can refer to others.</summary>
[CancelAfter(20_000)]
public class RelationTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("DependsOnOwn", "Other DependsOnOwn")]
    [TestCase("DependsOnOnly", "Only DependsOnOnly")]
    [TestCase("DependsOnNamed", "First Second DependsOnNamed")]
    [TestCase("TryDependsOn", "Only TryDependsOn")]
    [TestCase("TryDependsOnAbsent", "TryDependsOnAbsent")]
    [TestCase("NeedsDependent", "DependentFor NeedsDependent")]
    [TestCase("Needed", "DependentForComponent TryDependentForComponent Needed")]
    [TestCase("First Before", "Before First")]
    [TestCase("First BeforeComponent TryBeforeComponent", "BeforeComponent TryBeforeComponent First")]
    [TestCase("TryBeforeAbsent Before", "TryBeforeAbsent Before")]
    [TestCase("After First", "First After")]
    [TestCase("AfterComponent TryAfterComponent Only", "Only AfterComponent TryAfterComponent")]
    [TestCase("TryAfterAbsent", "TryAfterAbsent")]
    [TestCase("Triggers", "Triggers Other")]
    [TestCase("TriggersComponent", "TriggersComponent Only")]
    [TestCase("TryTriggersComponent", "TryTriggersComponent Only")]
    [TestCase("TryTriggersAbsent", "TryTriggersAbsent")]
    [TestCase("Origin", "Origin TriggeredBy")]
    [TestCase("Source", "Source TriggeredByComponent TryTriggeredByComponent")]
    [TestCase("TryTriggeredByAbsent", "TryTriggeredByAbsent")]
    [TestCase("Consumer Producer", "Producer Consumer")]
    [TestCase("Consumer", "Consumer")]
    [TestCase("ConsumesOnly Only", "Only ConsumesOnly")]
    [TestCase("ConsumesNamed First", "First ConsumesNamed")]
    public async Task A_relation_decides_what_runs_and_when(string targets, string expected)
    {
        var run = await _host.RunAsync<Related>([.. targets.Split(' '), "--no-logo"]);
        run.Error.ShouldBe("");
        run.ExitCode.ShouldBe(0);
        Ran(run).ShouldBe(expected);
    }

    [Test]
    public async Task Patterns_of_files_are_those_of_the_producer_unless_the_consumer_names_some()
    {
        var run = await _host.RunAsync<Related>("Artifacts");
        run.Output.ShouldContain("Producer makes out/*.zip, out/*.txt");
        run.Output.ShouldContain("Consumer reads Producer: out/*.zip, out/*.txt");
        run.Output.ShouldContain("ConsumesSome reads Producer: out/*.zip");
        run.Output.ShouldContain("ConsumesOnly reads Only: single.bin");
        run.Output.ShouldContain("ConsumesSomeOfOnly reads Only: part.bin");
    }

    [TestCase("DependsOn", "target Wrong depends on IAbsent, which MissingDependsOn does not implement")]
    [TestCase("Triggers", "target Wrong triggers IAbsent, which MissingTriggers does not implement")]
    [TestCase("Inherit", "target Wrong inherits from IAbsent, which MissingInherit does not implement")]
    [TestCase("Two", "IComponent has 4 targets, not one")]
    [TestCase("Stranger", "target Wrong refers to a target that is not a property of MissingStranger")]
    [TestCase("Null", "target Nothing is null")]
    public async Task A_relation_to_what_is_not_there_is_refused(string kind, string expected)
    {
        var run = kind switch
        {
            "DependsOn" => await _host.RunAsync<MissingDependsOn>("Wrong"),
            "Triggers" => await _host.RunAsync<MissingTriggers>("Wrong"),
            "Inherit" => await _host.RunAsync<MissingInherit>("Wrong"),
            "Two" => await _host.RunAsync<MissingTwo>("Wrong"),
            "Stranger" => await _host.RunAsync<MissingStranger>("Wrong"),
            _ => await _host.RunAsync<MissingNull>("Wrong"),
        };
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
        run.Output.ShouldBe("");
    }

    [Test]
    public async Task All_mistakes_of_a_build_class_are_told_at_once()
    {
        var run = await _host.RunAsync<MissingSeveral>("A");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target A depends on IAbsent");
        run.Error.ShouldContain("target B triggers IAbsent");
    }

    internal static string Ran(BuildTestRun run) =>
        string.Join(
            ' ',
            run.Output.Split('\n')
                .Where(line => line.Contains("[INF] ran ", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[^1])
        );

    public interface IAbsent : IRecyclicBuild
    {
        Target Absent => _ => _.Executes(() => { });
    }

    public interface IOnly : IRecyclicBuild
    {
        Target Only => _ => _.Produces("single.bin").Executes(() => Log.Information("ran Only"));
    }

    public interface INeeds : IRecyclicBuild
    {
        Target Needed => _ => _.Executes(() => Log.Information("ran Needed"));
    }

    public interface ISource : IRecyclicBuild
    {
        Target Source => _ => _.Executes(() => Log.Information("ran Source"));
    }

    public interface IComponent : IRecyclicBuild
    {
        Target First => _ => _.Executes(() => Log.Information("ran First"));
        Target Second => _ => _.Executes(() => Log.Information("ran Second"));
        Target Third => _ => _;
        Target Fourth => _ => _;
    }

    public class Related : RecyclicBuild, IComponent, IOnly, INeeds, ISource
    {
        public Target Other => _ => _.Executes(() => Log.Information("ran Other"));
        public Target DependsOnOwn => _ => _.DependsOn(Other).Executes(() => Log.Information("ran DependsOnOwn"));
        public Target DependsOnOnly => _ => _.DependsOn<IOnly>().Executes(() => Log.Information("ran DependsOnOnly"));
        public Target DependsOnNamed =>
            _ =>
                _.DependsOn<IComponent>(x => x.First, x => x.Second)
                    .Executes(() => Log.Information("ran DependsOnNamed"));
        public Target TryDependsOn => _ => _.TryDependsOn<IOnly>().Executes(() => Log.Information("ran TryDependsOn"));
        public Target TryDependsOnAbsent =>
            _ => _.TryDependsOn<IAbsent>().Executes(() => Log.Information("ran TryDependsOnAbsent"));
        public Target NeedsDependent => _ => _.Executes(() => Log.Information("ran NeedsDependent"));
        public Target DependentFor =>
            _ => _.DependentFor(NeedsDependent).Executes(() => Log.Information("ran DependentFor"));
        public Target DependentForComponent =>
            _ => _.DependentFor<INeeds>().Executes(() => Log.Information("ran DependentForComponent"));
        public Target TryDependentForComponent =>
            _ =>
                _.TryDependentFor<INeeds>(x => x.Needed)
                    .TryDependentFor<IAbsent>()
                    .Executes(() => Log.Information("ran TryDependentForComponent"));
        public Target Before => _ => _.Before(((IComponent)this).First).Executes(() => Log.Information("ran Before"));
        public Target BeforeComponent =>
            _ => _.Before<IComponent>(x => x.First).Executes(() => Log.Information("ran BeforeComponent"));
        public Target TryBeforeComponent =>
            _ => _.TryBefore<IComponent>(x => x.First).Executes(() => Log.Information("ran TryBeforeComponent"));
        public Target TryBeforeAbsent =>
            _ => _.TryBefore<IAbsent>().Executes(() => Log.Information("ran TryBeforeAbsent"));
        public Target After => _ => _.After(((IComponent)this).First).Executes(() => Log.Information("ran After"));
        public Target AfterComponent => _ => _.After<IOnly>().Executes(() => Log.Information("ran AfterComponent"));
        public Target TryAfterComponent =>
            _ => _.TryAfter<IOnly>().Executes(() => Log.Information("ran TryAfterComponent"));
        public Target TryAfterAbsent =>
            _ => _.TryAfter<IAbsent>().Executes(() => Log.Information("ran TryAfterAbsent"));
        public Target Triggers => _ => _.Triggers(Other).Executes(() => Log.Information("ran Triggers"));
        public Target TriggersComponent =>
            _ => _.Triggers<IOnly>().Executes(() => Log.Information("ran TriggersComponent"));
        public Target TryTriggersComponent =>
            _ => _.TryTriggers<IOnly>(x => x.Only).Executes(() => Log.Information("ran TryTriggersComponent"));
        public Target TryTriggersAbsent =>
            _ => _.TryTriggers<IAbsent>().Executes(() => Log.Information("ran TryTriggersAbsent"));
        public Target Origin => _ => _.Executes(() => Log.Information("ran Origin"));
        public Target TriggeredBy => _ => _.TriggeredBy(Origin).Executes(() => Log.Information("ran TriggeredBy"));
        public Target TriggeredByComponent =>
            _ => _.TriggeredBy<ISource>().Executes(() => Log.Information("ran TriggeredByComponent"));
        public Target TryTriggeredByComponent =>
            _ => _.TryTriggeredBy<ISource>().Executes(() => Log.Information("ran TryTriggeredByComponent"));
        public Target TryTriggeredByAbsent =>
            _ => _.TryTriggeredBy<IAbsent>().Executes(() => Log.Information("ran TryTriggeredByAbsent"));
        public Target Producer =>
            _ => _.Produces("out/*.zip", "out/*.txt").Executes(() => Log.Information("ran Producer"));
        public Target Consumer => _ => _.Consumes(Producer).Executes(() => Log.Information("ran Consumer"));
        public Target ConsumesSome => _ => _.Consumes(Producer, "out/*.zip");
        public Target ConsumesOnly => _ => _.Consumes<IOnly>().Executes(() => Log.Information("ran ConsumesOnly"));
        public Target ConsumesSomeOfOnly => _ => _.Consumes<IOnly>("part.bin");
        public Target ConsumesNamed =>
            _ => _.Consumes<IComponent>(x => x.First).Executes(() => Log.Information("ran ConsumesNamed"));

        public Target Artifacts =>
            _ =>
                _.DependsOn(Producer, Consumer, ConsumesSome, ConsumesOnly, ConsumesSomeOfOnly)
                    .Executes(() =>
                    {
                        foreach (var target in SucceededTargets.Concat(InvokedTargets).Concat(AllDone))
                        {
                            if (target.Produces.Count > 0)
                                WriteLine($"{target.Name} makes {string.Join(", ", target.Produces)}");
                            foreach (var (producer, patterns) in target.Consumes)
                                WriteLine($"{target.Name} reads {producer}: {string.Join(", ", patterns)}");
                        }
                    });

        private List<ExecutableTarget> AllDone { get; } = [];

        protected internal override void OnBuildInitialized() => AllDone.AddRange(ScheduledTargets);
    }

    public class MissingDependsOn : RecyclicBuild
    {
        public Target Wrong => _ => _.DependsOn<IAbsent>();
    }

    public class MissingTriggers : RecyclicBuild
    {
        public Target Wrong => _ => _.Triggers<IAbsent>(x => x.Absent);
    }

    public class MissingInherit : RecyclicBuild
    {
        public Target Wrong => _ => _.Inherit<IAbsent>();
    }

    public class MissingTwo : RecyclicBuild, IComponent
    {
        public Target Wrong => _ => _.After<IComponent>();
    }

    public class MissingStranger : RecyclicBuild
    {
        public Target Wrong => _ => _.DependsOn(Stranger);

        private static ITargetDefinition Stranger(ITargetDefinition definition) => definition;
    }

    public class MissingNull : RecyclicBuild
    {
        public Target Wrong => _ => _;
        public Target Nothing => null!;
    }

    public class MissingSeveral : RecyclicBuild
    {
        public Target A => _ => _.DependsOn<IAbsent>();
        public Target B => _ => _.Triggers<IAbsent>();
    }
}
