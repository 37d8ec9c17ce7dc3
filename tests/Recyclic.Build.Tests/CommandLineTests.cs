namespace Recyclic.Build.Tests;

public class CommandLineTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("--tag abc", "tag=abc")]
    [TestCase("--tag=abc", "tag=abc")]
    [TestCase("--TAG abc", "tag=abc")]
    [TestCase("--tag=-abc", "tag=-abc")]
    [TestCase("--tag -5", "tag=-5")]
    [TestCase("--tag=a=b", "tag=a=b")]
    [TestCase("--tag=", "tag= ")]
    [TestCase("--tag -", "tag=- ")]
    [TestCase("--count 3", "count=3 ")]
    [TestCase("--count -3", "count=-3 ")]
    [TestCase("--count=-3", "count=-3 ")]
    [TestCase("", "count=7 ")]
    [TestCase("--share 0.25", "share=0.25 ")]
    [TestCase("--share -1.5e3", "share=-1500 ")]
    [TestCase("--stage staging", "stage=Staging")]
    [TestCase("--stage PRODUCTIONEAST", "stage=ProductionEast")]
    [TestCase("--stage production-east", "stage=ProductionEast")]
    [TestCase("--keep-warm", "warm=True")]
    [TestCase("--keep-warm --keep-warm", "warm=True")]
    [TestCase("--no-keep-warm", "warm=False")]
    [TestCase("--keep-warm=false", "warm=False")]
    [TestCase("--keep-warm=1", "warm=True")]
    [TestCase("--keep-warm false", "warm=False")]
    [TestCase("--names a b c", "names=a|b|c ")]
    [TestCase("--names a --count 2 --names b", "names=a|b ")]
    [TestCase("--names a -- show", "names=a ")]
    [TestCase("--names", "names= ")]
    [TestCase("--deploy-timeout 90", "timeout=90 ")]
    [TestCase("--deploy-timeout 1.5", "timeout=1.5 ")]
    [TestCase("--drain-timeout 0", "drain=0 ")]
    [TestCase("--compose-file /a/../b.yml", "file=/b.yml")]
    [TestCase("--label v1", "label=v1 ")]
    [TestCase("--tag abc --no-logo --verbosity minimal", "tag=abc")]
    [TestCase("--target show", "tag= ")]
    [CancelAfter(20_000)]
    public async Task An_option_reaches_its_parameter(string arguments, string expected)
    {
        var run = await _host.RunAsync<SampleBuild>(Split("show " + arguments));
        run.Error.ShouldBe("");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain(expected);
    }

    [TestCase("--tga abc", "unknown option --tga (did you mean --tag?)")]
    [TestCase("-tag abc", "unknown option -tag (did you mean --tag?)")]
    [TestCase("--deploytimeout 5", "unknown option --deploytimeout (did you mean --deploy-timeout?)")]
    [TestCase("--dryrun", "unknown option --dryrun (did you mean --dry-run?)")]
    [TestCase("--zzzzzzzzzz", "unknown option --zzzzzzzzzz\n")]
    [TestCase("--no-count", "unknown option --no-count")]
    [TestCase("shwo", "unknown target shwo (did you mean Show?)")]
    [TestCase("whatever", "unknown target whatever; there are Show, Sources, Leak, Document, BuildImages, PushImages")]
    [TestCase("--skip shwo", "unknown target shwo (did you mean Show?)")]
    [TestCase("--tag", "--tag has no value")]
    [TestCase("--tag --count 3", "--tag has no value\n")]
    [TestCase("--tag -x", "--tag has no value (a value that starts with a dash is written --tag=-x)")]
    [TestCase("--tag a --tag b", "--tag is given twice")]
    [TestCase("--keep-warm --no-keep-warm", "--no-keep-warm is given twice")]
    [TestCase("--count many", "--count: 'many' is not a whole number in range")]
    [TestCase("--count 99999999999", "--count: '99999999999' is not a whole number in range")]
    [TestCase("--share x", "--share: 'x' is not a number")]
    [TestCase(
        "--stage stagign",
        "--stage: 'stagign' is not one of local, staging, production-east (did you mean staging?)"
    )]
    [TestCase("--stage 1", "--stage: '1' is not one of local, staging, production-east")]
    [TestCase("--keep-warm=perhaps", "--keep-warm: 'perhaps' is neither true nor false")]
    [TestCase("--deploy-timeout -5", "--deploy-timeout: '-5' is not a duration (30s, 5m, 1h30m, 0:05:00 or seconds)")]
    [TestCase(
        "--deploy-timeout 5min",
        "--deploy-timeout: '5min' is not a duration (30s, 5m, 1h30m, 0:05:00 or seconds)"
    )]
    [TestCase("--deploy-timeout NaN", "--deploy-timeout: 'NaN' is not a duration (30s, 5m, 1h30m, 0:05:00 or seconds)")]
    [TestCase("--label latest", "--label: 'latest' is not valid: latest moves; name a fixed one")]
    [TestCase("--compose-file=", "--compose-file: '' is not a path")]
    [TestCase("--profile nowhere", "profile nowhere: there is no .nuke/parameters.nowhere.json")]
    [CancelAfter(20_000)]
    public async Task A_mistake_is_refused_before_anything_runs(string arguments, string expected)
    {
        var run = await _host.RunAsync<SampleBuild>(Split("show " + arguments));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
        run.Output.ShouldBe("");
    }

    [Test, CancelAfter(20_000)]
    public async Task All_mistakes_are_listed_at_once()
    {
        _host.Environment["DEPLOY_TIMEOUT"] = "soon";
        var run = await _host.RunAsync<SampleBuild>("shwo", "--tga", "x", "--count", "many");
        run.Error.ShouldBe(
            """
            error: unknown option --tga (did you mean --tag?)
            error: --count: 'many' is not a whole number in range
            error: environment variable DEPLOY_TIMEOUT: 'soon' is not a duration (30s, 5m, 1h30m, 0:05:00 or seconds)
            error: unknown target shwo (did you mean Show?)
            Nothing was run. ./build.sh --help lists targets and options.

            """
        );
    }

    [TestCase("build-images")]
    [TestCase("BuildImages")]
    [TestCase("buildimages")]
    [TestCase("BUILD-IMAGES")]
    [CancelAfter(20_000)]
    public async Task A_target_is_found_whatever_its_case_and_dashes(string name)
    {
        var run = await _host.RunAsync<SampleBuild>(name);
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("building");
    }

    [Test, CancelAfter(20_000)]
    public async Task Without_a_target_the_default_runs_and_without_a_default_the_help_is_printed()
    {
        (await _host.RunAsync<SampleBuild>([], [x => x.Show])).Output.ShouldContain("count=7");
        (await _host.RunAsync<SampleBuild>()).Output.ShouldStartWith("Usage:");
    }

    [Test, CancelAfter(20_000)]
    public async Task The_suggestions_keep_unlisted_targets_to_themselves()
    {
        (await _host.RunAsync<SampleBuild>("hiden")).Error.ShouldNotContain("Hidden");
        (await _host.RunAsync<SampleBuild>("--help")).Output.ShouldNotContain("Hidden");
        (await _host.RunAsync<SampleBuild>("hidden")).Output.ShouldContain("hidden");
    }

    private static string[] Split(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
