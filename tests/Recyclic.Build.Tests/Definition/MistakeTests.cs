namespace Recyclic.Build.Tests.Definition;

/// <summary>What is wrong in a build class is told with class, member and mend before anything runs.</summary>
[CancelAfter(20_000)]
public class MistakeTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task What_looks_like_a_target_and_is_none_is_refused() =>
        await RefusedAsync<Lookalikes>(
            """
            error: Lookalikes.Compile is a field, and a target is a property: write Target Compile => _ => _…
            error: Lookalikes.Clean is static, and a target belongs to one build: leave out static

            """
        );

    [Test]
    public async Task A_static_condition_that_throws_is_told_with_its_target_and_its_text() =>
        await RefusedAsync<Conditions>(
            """
            error: target Any: its condition OnlyWhenStatic(() => Fails(1)) threw InvalidOperationException: no condition
            error: target Other: its condition OnlyWhenStatic(() => Fails(2)) threw InvalidOperationException: no condition

            """,
            "Any",
            "Other"
        );

    [Test]
    public async Task A_definition_that_throws_is_told_with_its_target() =>
        await RefusedAsync<Definitions>(
            """
            error: target Body cannot be defined: InvalidOperationException: no property
            error: target Any cannot be defined: ArgumentOutOfRangeException: retries ('-1') must be a non-negative value. (Parameter 'retries')
            Actual value was -1.

            """
        );

    [Test]
    public async Task A_requirement_that_cannot_be_read_is_told_with_its_target_and_its_cause() =>
        await RefusedAsync<Unreadable>(
            """
            error: target Any cannot read Broken: InvalidOperationException: no settings (caused by FormatException: line 3 is no number)

            """
        );

    [Test]
    public async Task An_enum_that_is_required_is_called_by_its_name() =>
        await RefusedAsync<Enums>(
            """
            error: target Any requires Where == Stage.Staging

            """
        );

    [Test]
    public async Task A_value_must_be_one_of_an_array()
    {
        (await _host.RunAsync<Arrays>("Any", "--region", "eu")).ExitCode.ShouldBe(0);
        await RefusedAsync<Arrays>(
            """
            error: target Any requires Allowed.Contains(Region)

            """,
            "Any",
            "--region",
            "asia"
        );
    }

    [Test]
    public async Task A_build_class_that_cannot_be_created_is_named() =>
        await RefusedAsync<Uncreatable>(
            """
            error: Uncreatable cannot be created, its constructor or an initializer threw InvalidOperationException: no constructor

            """
        );

    [Test]
    public async Task A_failure_is_told_with_what_stands_behind_it()
    {
        var run = await _host.RunAsync<Causes>("Any");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(
            "[ERR] InvalidOperationException: it broke (caused by IOException: no disk (caused by TimeoutException: too late))"
        );
        (await _host.RunAsync<Causes>("Said")).Output.ShouldContain(
            "[ERR] InvalidOperationException: it broke: no disk (caused by TimeoutException: too late)\n"
        );
    }

    private async Task RefusedAsync<T>(string error, params string[] arguments)
        where T : RecyclicBuild, new()
    {
        var run = await _host.RunAsync<T>(arguments.Length > 0 ? arguments : ["Any"]);
        run.Error.ShouldBe(error + "Nothing was run. ./build.sh --help lists targets and options.\n");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBe("");
    }

    public class Lookalikes : RecyclicBuild
    {
        private readonly Target Compile = _ => _.Executes(() => { });

        public static Target Clean => _ => _.Executes(() => { });
        public Target Any => _ => _.DependsOn(Compile);
    }

    public class Conditions : RecyclicBuild
    {
        public Target Any => _ => _.OnlyWhenStatic(() => Fails(1)).Executes(() => WriteLine("ran"));
        public Target Other => _ => _.OnlyWhenStatic(() => Fails(2)).Executes(() => WriteLine("ran"));

        private static bool Fails(int _) => throw new InvalidOperationException("no condition");
    }

    public class Definitions : RecyclicBuild
    {
        public Target Body => throw new InvalidOperationException("no property");
        public Target Any => _ => _.WithRetry(-1);
    }

    public class Unreadable : RecyclicBuild
    {
        private static string Broken =>
            throw new InvalidOperationException("no settings", new FormatException("line 3 is no number"));

        public Target Any => _ => _.Requires(() => Broken).Executes(() => WriteLine("ran"));
    }

    public class Enums : RecyclicBuild
    {
        [Parameter]
        public Stage Where { get; set; }

        public Target Any => _ => _.Requires(() => Where == Stage.Staging).Executes(() => WriteLine("ran"));
    }

    public class Arrays : RecyclicBuild
    {
        private static readonly string[] Allowed = ["eu", "us"];

        [Parameter]
        public string? Region { get; set; }

        public Target Any => _ => _.Requires(() => Allowed.Contains(Region)).Executes(() => { });
    }

    public class Uncreatable : RecyclicBuild
    {
        public Uncreatable() => throw new InvalidOperationException("no constructor");

        public Target Any => _ => _;
    }

    public class Causes : RecyclicBuild
    {
        public Target Any =>
            _ =>
                _.Executes(() =>
                    throw new InvalidOperationException(
                        "it broke",
                        new IOException("no disk", new TimeoutException("too late"))
                    )
                );
        public Target Said =>
            _ =>
                _.Executes(() =>
                    throw new InvalidOperationException(
                        "it broke: no disk",
                        new IOException("no disk", new TimeoutException("too late"))
                    )
                );
    }
}
