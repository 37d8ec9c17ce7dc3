namespace Recyclic.Build.Tests;

[CancelAfter(20_000)]
public class ParameterSourceTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task Each_source_gives_way_to_the_one_before_it()
    {
        (await ShowAsync()).ShouldContain("count=7 ");
        _host.File("parameters.json", """{ "$schema": "./build.schema.json", "Count": 1, "Profile": "eu" }""");
        (await _host.RunAsync<SampleBuild>("show")).Output.ShouldContain("count=1 ");
        _host.File("parameters.eu.json", """{ "Count": 2 }""");
        (await ShowAsync("--profile", "eu")).ShouldContain("count=2 ");
        _host.File("parameters.us.json", """{ "count": "3" }""");
        (await ShowAsync("--profile", "eu", "us")).ShouldContain("count=3 ");
        _host.Environment["RECYCLIC_COUNT"] = "4";
        (await ShowAsync("--profile", "eu")).ShouldContain("count=4 ");
        (await ShowAsync("--count", "5")).ShouldContain("count=5 ");
    }

    [Test]
    public async Task A_variable_of_one_word_is_read_only_with_the_prefix()
    {
        _host.Environment["TAG"] = "stray";
        (await ShowAsync()).ShouldContain("tag= ");
        _host.Environment["RECYCLIC_TAG"] = "meant";
        (await ShowAsync()).ShouldContain("tag=meant ");
    }

    [Test]
    public async Task A_variable_of_several_words_is_read_with_and_without_the_prefix()
    {
        _host.Environment["DEPLOY_TIMEOUT"] = "11";
        (await ShowAsync()).ShouldContain("timeout=11 ");
        _host.Environment["RECYCLIC_DEPLOY_TIMEOUT"] = "12";
        (await ShowAsync()).ShouldContain("timeout=12 ");
    }

    [Test]
    public async Task An_empty_variable_counts_as_unset()
    {
        _host.Environment["RECYCLIC_COUNT"] = "";
        (await ShowAsync()).ShouldContain("count=7 ");
    }

    [Test]
    public async Task A_list_in_the_environment_is_separated_by_spaces_and_in_a_file_it_is_an_array()
    {
        _host.File("parameters.json", """{ "Names": ["a b", "c"] }""");
        (await ShowAsync()).ShouldContain("names=a b|c ");
        _host.Environment["RECYCLIC_NAMES"] = "x  y";
        (await ShowAsync()).ShouldContain("names=x|y ");
    }

    [Test]
    public async Task A_component_can_tell_a_given_value_from_a_default()
    {
        (await _host.RunAsync<SampleBuild>("sources")).Output.ShouldContain("Default False");
        _host.Environment["RECYCLIC_TAG"] = "x";
        (await _host.RunAsync<SampleBuild>("sources", "--count", "1")).Output.ShouldContain("CommandLine True");
        _host.File("parameters.json", """{ "Count": 1 }""");
        (await _host.RunAsync<SampleBuild>("sources")).Output.ShouldContain("ParametersFile True");
    }

    [TestCase(
        "{ \"Count\": 1,\n  \"Tgo\": 2 }",
        ".nuke/parameters.json:2:3: unknown parameter \"Tgo\" (did you mean Tag?)"
    )]
    [TestCase("{ \"Count\": 1,\n \"Count\": 2 }", ".nuke/parameters.json:2:2: \"Count\" is given twice")]
    [TestCase("{ \"Count\": \"many\" }", ".nuke/parameters.json:1:3: \"Count\": 'many' is not a whole number in range")]
    [TestCase(
        "{ \"Count\": { \"a\": 1 } }",
        ".nuke/parameters.json:1:3: \"Count\" must be a string, a number, true, false or an array of these"
    )]
    [TestCase("{ \"Names\": [ [1] ] }", ".nuke/parameters.json:1:3: \"Names\" must be")]
    [TestCase("{ \"Count\": [1, 2] }", "'1 2' is several values, but takes one")]
    [TestCase("{\n  \"Count\" 1 }", ".nuke/parameters.json:2:11: ")]
    [TestCase("{ \"Count\": 1", ".nuke/parameters.json:1:")]
    [TestCase("{ \"Count\": 1 } x", ".nuke/parameters.json:1:16: ")]
    [TestCase("[]", ".nuke/parameters.json:1:1: expected an object")]
    [TestCase("{ \"Help\": true }", "unknown parameter \"Help\"")]
    public async Task A_mistake_in_a_file_is_refused_with_its_place(string json, string expected)
    {
        _host.File("parameters.json", json);
        var run = await _host.RunAsync<SampleBuild>("show");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
        run.Output.ShouldBe("");
    }

    [Test]
    public async Task A_relative_path_on_the_command_line_starts_where_the_caller_stands() =>
        (await ShowAsync("--compose-file", "a/b.yml")).ShouldContain($"file={_host.Root / "a" / "b.yml"} ");

    [Test]
    public async Task A_parameter_declared_twice_is_refused()
    {
        var run = await _host.RunAsync<TwiceBuild>("--help");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("parameter --tag is declared twice, by TwiceBuild and by ISample");
    }

    private async Task<string> ShowAsync(params string[] arguments)
    {
        var run = await _host.RunAsync<SampleBuild>(["show", .. arguments]);
        run.Error.ShouldBe("");
        return run.Output;
    }

    public class TwiceBuild : RecyclicBuild, ISample
    {
        [Parameter(Name = "tag")]
        public string? Other { get; set; }
    }
}
