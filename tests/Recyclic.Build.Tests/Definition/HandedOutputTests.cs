namespace Recyclic.Build.Tests.Definition;

/// <summary>Outputs that one process sets and another reads, as the jobs of a workflow do.</summary>
[CancelAfter(20_000)]
public class HandedOutputTests
{
    private TestHost _host = null!;
    private string _file = "";

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost();
        _file = _host.Root / "outputs";
        _host.Environment["GITHUB_ACTIONS"] = "true";
        _host.Environment["GITHUB_OUTPUT"] = _file;
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task A_value_arrives_as_it_was_set()
    {
        (await _host.RunAsync<Images>("Make")).ExitCode.ShouldBe(0);
        foreach (var (name, value) in Read())
            _host.Environment[Build.Definition.OutputText.VariableOf(name)] = value;
        var run = await _host.RunAsync<Images>("Use", "--skip");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("[a<<b\nEND\n100 %] 3 1.5 one|two 00:01:30");
    }

    [Test]
    public async Task A_value_that_holds_a_secret_is_kept_back_with_a_warning()
    {
        _host.Environment["API_KEY"] = "s3cret-value";
        var run = await _host.RunAsync<Images>("Leak");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("the output Leaked holds a secret, so it is not handed on");
        Read().ShouldBeEmpty();
    }

    [Test]
    public async Task A_value_that_GitHub_would_not_hand_on_is_kept_back_with_a_warning()
    {
        var run = await _host.RunAsync<Images>("Fill");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain(
            "the output Large has 500000 characters, and GitHub hands on 524288 of a job's outputs at most: write it to a file, and let the target produce that"
        );
        Read().Keys.ShouldBe(["Small"]);
    }

    [Test]
    public async Task A_target_that_fails_or_runs_dry_hands_nothing_on()
    {
        (await _host.RunAsync<Images>("Break")).ExitCode.ShouldBe(1);
        (await _host.RunAsync<Images>("Make", "--dry-run")).ExitCode.ShouldBe(0);
        Read().ShouldBeEmpty();
    }

    [Test]
    public async Task A_value_that_is_none_is_named_with_its_variable()
    {
        _host.Environment["RECYCLIC_OUTPUT_TEXT"] = "text";
        _host.Environment["RECYCLIC_OUTPUT_COUNT"] = "many";
        var run = await _host.RunAsync<Images>("Use", "--skip");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("the value of the output Count in RECYCLIC_OUTPUT_COUNT is");
    }

    [Test]
    public async Task A_value_of_this_run_counts_more_than_one_from_outside()
    {
        _host.Environment["RECYCLIC_OUTPUT_COUNT"] = "9";
        (await _host.RunAsync<Images>("Use")).Output.ShouldContain("] 3 1.5");
    }

    [Test]
    public async Task Where_a_file_of_variables_is_named_each_value_is_one_line_of_it_and_arrives_as_it_was_set()
    {
        _host.Environment.Remove("GITHUB_ACTIONS");
        _host.Environment["RECYCLIC_OUTPUTS_FILE"] = "out/variables.env";
        (await _host.RunAsync<Images>("Make")).ExitCode.ShouldBe(0);
        var lines = File.ReadAllLines(_host.Root / "out" / "variables.env");
        lines.ShouldContain("RECYCLIC_OUTPUT_COUNT=3");
        foreach (var line in lines)
            _host.Environment[line.Split('=', 2)[0]] = line.Split('=', 2)[1];
        _host.Environment.Remove("RECYCLIC_OUTPUTS_FILE");
        var run = await _host.RunAsync<Images>("Use", "--skip");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("[a<<b\nEND\n100 %] 3 1.5 one|two 00:01:30");
    }

    [Test]
    public async Task A_file_of_variables_holds_no_secret()
    {
        _host.Environment.Remove("GITHUB_ACTIONS");
        _host.Environment["RECYCLIC_OUTPUTS_FILE"] = "variables.env";
        _host.Environment["API_KEY"] = "s3cret-value";
        var run = await _host.RunAsync<Images>("Leak");
        run.Output.ShouldContain("the output Leaked holds a secret, so it is not handed on");
        File.Exists(_host.Root / "variables.env").ShouldBeFalse();
    }

    [Test]
    public async Task A_value_that_is_no_Base64_is_named_with_its_variable()
    {
        _host.Environment["RECYCLIC_OUTPUT_TEXT_BASE64"] = "?";
        var run = await _host.RunAsync<Images>("Use", "--skip");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("the value of the output Text in RECYCLIC_OUTPUT_TEXT_BASE64 is no Base64");
    }

    private Dictionary<string, string> Read()
    {
        var found = new Dictionary<string, string>();
        if (!File.Exists(_file))
            return found;
        var lines = File.ReadAllText(_file).Split('\n');
        for (var i = 0; i < lines.Length - 1; i++)
        {
            var (name, mark) = (lines[i].Split("<<")[0], lines[i].Split("<<")[1]);
            var end = Array.IndexOf(lines, mark, i + 1);
            found.Add(name, string.Join('\n', lines[(i + 1)..end]));
            i = end;
        }
        return found;
    }

    private sealed class Images : RecyclicBuild
    {
        [Parameter, Secret]
        public string? ApiKey { get; set; }

        private Output<string> Text => GetOutput<string>();
        private Output<int> Count => GetOutput<int>();
        private Output<double> Share => GetOutput<double>();
        private Output<string[]> Names => GetOutput<string[]>();
        private Output<TimeSpan> Took => GetOutput<TimeSpan>();
        private Output<string> Leaked => GetOutput<string>();
        private Output<string> Small => GetOutput<string>();
        private Output<string> Large => GetOutput<string>();
        private Output<string> Never => GetOutput<string>();

        public Target Make =>
            _ =>
                _.Outputs(Text, Count, Share, Names, Took)
                    .Executes(() =>
                    {
                        Text.Set("a<<b\nEND\n100 %");
                        Count.Set(3);
                        Share.Set(1.5);
                        Names.Set(["one", "two"]);
                        Took.Set(TimeSpan.FromSeconds(90));
                    });

        public Target Use =>
            _ =>
                _.DependsOn(Make)
                    .Executes(() =>
                        WriteLine(
                            FormattableString.Invariant(
                                $"[{Text.Value}] {Count.Value} {Share.Value} {string.Join('|', Names.Value)} {Took.Value}"
                            )
                        )
                    );

        public Target Leak => _ => _.Outputs(Leaked).Executes(() => Leaked.Set($"key {ApiKey}"));

        public Target Fill =>
            _ =>
                _.Outputs(Small, Large)
                    .Executes(() =>
                    {
                        Small.Set(new string('a', 30_000));
                        Large.Set(new string('b', 500_000));
                    });

        public Target Break =>
            _ =>
                _.Outputs(Never)
                    .Executes(() =>
                    {
                        Never.Set("x");
                        throw new InvalidOperationException("broken");
                    });
    }
}
