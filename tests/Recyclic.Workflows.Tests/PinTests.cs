using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Workflows.Checking;

namespace Recyclic.Workflows.Tests;

/// <summary>Pins of actions: moved by bots in the files, kept by the build; and what the pinned actions take and give.</summary>
[CancelAfter(60_000)]
public class PinTests
{
    private const string Newer = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>Names of inputs and outputs of each action, read in its `action.yml` at the pinned commit.</summary>
    private static readonly Dictionary<string, (string Inputs, string Outputs)> Known = new()
    {
        ["actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"] = ("repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean filter sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules set-safe-directory github-server-url allow-unsafe-pr-checkout", "ref commit"),
        ["actions/setup-dotnet@a98b56852c35b8e3190ac28c8c2271da59106c68"] = ("dotnet-version dotnet-quality dotnet-channel global-json-file source-url owner config-file cache cache-dependency-path workloads architecture", "cache-hit dotnet-version"),
        ["actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae"] = ("path key restore-keys upload-chunk-size enableCrossOsArchive fail-on-cache-miss lookup-only save-always", "cache-hit"),
        ["actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f"] = ("name path if-no-files-found retention-days compression-level overwrite include-hidden-files archive", "artifact-id artifact-url artifact-digest"),
        ["actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c"] = ("name artifact-ids path pattern merge-multiple github-token repository run-id skip-decompress digest-mismatch", "download-path"),
    };

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
    public void Every_input_that_is_written_is_one_that_the_pinned_action_has()
    {
        var files = Shop.Files.Select(file => (file.Path, file.Text)).Concat(OwnWorkflowTests.Files()).ToList();
        var used = files.SelectMany(file => Invariants.Root(file.Text)["jobs"].AllNodes.OfType<YamlDotNet.RepresentationModel.YamlMappingNode>())
            .Where(step => step.Children.ContainsKey("uses") && step["uses"].ToString().Contains('@')).ToList();
        used.Count.ShouldBeGreaterThan(20);
        foreach (var step in used)
        {
            var known = Known.ShouldContainKeyAndGet(step["uses"].ToString());
            if (!step.Children.TryGetValue("with", out var with)) continue;
            foreach (var input in ((YamlDotNet.RepresentationModel.YamlMappingNode)with).Children.Keys) known.Inputs.Split(' ').ShouldContain(input.ToString(), step["uses"].ToString());
        }
        // The outputs that expressions read are those of the step that runs the build; of actions none is read.
        files.ShouldAllBe(file => !System.Text.RegularExpressions.Regex.IsMatch(file.Text, @"steps\.(?!build\.)"));
    }

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
        Directory.GetFiles(Path.GetDirectoryName(Ci)!).ShouldAllBe(file => !File.ReadAllText(file).Contains("v7.0.1"), "all files have it");
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
        File.WriteAllText(Ci, File.ReadAllText(Ci).Replace("timeout-minutes: 30", "timeout-minutes: 31", StringComparison.Ordinal));
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
        ActionRuntimes.Warnings([old, old], new DateOnly(2026, 11, 27)).ShouldBe(
            ["actions/checkout v4.2.2 runs on node20, which GitHub removed from its machines on 2026-09-23: move it to a later version, for example v7.0.1 (3d3c42e5aac5ba805825da76410c181273ba90b1)"]);
        ActionRuntimes.Warnings([old], new DateOnly(2026, 9, 22)).Single().ShouldContain("which GitHub removes from its machines on 2026-09-23");
        ActionRuntimes.Warnings([new ActionPin("team/unknown", old.Commit, "v1")], new DateOnly(2026, 11, 27)).ShouldBeEmpty();
    }

    /// <summary>Changes what stands behind `actions/checkout@` in all lines of ci.yml, as bots do.</summary>
    private void Move(string to) =>
        File.WriteAllText(Ci, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(Ci), @"(uses: actions/checkout@).*", "${1}" + to));

    private async Task<BuildTestRun> RunAsync(params string[] arguments)
    {
        ShopBuild.Definitions.Value = null;
        return await new BuildTester { RootDirectory = _root }.RunAsync<ShopBuild>(["Workflows", .. arguments]);
    }
}

internal static class DictionaryAssertions
{
    public static T ShouldContainKeyAndGet<T>(this IReadOnlyDictionary<string, T> dictionary, string key)
    {
        dictionary.ContainsKey(key).ShouldBeTrue($"{key} is not one of the actions that are known");
        return dictionary[key];
    }
}
