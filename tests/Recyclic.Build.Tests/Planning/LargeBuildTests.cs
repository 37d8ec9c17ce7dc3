using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using Recyclic.Build.Planning;
using Recyclic.Build.Running;

namespace Recyclic.Build.Tests.Planning;

/// <summary>Ten thousand targets have a plan in about the time that ten have one, and nothing recurses.</summary>
[CancelAfter(60_000)]
public class LargeBuildTests
{
    private const int Count = 10_000;
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(10);

    [Test]
    public void A_long_chain_has_a_plan()
    {
        var nodes = Nodes(i => i == 0 ? [] : [i - 1]);
        Planned(nodes, Name(Count - 1)).ShouldBe(nodes.Select(n => n.Name));
    }

    [Test]
    public void A_wide_fan_has_a_plan() =>
        Planned(Nodes(i => i < Count - 1 ? [] : Enumerable.Range(0, Count - 1)), Name(Count - 1))
            .Length.ShouldBe(Count);

    [Test]
    public void A_dense_graph_has_a_plan_that_respects_every_edge()
    {
        var nodes = Nodes(i => Enumerable.Range(1, 20).Select(d => i - d * d).Where(d => d >= 0));
        var places = Planned(nodes, [.. nodes.Reverse().Select(n => n.Name)])
            .Select((name, place) => (name, place))
            .ToDictionary(p => p.name, p => p.place);
        nodes.ShouldAllBe(node => node.DependsOn.All(d => places[d] < places[node.Name]));
    }

    [Test]
    public void A_long_chain_of_triggers_has_a_plan()
    {
        TargetNode[] nodes =
        [
            .. Enumerable
                .Range(0, Count)
                .Select(i => new TargetNode(Name(i)) { Triggers = i < Count - 1 ? [Name(i + 1)] : [] }),
        ];
        Planned(nodes, Name(0)).ShouldBe(nodes.Select(n => n.Name));
    }

    [Test]
    public void A_long_chain_is_skipped_from_its_end()
    {
        var nodes = Nodes(i => i == 0 ? [] : [i - 1]);
        var reasons = Within(() => SkipRules.Reasons(nodes, [], [Name(Count - 1)], new Dictionary<string, string>()));
        reasons.Count.ShouldBe(Count);
        reasons[Name(0)].ShouldBe("because of T1");
    }

    [Test]
    public void A_cycle_of_all_targets_is_found()
    {
        var nodes = Nodes(i => [(i + 1) % Count]);
        Within(() => Should.Throw<CircularDependencyException>(() => Planner.Order(nodes, [Name(0)])))
            .Cycle.Length.ShouldBe(Count + 1);
    }

    [Test]
    public void Thousands_of_cycles_are_all_found()
    {
        var nodes = Nodes(i => [i ^ 1]);
        Within(() =>
            Should.Throw<CircularDependencyException>(() => Planner.Order(nodes, [.. nodes.Select(n => n.Name)]))
        )
            .Cycles.Length.ShouldBe(Count / 2);
    }

    [Test]
    public async Task A_build_class_with_ten_thousand_targets_prints_its_plan(CancellationToken cancellationToken)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var host = new TestHost();
        var type = Emitted();
        var world = new BuildHost
        {
            Output = output,
            Error = error,
            WorkingDirectory = host.Root,
            RootDirectory = host.Root,
        };
        var watch = Stopwatch.StartNew();
        var exitCode = await new BuildEntry(type, () => (RecyclicBuild)Activator.CreateInstance(type)!, world).RunAsync(
            [Name(Count - 1), "--plan"],
            [],
            cancellationToken
        );
        watch.Elapsed.ShouldBeLessThan(Ample);
        error.ToString().ShouldBe("");
        exitCode.ShouldBe(0);
        output.ToString().ShouldContain($"{Count}. T9999  -> T9998");
    }

    /// <summary>Makes each target once and keeps it, as a property that is a lambda does.</summary>
    public abstract class Many : RecyclicBuild
    {
        private readonly Target?[] _targets = new Target?[Count];

        public Target At(int i) =>
            _targets[i] ??= i == 0 ? _ => _.Executes(() => { }) : _ => _.DependsOn(At(i - 1)).Executes(() => { });
    }

    private static Type Emitted()
    {
        var module = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName("Emitted"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("Emitted");
        var type = module.DefineType("ManyTargets", TypeAttributes.Public, typeof(Many));
        for (var i = 0; i < Count; i++)
        {
            var getter = type.DefineMethod(
                $"get_{Name(i)}",
                MethodAttributes.Public | MethodAttributes.SpecialName,
                typeof(Target),
                []
            );
            var il = getter.GetILGenerator();
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Call, typeof(Many).GetMethod(nameof(Many.At))!);
            il.Emit(OpCodes.Ret);
            type.DefineProperty(Name(i), PropertyAttributes.None, typeof(Target), null).SetGetMethod(getter);
        }
        return type.CreateType();
    }

    private static TargetNode[] Nodes(Func<int, IEnumerable<int>> dependencies) =>
        [
            .. Enumerable
                .Range(0, Count)
                .Select(i => new TargetNode(Name(i)) { DependsOn = [.. dependencies(i).Select(Name)] }),
        ];

    private static string[] Planned(TargetNode[] nodes, params string[] invoked) =>
        [.. Within(() => Planner.Order(nodes, invoked))];

    private static T Within<T>(Func<T> act)
    {
        var watch = Stopwatch.StartNew();
        var result = act();
        watch.Elapsed.ShouldBeLessThan(Ample);
        return result;
    }

    private static string Name(int i) => $"T{i}";
}
