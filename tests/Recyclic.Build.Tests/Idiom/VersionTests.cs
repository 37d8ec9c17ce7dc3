using System.Collections.Immutable;
using Recyclic.Build.Versions;
using Recyclic.Processes;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>The version of a commit is the one that MinVer would give it.</summary>
[CancelAfter(60_000)]
public class VersionTests
{
    private static readonly ImmutableArray<string> Alpha = ["alpha", "0"];
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    // A letter is a commit, the first one the checked out one; what follows its colon are its parents, and its tags.
    [TestCase("a", "0.0.0-alpha.0")]
    [TestCase("b:a a", "0.0.0-alpha.0.1")]
    [TestCase("a[1.2.3]", "1.2.3")]
    [TestCase("a[1.2.3+build.5]", "1.2.3+build.5")]
    [TestCase("b:a a[1.2.3]", "1.2.4-alpha.0.1")]
    [TestCase("b:a a[1.2.3+build.5]", "1.2.4-alpha.0.1")]
    [TestCase("c:b b:a a[1.2.3-beta.1]", "1.2.3-beta.1.2")]
    [TestCase("b:a a[1.0.0,1.1.0-rc.1]", "1.1.0-rc.1.1")]
    [TestCase("b:a a[1.0.0,1.0.0-rc.1]", "1.0.1-alpha.0.1")]
    [TestCase("b[1.0.0-beta]:a a[2.0.0]", "1.0.0-beta")]
    [TestCase("a[nightly,v1,1.2]", "0.0.0-alpha.0")]
    [TestCase("a[1.0.0-beta.9,1.0.0-beta.10]", "1.0.0-beta.10")]
    [TestCase("a[1.0.0-beta.9,1.0.0-beta.x]", "1.0.0-beta.x")]
    // Both ways of a merge count, and the height is that of the way on which the version was found.
    [TestCase("d:b,c c:a b:a a[1.0.0]", "1.0.1-alpha.0.2")]
    [TestCase("d:b,c c[2.0.0]:a b[1.5.0]:a a[1.0.0]", "2.0.1-alpha.0.1")]
    [TestCase("e:b,d d:c c[1.0.0]:a b[1.0.0]:a a", "1.0.1-alpha.0.1")]
    public void A_version_follows_from_commits_and_tags(string history, string expected) =>
        VersionOf(history).ShouldBe(expected);

    [TestCase("v", "a[1.0.0,v2.0.0]", "2.0.0")]
    [TestCase("api/", "a[1.0.0,api/3.0.0]", "3.0.0")]
    [TestCase("v", "a[1.0.0]", "0.0.0-alpha.0")]
    public void Only_tags_with_the_prefix_count(string prefix, string history, string expected) =>
        VersionOf(history, prefix: prefix).ShouldBe(expected);

    [TestCase(VersionPart.Minor, "1.3.0-alpha.0.1")]
    [TestCase(VersionPart.Major, "2.0.0-alpha.0.1")]
    public void Another_part_can_be_raised(VersionPart raised, string expected) =>
        VersionOf("b:a a[1.2.3]", raised: raised).ShouldBe(expected);

    [TestCase("b:a a[1.2.3]", "2.0.0-alpha.0.1")]
    [TestCase("a[1.2.3]", "2.0.0-alpha.0")]
    [TestCase("a[2.1.0]", "2.1.0")]
    public void It_is_raised_to_the_least_that_is_wanted(string history, string expected) =>
        VersionOf(history, least: (2, 0)).ShouldBe(expected);

    [Test]
    public void A_long_history_is_read_without_recursion()
    {
        var log = string.Concat(
            Enumerable
                .Range(0, 50_000)
                .Select(i =>
                    $"c{i}\t{(i < 49_999 ? $"c{i + 1}" : "")}\t{(i == 49_999 ? "tag: refs/tags/1.0.0" : "")}\n"
                )
        );
        TagHistory
            .VersionOf(TagHistory.Parse(log), "", VersionPart.Patch, Alpha, (0, 0))
            .ToString()
            .ShouldBe("1.0.1-alpha.0.49999");
    }

    [Test]
    public async Task A_real_repository_gives_its_version()
    {
        await GitAsync("init", "-q", "-b", "main");
        _host.Adjust = host =>
            host with
            {
                CommandRunner = new ProcessCommandRunner(),
                Environment = new Dictionary<string, string>(),
            };
        (await _host.RunAsync<VersionedBuild>("Show")).Output.ShouldContain("0.0.0-alpha.0 0.0.0.0 0.0.0.0\n");
        await CommitAsync("one");
        await GitAsync("tag", "1.4.0");
        await GitAsync("tag", "-a", "-m", "note", "v9.0.0");
        (await _host.RunAsync<VersionedBuild>("Show")).Output.ShouldContain("1.4.0 1.0.0.0 1.4.0.0\n");
        await CommitAsync("two");
        var run = await _host.RunAsync<VersionedBuild>("Show", "--dry-run");
        run.Output.ShouldContain("1.4.1-alpha.0.1 1.0.0.0 1.4.1.0\n");
        run.Output.ShouldContain("text 10.0.0-preview.1\n");
        run.Output.ShouldNotContain("shallow");
    }

    [Test]
    public async Task A_shallow_clone_is_told_that_its_version_may_be_wrong()
    {
        _host.Commands.On("git", "log").Returns("b\ta\t");
        _host.Commands.On("git", "rev-parse", "--is-shallow-repository").Returns("true");
        var run = await _host.RunAsync<VersionedBuild>("Show");
        run.Output.ShouldContain(
            "[WRN] this clone is shallow, so the version 0.0.0-alpha.0.1 may not be the commit's: fetch all of the history (fetch-depth: 0)"
        );
    }

    [Test]
    public async Task Where_there_is_no_repository_nothing_runs()
    {
        _host.Commands.On("git").Fails(128, "fatal: not a git repository");
        var run = await _host.RunAsync<VersionedBuild>("Show");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VersionedBuild.Version cannot be filled by [MinVer]: `git log`");
        run.Error.ShouldContain("fatal: not a git repository; a version from tags needs a git repository");
    }

    private static string VersionOf(
        string history,
        string prefix = "",
        VersionPart raised = VersionPart.Patch,
        (int, int) least = default
    ) => TagHistory.VersionOf([.. history.Split(' ').Select(Commit)], prefix, raised, Alpha, least).ToString();

    private static TaggedCommit Commit(string text)
    {
        var parents = text.Contains(':') ? text[(text.IndexOf(':') + 1)..].Split(',') : [];
        var tags = text.Contains('[') ? text[(text.IndexOf('[') + 1)..text.IndexOf(']')].Split(',') : [];
        return new(text[..1], [.. parents.Select(parent => parent[..1])], [.. tags]);
    }

    private Task CommitAsync(string message) =>
        GitAsync(
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            message
        );

    private async Task GitAsync(params string[] arguments) =>
        (
            await new ProcessCommandRunner().RunAsync(
                Command.Of("git", arguments) with
                {
                    WorkingDirectory = _host.Root,
                },
                CancellationToken.None
            )
        ).EnsureSuccess();

    public class VersionedBuild : RecyclicBuild
    {
        [MinVer]
        private readonly MinVer Version = null!;

        [MinVer(TagPrefix = "v", AutoIncrement = VersionPart.Major, DefaultPreReleaseIdentifiers = "preview")]
        private readonly string Text = "";

        public Target Show =>
            _ =>
                _.Executes(() =>
                {
                    WriteLine($"{Version} {Version.AssemblyVersion} {Version.FileVersion}");
                    WriteLine($"text {Text}");
                });
    }
}
