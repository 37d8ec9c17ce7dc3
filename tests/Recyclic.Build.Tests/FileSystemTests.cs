namespace Recyclic.Build.Tests;

public class FileSystemTests
{
    private AbsolutePath _root = null!;

    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("recyclic-").FullName;

    [TearDown]
    public void TearDown() => _root.DeleteDirectory();

    [Test]
    public void What_is_written_is_read_and_directories_come_into_being()
    {
        (_root / "a" / "b.txt").WriteAllText("ä\n").ReadAllText().ShouldBe("ä\n");
        (_root / "a" / "b.txt").ReadAllBytes().Length.ShouldBe(3);
        (_root / "c.txt").WriteAllLines(["1", "2"]).AppendAllText("3\n").ReadAllLines().ShouldBe(["1", "2", "3"]);
        (_root / "d" / "e").TouchFile().TouchFile().FileExists().ShouldBeTrue();
        (_root / "d").DirectoryExists().ShouldBeTrue();
        (_root / "x").Exists().ShouldBeFalse();
    }

    [Test]
    public void Deleting_what_is_not_there_is_fine()
    {
        (_root / "no").DeleteFile();
        (_root / "no").DeleteDirectory();
        Tree("a/b.txt", "c.txt");
        _root.GlobFiles("**").DeleteFiles();
        _root.GlobDirectories("*").DeleteDirectories();
        Names(_root.GlobFiles("**")).ShouldBe("");
    }

    [Test]
    public void A_directory_is_cleaned_without_leaving_it_through_links()
    {
        Tree("keep/k.txt", "out/a/b.txt", "out/c.txt");
        Directory.CreateSymbolicLink(_root / "out" / "link", _root / "keep");
        (_root / "out").CreateOrCleanDirectory();
        Directory.GetFileSystemEntries(_root / "out").ShouldBeEmpty();
        (_root / "keep" / "k.txt").FileExists().ShouldBeTrue();
        (_root / "new").CreateOrCleanDirectory().DirectoryExists().ShouldBeTrue();
    }

    [TestCase("**/*.cs", "a/b/x.cs a/y.cs z.cs")]
    [TestCase("*.cs", "z.cs")]
    [TestCase("**", "a/b/x.cs a/b/x.txt a/y.cs z.cs")]
    [TestCase("a/**", "a/b/x.cs a/b/x.txt a/y.cs")]
    [TestCase("**/b/*", "a/b/x.cs a/b/x.txt")]
    [TestCase("a/*/x.{cs,md}", "a/b/x.cs")]
    [TestCase("{a/y,z}.cs", "a/y.cs z.cs")]
    [TestCase("?.cs", "z.cs")]
    [TestCase("[!a-y].cs", "z.cs")]
    [TestCase("**/[xy].cs", "a/b/x.cs a/y.cs")]
    [TestCase("**/**/x.*", "a/b/x.cs a/b/x.txt")]
    [TestCase("a/y.cs", "a/y.cs")]
    [TestCase("A/y.cs", "", IncludePlatform = "Unix")]
    public void A_pattern_finds_files(string pattern, string expected)
    {
        Tree("a/b/x.cs", "a/b/x.txt", "a/y.cs", "z.cs");
        Names(_root.GlobFiles(pattern)).ShouldBe(expected);
    }

    [Test]
    public void A_pattern_finds_directories()
    {
        Tree("a/bin/x", "b/c/bin/y", "bin2/z");
        Names(_root.GlobDirectories("**/bin")).ShouldBe("a/bin b/c/bin");
        Names(_root.GlobDirectories("*", "a/*")).ShouldBe("a a/bin b bin2");
        Names((_root / "none").GlobDirectories("**")).ShouldBe("");
        Names(_root.GetDirectories(depth: 2)).ShouldBe("a a/bin b b/c bin2");
        Names(_root.GetFiles("?", depth: 3)).ShouldBe("a/bin/x bin2/z");
    }

    [TestCase("../*.cs")]
    [TestCase("/etc/*")]
    [TestCase("{a,b")]
    [TestCase("[a")]
    [TestCase("")]
    public void A_pattern_that_cannot_match_is_refused(string pattern) =>
        Should.Throw<ArgumentException>(() => _root.GlobFiles(pattern));

    [Test]
    public void A_link_that_leads_back_is_not_followed()
    {
        Tree("a/x.cs");
        Directory.CreateSymbolicLink(_root / "a" / "up", _root);
        Names(_root.GlobFiles("**/*.cs")).ShouldBe("a/x.cs");
    }

    [Test]
    public void A_directory_is_copied_without_what_is_excluded()
    {
        Tree("from/a.txt", "from/obj/b.txt", "from/c/d.txt", "from/c/e.log");
        (_root / "from").Copy(
            _root / "x" / "to",
            excludeDirectory: d => d.Name == "obj",
            excludeFile: f => f.Extension == ".log"
        );
        Names((_root / "x").GlobFiles("**")).ShouldBe("x/to/a.txt x/to/c/d.txt");
        Names((_root / "from").GlobFiles("**")).ShouldBe("from/a.txt from/c/d.txt from/c/e.log from/obj/b.txt");
    }

    [Test]
    public void What_exists_is_an_error_unless_a_policy_says_otherwise()
    {
        var (source, target) = ((_root / "s").WriteAllText("new"), (_root / "t").WriteAllText("old"));
        Should.Throw<IOException>(() => source.Copy(target)).Message.ShouldContain("exists");
        source.Copy(target, ExistsPolicy.FileSkip).ReadAllText().ShouldBe("old");
        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddHours(-1));
        source.Copy(target, ExistsPolicy.FileOverwriteIfNewer).ReadAllText().ShouldBe("old");
        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddHours(1));
        source.Copy(target, ExistsPolicy.FileOverwriteIfNewer).ReadAllText().ShouldBe("new");
        Tree("d/a", "e/b");
        Should.Throw<IOException>(() => (_root / "d").Move(_root / "e"));
        (_root / "d").Move(_root / "e", ExistsPolicy.MergeAndSkip);
        Names(_root.GlobFiles("[de]/*")).ShouldBe("e/a e/b");
        (_root / "d").DirectoryExists().ShouldBeFalse();
        Should.Throw<IOException>(() => (_root / "e").Copy(_root / "e" / "inner")).Message.ShouldContain("lies in");
        Should.Throw<FileNotFoundException>(() => (_root / "none").Copy(_root / "x"));
    }

    [Test]
    public void A_move_takes_it_away_from_where_it_was()
    {
        Tree("a/x");
        (_root / "a").MoveToDirectory(_root / "b").Rename("c");
        Names(_root.GlobFiles("**")).ShouldBe("b/c/x");
        (_root / "b" / "c" / "x").Move(_root / "y").FileExists().ShouldBeTrue();
        (_root / "y").CopyToDirectory(_root / "z").ShouldBe(_root / "z" / "y");
    }

    private void Tree(params string[] files)
    {
        foreach (var file in files)
            (_root / file).WriteAllText("");
    }

    private string Names(IEnumerable<AbsolutePath> paths) =>
        string.Join(' ', paths.Select(path => _root.GetUnixRelativePathTo(path)));
}
