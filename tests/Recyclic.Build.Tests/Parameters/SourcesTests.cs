using System.Text.RegularExpressions;

namespace Recyclic.Build.Tests.Parameters;

/// <summary>Which source counts, and how the user gets to know.</summary>
[CancelAfter(20_000)]
public class SourcesTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task Verbose_output_tells_where_every_value_comes_from()
    {
        _host.File("parameters.json", """{ "Region": "eu" }""").File("parameters.prod.json", "{\n  \"Retries\": 4\n}");
        _host.Environment["DEPLOY_TIMEOUT"] = "90s";
        _host.Environment["RECYCLIC_REGISTRY_PASSWORD"] = "s3cr3t value";
        var run = await _host.RunAsync<Sources>("Show", "--tag", "abc", "--profile", "prod", "--verbosity", "verbose");
        run.Error.ShouldBe("");
        string[] expected =
        [
            "parameter --tag = abc  (command line)",
            "parameter --deploy-timeout = 90  (environment variable DEPLOY_TIMEOUT)",
            "parameter --registry-password = ***  (environment variable RECYCLIC_REGISTRY_PASSWORD)",
            "parameter --region = eu  (.nuke/parameters.json:1:3)",
            "parameter --retries = 4  (.nuke/parameters.prod.json:2:3)",
            "parameter --count = 7  (default)",
            "parameter --profile = prod  (command line)",
        ];
        var lines = Regex.Replace(run.Output, " +=", " =");
        foreach (var line in expected)
            lines.ShouldContain(line);
        run.Output.ShouldNotContain("s3cr3t");
        (await _host.RunAsync<Sources>("Show", "--tag", "abc")).Output.ShouldNotContain("parameter --tag");
    }

    [Test]
    public async Task A_long_value_is_cut_in_verbose_output() =>
        (
            await _host.RunAsync<Sources>("Show", "--tag", new string('x', 10_000), "--verbosity", "verbose")
        ).Output.Length.ShouldBeLessThan(15_000);

    [TestCase("TAG", "the environment variable TAG is set, but --tag is not read from it: use RECYCLIC_TAG")]
    [TestCase(
        "REGION",
        "the environment variable REGION is set, but --region is not read from it: use RECYCLIC_REGION"
    )]
    public async Task A_bare_variable_of_one_word_is_ignored_with_a_warning(string variable, string warning)
    {
        _host.Environment[variable] = "stray";
        var run = await _host.RunAsync<Sources>("Show");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("[WRN] " + warning);
        run.Output.ShouldContain("tag= region= ");
    }

    [Test]
    public async Task No_warning_when_the_value_is_given_or_the_variable_is_everywhere()
    {
        _host.Environment["TAG"] = "stray";
        _host.Environment["HOME"] = "/root";
        _host.Environment["VERBOSITY"] = "9";
        (await _host.RunAsync<Sources>("Show", "--tag", "x")).Output.ShouldNotContain("[WRN]");
    }

    [Test]
    public async Task A_parameter_may_ask_for_a_bare_variable()
    {
        _host.Environment["VERSION"] = "1.2";
        var run = await _host.RunAsync<Sources>("Show");
        run.Output.ShouldContain("release=1.2");
        run.Output.ShouldNotContain("[WRN]");
        _host.Environment["RECYCLIC_RELEASE"] = "2";
        (await _host.RunAsync<Sources>("Show")).Output.ShouldContain("release=2");
    }

    [Test]
    public async Task The_last_profile_wins_whichever_way_they_are_given()
    {
        _host
            .File("parameters.a.json", """{ "Region": "a", "Tag": "a" }""")
            .File("parameters.b.json", """{ "Region": "b" }""");
        (await _host.RunAsync<Sources>("Show", "--profile", "a", "b")).Output.ShouldContain("tag=a region=b ");
        (await _host.RunAsync<Sources>("Show", "--profile", "b", "--profile", "a")).Output.ShouldContain(
            "tag=a region=a "
        );
        _host.Environment["RECYCLIC_PROFILE"] = "b a";
        (await _host.RunAsync<Sources>("Show")).Output.ShouldContain("tag=a region=a ");
    }

    [TestCase("prodd", "profile prodd: there is no .nuke/parameters.prodd.json (did you mean prod?)")]
    [TestCase("elsewhere", "profile elsewhere: there is no .nuke/parameters.elsewhere.json; there are prod, test")]
    [TestCase("../prod", "profile ../prod: a name has letters, digits, '-', '_' and '.'")]
    public async Task An_unknown_profile_is_refused(string profile, string expected)
    {
        _host.File("parameters.prod.json", "{}").File("parameters.test.json", "{}");
        var run = await _host.RunAsync<Sources>("Show", "--profile", profile);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
    }

    [TestCase("_registryPasword", "did you mean RegistryPassword?")]
    [TestCase("LiveTokn", "did you mean LiveToken?")]
    public async Task An_unknown_key_of_a_file_is_likened_to_one_that_a_file_may_have(string key, string expected)
    {
        _host.File("parameters.json", $$"""{ "{{key}}": "x" }""");
        (await _host.RunAsync<Sources>("Show")).Error.ShouldContain(expected);
    }

    [Test]
    public async Task A_prefix_begins_the_names_of_a_components_parameters()
    {
        _host.Environment["STAGING_TOKEN"] = "b";
        var run = await _host.RunAsync<Sources>("Show", "--live-token", "a");
        run.Output.ShouldContain("live=a staging=b");
        (await _host.RunAsync<Sources>("Show", "--token", "a")).Error.ShouldContain("unknown option --token");
    }

    [Test]
    public async Task A_parameter_that_is_not_listed_works_and_is_not_shown()
    {
        (await _host.RunAsync<Sources>("Show", "--secret-door", "x")).ExitCode.ShouldBe(0);
        (await _host.RunAsync<Sources>("--help")).Output.ShouldNotContain("secret-door");
        (await _host.RunAsync<Sources>("Show", "--secret-dor", "x")).Error.ShouldNotContain("did you mean");
    }

    [Test]
    public async Task All_names_given_twice_and_names_that_nobody_can_type_are_told_at_once()
    {
        var run = await _host.RunAsync<Twins>("Any");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("parameter --image-tag is declared twice, by Twins and by Twins");
        run.Error.ShouldContain("parameter --plan is declared twice, by Twins and by the host");
        run.Error.ShouldContain(
            "Twins.Odd cannot be a parameter called 'odd name': letters, digits and dashes, no dash first"
        );
    }

    [ParameterPrefix("LivePrefix")]
    public interface ILive : IRecyclicBuild
    {
        [Parameter]
        string? Token => TryGetValue(() => Token);
    }

    [ParameterPrefix("Staging")]
    public interface IStaging : IRecyclicBuild
    {
        [Parameter]
        string? Token => TryGetValue(() => Token);
    }

    public class Sources : RecyclicBuild, ILive, IStaging
    {
        [Parameter]
        public string? Tag { get; set; }

        [Parameter]
        public string? Region { get; set; }

        [Parameter]
        public int? Retries { get; set; }

        [Parameter]
        public int Count { get; set; } = 7;

        [Parameter]
        public string? Home { get; set; }

        [Parameter(EnvironmentVariable = "VERSION")]
        public string? Release { get; set; }

        [Parameter(List = false)]
        public string? SecretDoor { get; set; }

        [Parameter]
        public TimeSpan? DeployTimeout { get; set; }

        [Parameter, Secret]
        public string? RegistryPassword { get; set; }

        public Target Show =>
            _ =>
                _.Executes(() =>
                    WriteLine(
                        $"tag={Tag} region={Region} release={Release} live={((ILive)this).Token} staging={((IStaging)this).Token} home={Home}"
                    )
                );
    }

    public class Twins : RecyclicBuild
    {
        [Parameter]
        public string? ImageTag { get; set; }

        [Parameter(Name = "image-tag")]
        public string? Other { get; set; }

        [Parameter(Name = "plan")]
        public string? Intent { get; set; }

        [Parameter(Name = "odd name")]
        public string? Odd { get; set; }

        public Target Any => _ => _;
    }
}
