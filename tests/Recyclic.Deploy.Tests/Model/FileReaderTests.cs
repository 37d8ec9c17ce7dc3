using System.Diagnostics;
using System.Formats.Tar;
using System.Net.Sockets;
using System.Text;
using Recyclic.Deploy.Adapters.Files;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>Reads what goes with a release: all of it as it is, or the reason why not.</summary>
internal sealed class FileReaderTests
{
    private string _folder = "";

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("it's a \"folder\" 🙂 ").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_folder_is_read_with_links_modes_and_names_of_any_kind_and_written_as_an_archive()
    {
        Write("a 'b' \"c\" 🙂.txt", "text");
        Write("bin/run.sh", "#!/bin/sh");
        Directory.CreateDirectory(In("empty"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In("bin/run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            File.CreateSymbolicLink(In("now"), "bin/run.sh");
            File.CreateSymbolicLink(In("lost"), "/nowhere");
            File.CreateSymbolicLink(In("up"), "..");
        }
        var file = Read(Mount(_folder)).ShouldHaveSingleItem();
        file.Problem.ShouldBeNull();
        file.Tree!.IsFolder.ShouldBeTrue();
        file.Tree.Size.ShouldBe(13);

        using var archive = new MemoryStream();
        await FileReader.WriteAsync(new ReleaseFiles([file]).Archive(), archive, CancellationToken.None);
        archive.Position = 0;
        var entries = new List<string>();
        await using var reader = new TarReader(archive);
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
            entries.Add(
                $"{entry.Name.TrimEnd('/')} {entry.EntryType} {Convert.ToString((int)entry.Mode & 0b111_000_000, 8)} {entry.LinkName}{(entry.DataStream is { } data ? await new StreamReader(data).ReadToEndAsync() : "")}".TrimEnd()
            );
        entries.ShouldBe([
            "0 Directory 700",
            "0/a 'b' \"c\" 🙂.txt RegularFile 600 text",
            "0/bin Directory 700",
            "0/bin/run.sh RegularFile 500 #!/bin/sh",
            "0/empty Directory 700",
            "0/lost SymbolicLink 700 /nowhere",
            "0/now SymbolicLink 700 bin/run.sh",
            "0/up SymbolicLink 700 ..",
        ]);
    }

    [Test]
    public void What_a_link_leads_to_is_read_where_the_file_itself_names_the_link()
    {
        Write("real", "text");
        File.CreateSymbolicLink(In("link"), "real");
        Encoding
            .UTF8.GetString(Read(Mount(In("link")))[0].Tree!.Nodes.ShouldHaveSingleItem().Content!)
            .ShouldBe("text");
    }

    [Test]
    public void More_than_64_MB_in_all_is_refused_and_the_largest_is_named()
    {
        Write("conf/small", new string('x', 4000));
        using (var large = File.Create(In("conf/large.bin")))
            large.SetLength(70L * 1024 * 1024);
        var problem = Read(Mount(In("conf"), "./conf"), Mount(In("conf/small"), "./conf/small"))[0]
            .Problem.ShouldNotBeNull();
        problem.What.ShouldBe(
            "the files that would go with the release have more than 64 MB; the largest is ./conf/large.bin with 70 MB"
        );

        File.Delete(In("conf/large.bin"));
        foreach (var name in new[] { "conf/1", "conf/2" })
            using (var half = File.Create(In(name)))
                half.SetLength(33L * 1024 * 1024);
        Read(Mount(In("conf"), "./conf"))[0]
            .Problem.ShouldNotBeNull()
            .What.ShouldContain("the largest is ./conf/1 with 33 MB");
    }

    [TestCase("pipe")]
    [TestCase("socket")]
    public void What_is_no_file_in_a_folder_is_named(string kind)
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("there is no such thing");
        Write("a", "1");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // The name of a socket has about a hundred bytes at most.
        var place = Path.Combine(Directory.CreateTempSubdirectory("s").FullName, "b");
        if (kind == "socket")
            socket.Bind(new UnixDomainSocketEndPoint(place));
        else
            Process.Start("mkfifo", [place])!.WaitForExit();
        var problem = Read(Mount(Path.GetDirectoryName(place)!, "./conf"))[0].Problem.ShouldNotBeNull();
        problem.What.ShouldBe("./conf/b is neither a file nor a folder nor a link: it cannot go with the release");
        Directory.Delete(Path.GetDirectoryName(place)!, recursive: true);
    }

    [Test]
    public void A_folder_where_a_file_is_named_and_a_variable_that_is_not_set_are_refused()
    {
        Read(new ReleaseFile("web", "/run/secrets/t", FileKind.Secret, "t") { Path = _folder, Travels = true })[0]
            .Problem.ShouldNotBeNull()
            .What.ShouldContain("the secret t is to be a file, but");
        var secret = new ReleaseFile("web", "/run/secrets/t", FileKind.Secret, "t")
        {
            Variable = "TOKEN",
            Travels = true,
        };
        Read(secret)[0]
            .Problem.ShouldNotBeNull()
            .What.ShouldBe("the secret t is the value of the variable TOKEN, which is not set");
        FileReader
            .Read(
                [secret],
                ImmutableDictionary<string, string>.Empty.Add("TOKEN", "a\nb"),
                false,
                CancellationToken.None
            )[0]
            .Tree!.Size.ShouldBe(3);
    }

    [Test]
    public void What_is_not_there_is_left_to_whoever_knows_what_it_would_be() =>
        Read(Mount(In("no")))[0]
            .ShouldSatisfyAllConditions(file => file.Tree.ShouldBeNull(), file => file.Problem.ShouldBeNull());

    [Test]
    public void On_this_machines_engine_what_cannot_go_stays_what_it_is()
    {
        var file = FileReader.Read(
            [new ReleaseFile("web", "/run/secrets/t", FileKind.Secret, "t") { Path = _folder, Travels = true }],
            [],
            engineIsLocal: true,
            CancellationToken.None
        )[0];
        (file.Travels, file.Problem).ShouldBe((false, null));
        using (var large = File.Create(In("large")))
            large.SetLength(2 * 1024 * 1024);
        FileReader
            .Read([Mount(In("large")) with { Travels = false }], [], engineIsLocal: true, CancellationToken.None)[0]
            .Tree.ShouldBeNull("it is only compared, and too large for that");
    }

    private static ImmutableArray<ReleaseFile> Read(params ImmutableArray<ReleaseFile> files) =>
        FileReader.Read(files, ImmutableDictionary<string, string>.Empty, engineIsLocal: false, CancellationToken.None);

    private static ReleaseFile Mount(string path, string name = "./x") =>
        new("web", "/x", FileKind.Mount, name) { Path = path, Travels = true };

    private string In(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
