namespace Recyclic.Build.Tests.Parameters;

/// <summary>A value that is accepted arrives; where it could not, the build class is refused.</summary>
[CancelAfter(20_000)]
public class ParameterRulesTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task A_class_and_its_component_agree_on_the_type_of_a_parameter()
    {
        var run = await _host.RunAsync<OtherType>("Show", "--tag", "abc1234");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            "error: parameter --tag: OtherType.Tag is of type string, and ITagged.Tag of type Version, so its value would be lost on the way: give OtherType.Tag the type Version, or another name\n"
        );
        run.Output.ShouldBe("");
    }

    [Test]
    public async Task What_may_be_absent_in_one_of_them_is_the_same_type()
    {
        var run = await _host.RunAsync<SameType>("Show", "--tag", "1.2.3", "--retries", "4");
        run.Error.ShouldBe("");
        run.Output.ShouldContain("component: 1.2.3 4");
        run.Output.ShouldContain("class: 1.2.3 4");
    }

    [Test]
    public async Task A_component_does_not_get_what_was_given_for_another_ones_member_of_that_name()
    {
        var run = await _host.RunAsync<TwoPasswords>("Show", "--mail-password", "m");
        run.Error.ShouldBe("");
        run.Output.ShouldContain("mail=m store= ");
    }

    [Test]
    public async Task A_parameter_that_hides_the_one_of_a_base_class_is_refused_and_one_that_overrides_it_is_not()
    {
        var hiding = await _host.RunAsync<Hiding>("Show");
        hiding.ExitCode.ShouldBe(2);
        hiding.Error.ShouldContain(
            "Hiding.Region hides the parameter Parent.Region, which would never get its value: override it, or give one of them another name"
        );
        (await _host.RunAsync<Overriding>("Show", "--region", "eu")).Output.ShouldContain("region=eu ");
    }

    [Test]
    public async Task Each_member_that_cannot_hold_a_value_is_named_with_its_mend()
    {
        var run = await _host.RunAsync<Unfit>("Any");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldBe(
            """
            error: Unfit.Body cannot be a parameter: it has a body and no setter, so nothing can be put into it: write string Body { get; set; }
            error: Unfit.Shared cannot be a parameter: it is static, and a value belongs to one run: leave out static
            error: Unfit.Names cannot be a parameter: a list is an array: write string[] instead of List<string>
            error: Unfit.Labels cannot be a parameter: Dictionary<string, string> has no static Parse or TryParse and no type converter: give it one, or take a string
            error: Unfit.Opaque cannot be a parameter: Opaque has no static Parse or TryParse and no type converter: give it one, or take a string
            error: Unfit.Table cannot be a parameter: int[] has no static Parse or TryParse and no type converter: give it one, or take a string
            error: IUnfit.Common cannot be a parameter: it is static, and a value belongs to one run: leave out static
            Nothing was run. ./build.sh --help lists targets and options.

            """
        );
    }

    [Test]
    public async Task A_parameter_that_every_build_has_is_refused()
    {
        var run = await _host.RunAsync<Helpful>("Any");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldBe(
            "error: parameter --help is declared twice, by Helpful and by the host: give Helpful.Help another name, or a Name in its [Parameter]\nNothing was run. ./build.sh --help lists targets and options.\n"
        );
    }

    [Test]
    public async Task A_generic_build_class_gets_its_values_as_any_other() =>
        (await _host.RunAsync<Generic<Version>>("Show", "--value", "1.2")).Output.ShouldContain("value=1.2");

    [Test]
    public async Task A_property_with_a_setter_of_its_own_holds_a_value() =>
        (await _host.RunAsync<Setters>("Show", "--tag", "abc", "--trimmed", " x ")).Output.ShouldContain("abc! <x>");

    public sealed class Helpful : RecyclicBuild
    {
        [Parameter]
        public string? Help { get; set; }
        public Target Any => _ => _.Executes(() => { });
    }

    public sealed class Generic<T> : RecyclicBuild
    {
        [Parameter]
        public T? Value { get; set; }
        public Target Show => _ => _.Executes(() => WriteLine($"value={Value}"));
    }

    public interface ITagged : IRecyclicBuild
    {
        [Parameter]
        Version? Tag => TryGetValue(() => Tag);

        [Parameter]
        int? Retries => TryGetValue(() => Retries);

        Target Show => _ => _.Executes(() => WriteLine($"component: {Tag} {Retries}"));
    }

    public class OtherType : RecyclicBuild, ITagged
    {
        [Parameter]
        public string? Tag { get; set; }
    }

    public class SameType : RecyclicBuild, ITagged
    {
        [Parameter]
        private Version? Tag { get; set; }

        [Parameter]
        private int Retries { get; set; }

        public Target Own => _ => _.DependentFor<ITagged>().Executes(() => WriteLine($"class: {Tag} {Retries}"));
    }

    [ParameterPrefix("Mail")]
    public interface IMail : IRecyclicBuild
    {
        [Parameter]
        string? Password => TryGetValue(() => Password);
    }

    [ParameterPrefix("Store")]
    public interface IStore : IRecyclicBuild
    {
        [Parameter]
        string? Password => TryGetValue(() => Password);
    }

    public class TwoPasswords : RecyclicBuild, IMail, IStore
    {
        public Target Show =>
            _ => _.Executes(() => WriteLine($"mail={((IMail)this).Password} store={((IStore)this).Password} "));
    }

    public class Parent : RecyclicBuild
    {
        [Parameter]
        public virtual string? Region { get; set; }

        public Target Show => _ => _.Executes(() => WriteLine($"region={Region} "));
    }

    public class Hiding : Parent
    {
        [Parameter]
        public new string? Region { get; set; }
    }

    public class Overriding : Parent
    {
        [Parameter]
        public override string? Region { get; set; }
    }

    public interface IUnfit : IRecyclicBuild
    {
        [Parameter]
        static string Common => "";
    }

    public class Unfit : RecyclicBuild, IUnfit
    {
        [Parameter]
        public string Body => "fixed";

        [Parameter]
        public static string Shared { get; set; } = "";

        [Parameter]
        public List<string> Names { get; set; } = [];

        [Parameter]
        public Dictionary<string, string> Labels { get; set; } = [];

        [Parameter]
        public Opaque? Opaque { get; set; }

        [Parameter]
        public int[][] Table { get; set; } = [];

        public Target Any => _ => _;
    }

    public sealed class Opaque;

    public class Setters : RecyclicBuild
    {
        private string _tag = "";

        [Parameter]
        public string Tag
        {
            get => _tag;
            set => _tag = value + "!";
        }

        [Parameter]
        public string Trimmed
        {
            get;
            set => field = value.Trim();
        } = "";

        public Target Show => _ => _.Executes(() => WriteLine($"{Tag} <{Trimmed}>"));
    }
}
