using Serilog;

namespace Recyclic.Build.Tests.Definition;

[CancelAfter(20_000)]
public class InheritanceTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("Compile", "root middle leaf")]
    [TestCase("Pack", "component pack, own pack")]
    [TestCase("Sign", "component sign, explicit sign")]
    [TestCase("Both", "component pack, component sign, both")]
    [TestCase("Copy", "helper, copy")]
    public async Task A_definition_takes_over_what_it_replaces(string target, string expected)
    {
        var run = await _host.RunAsync<Leaf>(target);
        run.Error.ShouldBe("");
        run.ExitCode.ShouldBe(0);
        run.Output.Split('\n')
            .Where(line => line.Contains("[INF]", StringComparison.Ordinal))
            .Select(line => line.Split("[INF] ")[1])
            .ShouldBe(expected.Contains(',') ? expected.Split(", ") : expected.Split(' '));
    }

    [Test]
    public async Task A_target_that_inherits_from_itself_is_refused()
    {
        var run = await _host.RunAsync<Endless>("Ping");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Ping inherits from itself");
        run.Error.ShouldContain("target Pong inherits from itself");
    }

    [Test]
    public async Task A_target_that_replaces_nothing_has_no_base()
    {
        var run = await _host.RunAsync<Baseless>("Alone");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Alone of Baseless replaces no other, so it has no Base()");
    }

    [Test]
    public async Task A_base_that_may_be_one_of_two_is_to_be_named()
    {
        var run = await _host.RunAsync<TwoBases>("Pack");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("write Inherit<");
        (await _host.RunAsync<TwoBasesNamed>("Pack")).Output.ShouldContain("other pack");
    }

    [Test]
    public async Task A_function_may_return_anything_and_a_task_of_any_kind_is_awaited()
    {
        var run = await _host.RunAsync<Functions>("Number", "Text", "Value", "Generic");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("number");
        run.Output.ShouldContain("text done");
        run.Output.ShouldContain("value done");
        run.Output.ShouldContain("generic failed late");
    }

    [Test]
    public async Task Requires_without_a_value_is_refused()
    {
        var run = await _host.RunAsync<RequiresNothing>("Any");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Any has Requires<String>() without a value");
    }

    public interface IPack : IRecyclicBuild
    {
        Target Pack => _ => _.Executes(() => Log.Information("component pack"));
    }

    public interface IOtherPack : IRecyclicBuild
    {
        Target Pack => _ => _.Executes(() => Log.Information("other pack"));
    }

    public interface ISign : IRecyclicBuild
    {
        Target Sign => _ => _.Executes(() => Log.Information("component sign"));
    }

    public class Root : RecyclicBuild
    {
        public virtual Target Compile => _ => _.Executes(() => Log.Information("root"));
    }

    public class Middle : Root
    {
        public override Target Compile => _ => _.Base().Executes(() => Log.Information("middle"));
    }

    public class Leaf : Middle, IPack, ISign
    {
        public override Target Compile => _ => _.Base().Executes(() => Log.Information("leaf"));
        public Target Pack => _ => _.Base().Executes(() => Log.Information("own pack"));
        Target ISign.Sign => _ => _.Base().Executes(() => Log.Information("explicit sign"));
        public Target Both =>
            _ => _.Inherit<IPack>().Inherit<ISign>(x => x.Sign).Executes(() => Log.Information("both"));
        public Target Helper => _ => _.Executes(() => Log.Information("helper"));
        public Target Copy => _ => _.Inherit(Helper).Executes(() => Log.Information("copy"));
    }

    public class Endless : RecyclicBuild
    {
        public Target Ping => _ => _.Inherit(Pong);
        public Target Pong => _ => _.Inherit(Ping);
    }

    public class Baseless : RecyclicBuild
    {
        public Target Alone => _ => _.Base();
    }

    public class TwoBases : RecyclicBuild, IPack, IOtherPack
    {
        public Target Pack => _ => _.Base();
    }

    public class TwoBasesNamed : RecyclicBuild, IPack, IOtherPack
    {
        public Target Pack => _ => _.Inherit<IOtherPack>();
    }

    public class Functions : RecyclicBuild
    {
        public Target Number =>
            _ =>
                _.Executes(() =>
                {
                    Log.Information("number");
                    return 42;
                });

        public Target Text =>
            _ =>
                _.Executes(async () =>
                {
                    await Task.Yield();
                    Log.Information("text done");
                    return "text";
                });

        public Target Value => _ => _.Executes(ValueAsync);

        public Target Generic => _ => _.After(Value).Executes(GenericAsync);

        private static async ValueTask ValueAsync()
        {
            await Task.Yield();
            Log.Information("value done");
        }

        private static async ValueTask<int> GenericAsync()
        {
            await Task.Yield();
            throw new TargetFailedException("generic failed late");
        }
    }

    public class RequiresNothing : RecyclicBuild
    {
        public Target Any => _ => _.Requires<string>();
    }
}
