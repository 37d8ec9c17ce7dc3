using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Workflows.Checking;
using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// Pins of actions: moved by bots in the files, kept by the build; and what the pinned actions take and give.
/// </summary>
[CancelAfter(60_000)]
public partial class PinTests
{
    private const string Newer = "0123456789abcdef0123456789abcdef01234567";

    private AbsolutePath _root = null!;

    private string Ci => Path.Combine(_root, ".github", "workflows", "ci.yml");

    private string Pins => Path.Combine(_root, ".github", "action-pins.json");

    [SetUp]
    public async Task GenerateAsync()
    {
        _root = Directory.CreateTempSubdirectory("recyclic-pins-").FullName;
        (await RunAsync()).ExitCode.ShouldBe(0);
    }

    [TearDown]
    public void Clean() => Directory.Delete(_root, recursive: true);

    [Test]
    public void Every_input_that_is_written_is_one_that_the_pinned_action_has_and_none_that_it_needs_is_missing()
    {
        var known = PinnedActions();
        known.Keys.ShouldBe(Actions.Pins.Select(pin => $"{pin.Action}@{pin.Commit}"), ignoreOrder: true);
        var used = Files()
            .SelectMany(file => Invariants.Root(file.Text)["jobs"].AllNodes.OfType<YamlMappingNode>())
            .Where(step => step.Children.ContainsKey("uses") && step["uses"].ToString().Contains('@'))
            .ToList();
        used.Count.ShouldBeGreaterThan(20);
        foreach (var step in used)
        {
            var uses = step["uses"].ToString();
            known.Keys.ShouldContain(uses);
            var inputs = (YamlMappingNode)known[uses]["inputs"];
            var written = step.Children.TryGetValue("with", out var with)
                ? ((YamlMappingNode)with).Children.Keys.Select(key => key.ToString()).ToList()
                : [];
            written.Except(inputs.Children.Keys.Select(key => key.ToString())).ShouldBeEmpty(uses);
            var needed = inputs
                .Children.Where(input =>
                    input.Value["required"].ToString() == "true" && input.Value["default"].ToString() == "false"
                )
                .Select(input => input.Key.ToString());
            needed.Except(written).ShouldBeEmpty(uses);
        }
    }

    /// <summary>
    /// An expression reads an output of a step by the step's id: the build's own steps alone have one.
    /// </summary>
    [Test]
    public void Every_output_that_is_read_is_one_that_its_step_sets()
    {
        var known = PinnedActions();
        foreach (var (path, text) in Files())
        foreach (var job in ((YamlMappingNode)Invariants.Root(text)["jobs"]).Children.Values.Cast<YamlMappingNode>())
        {
            var steps = job.Children.TryGetValue("steps", out var list)
                ? ((YamlSequenceNode)list)
                    .Cast<YamlMappingNode>()
                    .Where(step => step.Children.ContainsKey("id"))
                    .ToDictionary(step => step["id"].ToString())
                : [];
            foreach (
                Match read in StepOutput()
                    .Matches(string.Join('\n', job.AllNodes.OfType<YamlScalarNode>().Select(node => node.Value)))
            )
            {
                steps.Keys.ShouldContain(read.Groups["step"].Value, path);
                if (!steps[read.Groups["step"].Value].Children.TryGetValue("uses", out var uses))
                    continue;
                ((YamlSequenceNode)known[uses.ToString()]["outputs"])
                    .Select(output => output.ToString())
                    .ShouldContain(read.Groups["output"].Value, path);
            }
        }
    }

    [Test]
    public void Every_pinned_action_runs_on_a_runtime_that_stays() =>
        PinnedActions().Values.ShouldAllBe(action => action["runs"]["using"].ToString() == "node24");

    [Test]
    public async Task A_pin_that_a_bot_moved_passes_the_check_and_stays()
    {
        Move(Newer + " # v7.1.0");
        var check = await RunAsync("--check");
        check.ExitCode.ShouldBe(0, check.Output);
        check.Output.ShouldContain("actions/checkout was moved to v7.1.0 in the files: ./build.sh Workflows keeps it");

        var run = await RunAsync();

        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("kept, in .github/action-pins.json");
        File.ReadAllText(Ci).ShouldContain($"actions/checkout@{Newer} # v7.1.0");
        Directory
            .GetFiles(Path.GetDirectoryName(Ci)!)
            .ShouldAllBe(file => !File.ReadAllText(file).Contains("v7.0.1"), "all files have it");
        File.ReadAllText(Pins).ShouldContain(Newer);
        (await RunAsync("--check")).Output.ShouldContain("5 workflows are as the build defines them.");
        (await RunAsync()).ExitCode.ShouldBe(0);
        File.ReadAllText(Ci).ShouldContain(Newer);
    }

