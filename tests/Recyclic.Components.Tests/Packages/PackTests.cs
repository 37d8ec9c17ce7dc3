using System.IO.Compression;
using Recyclic.Build;
using Recyclic.Components.Packages;
using Recyclic.Components.Packages.Adapters;
using Recyclic.Processes;

namespace Recyclic.Components.Tests;

[CancelAfter(60_000)]
public sealed class PackTests
{
    private const string Changelog =
        "# Changelog\n\n## [1.1.0] - unreleased\n\n- new\n\n## [1.0.0] - 2026-01-01\n\n- first; 100 %\n";
    private AbsolutePath _root = null!;

    [SetUp]
    public void SetUp() => _root = new AbsolutePath(Directory.CreateTempSubdirectory("recyclic-pack-").FullName);

    [TearDown]
    public void TearDown() => _root.DeleteDirectory();

    [TestCase("1.0.0", "- first; 100 %")]
    [TestCase("1.1.0", "- new")]
    [TestCase("1.1.0-alpha.0.7", "- new")]
    public void Release_notes_are_the_section_of_the_version_or_else_the_first_one(string version, string notes) =>
        PackedNotes.Of(Changelog, version).ShouldBe(notes);

    [Test]
    public void A_text_without_sections_gives_no_notes() => PackedNotes.Of("nothing yet", "1.0.0").ShouldBe("");

    [Test]
    public void Notes_that_are_longer_than_a_package_takes_are_cut_at_a_line()
    {
        var notes = PackedNotes.Of("## [1.0.0]\n" + string.Concat(Enumerable.Repeat("- a line\n", 9000)), "1.0.0");
        notes.Length.ShouldBeLessThan(31_000);
        notes.ShouldEndWith("- a line\n…");
    }

    [Test]
    public void A_text_reaches_MSBuild_as_one_property() =>
        Packing.Escaped("a;b=\"$(c)\" 100 %\n").ShouldBe("a%3Bb%3D%22%24%28c%29%22 100 %25%0A");

    [Test]
    public void Two_packages_of_the_same_content_are_the_same_to_the_byte()
    {
        var (first, second) = (_root / "1.nupkg", _root / "2.nupkg");
        PackageFile.Rewrite(Package("a", 2020), first);
        PackageFile.Rewrite(Package("b", 2021), second);
        File.ReadAllBytes(first).ShouldBe(File.ReadAllBytes(second));
        using var package = ZipFile.OpenRead(first);
        using var relations = new StreamReader(package.GetEntry("_rels/.rels")!.Open());
        var text = relations.ReadToEnd();
        var properties = package.Entries.Single(entry => entry.FullName.EndsWith(".psmdcp", StringComparison.Ordinal));
        text.ShouldContain($"\"/{properties.FullName}\"");
    }

    [Test]
    public async Task A_dry_run_says_what_would_be_packed_and_packs_nothing()
    {
        var (code, output) = await RunAsync("Pack", "--package-version", "1.2.3", "--dry-run");
        code.ShouldBe(0, output);
        output.ShouldContain($"would pack Team.Library 1.2.3 into {_root / "artifacts" / "packages"}");
        (_root / "artifacts").DirectoryExists().ShouldBeFalse();
    }

    [Test]
    public async Task What_is_no_version_is_refused()
    {
        var (code, output) = await RunAsync("Pack", "--package-version", "one");
        code.ShouldBe(2, output);
        output.ShouldContain("'one' is no version of a package: write --package-version 1.2.3");
    }

    [Test]
    public async Task Publishing_needs_to_know_where_to()
    {
        var (code, output) = await RunAsync("Publish", "--package-version", "1.2.3");
        code.ShouldBe(2, output);
        output.ShouldContain("--source");
    }

    [Test]
    public async Task A_project_that_does_not_compile_leaves_the_packages_as_they_were()
    {
        var (code, output) = await RunAsync("Pack", "--package-version", "1.2.3");
        code.ShouldBe(1, output);
        output.ShouldContain("no package was changed");
        (_root / "artifacts").DirectoryExists().ShouldBeFalse();
    }

    [Test]
    public async Task What_was_packed_goes_to_the_source_and_only_of_this_version()
    {
        (_root / "artifacts" / "packages").CreateDirectory();
        (_root / "artifacts" / "packages" / "Team.Library.1.2.2.nupkg").WriteAllText("old");
        var pushed = new List<string>();
        var (code, output) = await RunAsync(
            command =>
            {
                if (command.Arguments[0] == "pack")
                    File.Copy(
                        Package("a", 2020),
                        _root / ".nuke" / "temp" / "pack" / "packages" / "Team.Library.1.2.3.nupkg"
                    );
                else
                    pushed.Add(string.Join(' ', command.Arguments));
                return 0;
            },
            "Publish",
            "--package-version",
            "1.2.3",
            "--source",
            "feed",
            "--skip-duplicate"
        );
        code.ShouldBe(0, output);
        pushed
            .Single()
            .ShouldBe(
                $"nuget push {_root / "artifacts" / "packages" / "Team.Library.1.2.3.nupkg"} --source feed --skip-duplicate"
            );
    }

    private Task<(int Code, string Output)> RunAsync(params string[] arguments) => RunAsync(_ => 1, arguments);

    private async Task<(int Code, string Output)> RunAsync(Func<Command, int> answer, params string[] arguments)
    {
        using var output = new StringWriter();
        var host = new BuildHost
        {
            Output = output,
            Error = output,
            WorkingDirectory = _root,
            RootDirectory = _root,
            CommandRunner = new FakeDocker(command => (answer(command), "")),
        };
        return (await RecyclicBuild.RunAsync<Library>(arguments, host, CancellationToken.None), output.ToString());
    }

    /// <summary>As NuGet makes one.</summary>
    private AbsolutePath Package(string lot, int year)
    {
        var path = _root / $"{lot}.zip";
        using var package = ZipFile.Open(path, ZipArchiveMode.Create);
        var properties = $"package/services/metadata/core-properties/{lot}.psmdcp";
        (string Name, string Text)[] entries =
        [
            (
                "_rels/.rels",
                $"<Relationships><Relationship Type=\"m\" Target=\"/a.nuspec\" Id=\"{lot}1\" /><Relationship Type=\"c\" Target=\"/{properties}\" Id=\"{lot}2\" /></Relationships>"
            ),
            ("a.nuspec", "<package />"),
            (properties, "<coreProperties />"),
        ];
        foreach (var (name, text) in lot == "a" ? entries : entries.Reverse())
        {
            var entry = package.CreateEntry(name);
            entry.LastWriteTime = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var writer = new StreamWriter(entry.Open());
            writer.Write(text);
        }
        return path;
    }

    private sealed class Library : RecyclicBuild, IPublish
    {
        IEnumerable<AbsolutePath> IPack.PackedProjects => [RootDirectory / "src" / "Team.Library.csproj"];
    }
}
