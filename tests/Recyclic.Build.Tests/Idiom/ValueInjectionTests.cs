using System.Reflection;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>An attribute of one's own makes the value of a member, before anything is required of it.</summary>
[CancelAfter(20_000)]
public class ValueInjectionTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task Fields_properties_and_members_of_components_get_their_values()
    {
        var run = await _host.RunAsync<FilledBuild>("Show", "--prefix", "x");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain("x:Field x:Property x:Shared x:Component 42");
    }

    [Test]
    public async Task A_value_can_be_required_and_one_that_is_null_is_missing()
    {
        (await _host.RunAsync<FilledBuild>("Needs")).ExitCode.ShouldBe(0);
        var run = await _host.RunAsync<FilledBuild>("NeedsNothing");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target NeedsNothing requires a value for Nothing");
    }

    [Test]
    public async Task A_secret_value_is_printed_nowhere()
    {
        var run = await _host.RunAsync<FilledBuild>("Leak");
        run.Output.ShouldContain("the token is ***");
        run.Output.ShouldNotContain("t0ken");
    }

    [Test]
    public async Task The_one_with_the_higher_priority_is_made_first()
    {
        FilledBuild.Made.Value = [];
        await _host.RunAsync<FilledBuild>("Show");
        FilledBuild.Made.Value[0].ShouldBe("Later");
        FilledBuild.Made.Value[^1].ShouldBe("Component");
        FilledBuild.Made.Value.Order().ShouldBe(["Component", "Field", "Later", "Property", "Shared"]);
    }

    [Test]
    public async Task What_an_attribute_throws_names_member_and_attribute_and_nothing_runs()
    {
        var run = await _host.RunAsync<ThrowingBuild>("Nop");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            "error: ThrowingBuild.Value cannot be filled by [Throwing]: IOException: the disk is full"
        );
        run.Error.ShouldContain("Nothing was run");
    }

    [Test]
    public async Task The_help_comes_all_the_same() =>
        (await _host.RunAsync<ThrowingBuild>("--help")).ExitCode.ShouldBe(0);

    [Test]
    public async Task A_member_that_cannot_hold_the_value_is_refused_with_its_mend()
    {
        var run = await _host.RunAsync<MistakenBuild>("Nop");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            "MistakenBuild.Number cannot be filled by [Echo], which makes a string: give the member that type, not int"
        );
        run.Error.ShouldContain(
            "MistakenBuild.Body cannot be filled by [Echo]: it has a body and no setter: write string Body { get; set; }"
        );
        run.Error.ShouldContain(
            "MistakenBuild.Shared cannot be filled by [Echo]: it is static, and a value belongs to one run: leave out static"
        );
        run.Error.ShouldContain("MistakenBuild.Both has both [Echo] and [Parameter]: leave one of them out");
        run.Error.ShouldContain("MistakenBuild.Twice has both [Echo] and [Throwing]: leave one of them out");
    }

    public class EchoAttribute : ValueInjectionAttributeBase
    {
        public int Rank { get; set; }

        public override int Priority => Rank;

        public override object? GetValue(MemberInfo member, object instance)
        {
            FilledBuild.Made.Value?.Add(member.Name);
            return $"{(instance as FilledBuild)?.Prefix}:{member.Name}";
        }
    }

    public sealed class NumberAttribute : ValueInjectionAttributeBase
    {
        public override object? GetValue(MemberInfo member, object instance) => 42;
    }

    public sealed class NothingAttribute : ValueInjectionAttributeBase
    {
        public override object? GetValue(MemberInfo member, object instance) => null;
    }

    public sealed class TokenAttribute : ValueInjectionAttributeBase
    {
        public override object? GetValue(MemberInfo member, object instance) => "t0ken-t0ken";
    }

    public sealed class ThrowingAttribute : ValueInjectionAttributeBase
    {
        public override object? GetValue(MemberInfo member, object instance) =>
            throw new IOException("the disk is full");
    }

    public interface IShare : IRecyclicBuild
    {
        [Echo]
        string? Component => TryGetValue(() => Component);

        [Echo]
        string? Shared => TryGetValue(() => Shared);
    }

    public class FilledBuild : RecyclicBuild, IShare
    {
        public static readonly AsyncLocal<List<string>?> Made = new();

        [Parameter]
        public string Prefix { get; set; } = "";

        [Echo]
        private readonly string Field = "";

        [Echo]
        public string Property { get; } = "";

        [Echo]
        public string Shared { get; set; } = "";

        [Echo(Rank = 1)]
        public string Later { get; set; } = "";

        [Number]
        public int? Number { get; set; }

        [Nothing]
        public string? Nothing { get; set; }

        [Token, Secret]
        public string Token { get; set; } = "";

        public Target Show =>
            _ =>
                _.Executes(() =>
                    WriteLine(
                        $"{Field} {Property} {((IShare)this).TryGetValue(() => ((IShare)this).Shared)} {((IShare)this).Component} {Number}"
                    )
                );

        public Target Needs => _ => _.Requires(() => Field).Executes(() => { });

        public Target NeedsNothing => _ => _.Requires(() => Nothing).Executes(() => { });

        public Target Leak => _ => _.Executes(() => WriteLine($"the token is {Token}"));
    }

    public class ThrowingBuild : RecyclicBuild
    {
        [Throwing]
        public string? Value { get; set; }

        public Target Nop => _ => _.Executes(() => { });
    }

    public class MistakenBuild : RecyclicBuild
    {
        [Echo]
        public int Number { get; set; }

        [Echo]
        public string Body => "";

        [Echo]
        public static string Shared { get; set; } = "";

        [Echo, Parameter]
        public string? Both { get; set; }

        [Echo, Throwing]
        public string? Twice { get; set; }

        public Target Nop => _ => _.Executes(() => { });
    }
}