    [TestCase("v7 # v7.1.0", "which is no commit")]
    [TestCase("main", "which is no commit")]
    [TestCase(Newer + " # v6.0.0", "which is no later version")]
    [TestCase(Newer, "must stand behind the commit")]
    [TestCase(Newer + " # v7.1.0 and more", "more than the pin was changed")]
    public async Task Another_change_of_the_line_is_refused_with_its_place(string to, string why)
    {
        Move(to);
        var before = File.ReadAllText(Ci);
        foreach (var arguments in new string[][] { [], ["--check"] })
        {
            var run = await RunAsync(arguments);
            run.ExitCode.ShouldBe(2, run.Output);
            var line = Array.FindIndex(before.Split('\n'), text => text.Contains("actions/checkout@")) + 1;
            run.Output.ShouldContain($".github/workflows/ci.yml:{line}: ");
            run.Output.ShouldContain(why);
            File.ReadAllText(Ci).ShouldBe(before);
        }
    }

    [Test]
    public async Task A_moved_pin_together_with_another_line_is_an_edit_by_hand()
    {
        Move(Newer + " # v7.1.0");
        File.WriteAllText(
            Ci,
            File.ReadAllText(Ci).Replace("timeout-minutes: 30", "timeout-minutes: 31", StringComparison.Ordinal)
        );
        var run = await RunAsync();
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("ci.yml was generated, and edited by hand afterwards");
    }

    [Test]
    public async Task A_file_of_pins_that_cannot_be_read_is_named()
    {
        File.WriteAllText(Pins, """{ "actions/checkout": { "commit": "v7", "version": "v7.0.1" } }""");
        var run = await RunAsync("--check");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain(".github/action-pins.json cannot be read: actions/checkout has commit 'v7'");
    }

    [Test]
    public void An_action_whose_runtime_is_removed_is_named_with_the_mend()
    {
        ActionRuntimes.Warnings(Actions.Pins, new DateOnly(2026, 11, 27)).ShouldBeEmpty();
        var old = new ActionPin("actions/checkout", "11bd71901bbe5b1630ceea73d27597364c9af683", "v4.2.2");
        ActionRuntimes
            .Warnings([old, old], new DateOnly(2026, 11, 27))
            .ShouldBe([
                "actions/checkout v4.2.2 runs on node20, which GitHub removed from its machines on 2026-09-23: move it to a later version, for example v7.0.1 (3d3c42e5aac5ba805825da76410c181273ba90b1)",
            ]);
        ActionRuntimes
            .Warnings([old], new DateOnly(2026, 9, 22))
            .Single()
            .ShouldContain("which GitHub removes from its machines on 2026-09-23");
        ActionRuntimes
            .Warnings([new ActionPin("team/unknown", old.Commit, "v1")], new DateOnly(2026, 11, 27))
            .ShouldBeEmpty();
    }

    /// <summary>
    /// What each pinned action declares in its `action.yml` at that commit, by what a step says to use it.
    /// </summary>
    private static Dictionary<string, YamlMappingNode> PinnedActions() =>
        Directory
            .GetFiles(Path.Combine(AppContext.BaseDirectory, "Actions"), "*.yml")
            .Select(file => Invariants.Root(File.ReadAllText(file)))
            .ToDictionary(action => action["uses"].ToString());

    private static IEnumerable<(string Path, string Text)> Files() =>
        Shop
            .Files.Select(file => (file.Path.ToString(), file.Text))
            .Concat(OwnWorkflowTests.Files().Select(file => (file.Path.ToString(), file.Text)));

    [GeneratedRegex(@"steps\.(?<step>[\w-]+)\.outputs\.(?<output>[\w-]+)")]
    private static partial Regex StepOutput();

    /// <summary>Changes what stands behind `actions/checkout@` in all lines of ci.yml, as bots do.</summary>
    private void Move(string to) =>
        File.WriteAllText(Ci, Regex.Replace(File.ReadAllText(Ci), @"(uses: actions/checkout@).*", "${1}" + to));

    private async Task<BuildTestRun> RunAsync(params string[] arguments)
    {
        ShopBuild.Definitions.Value = null;
        return await new BuildTester { RootDirectory = _root }.RunAsync<ShopBuild>(["Workflows", .. arguments]);
    }
}
