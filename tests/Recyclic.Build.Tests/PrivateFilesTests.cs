using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Recyclic.Build.Adapters;
using Recyclic.Processes;

namespace Recyclic.Build.Tests;

/// <summary>Temporary files, whatever the umask. That is the whole process's, so these tests run alone.</summary>
[Platform("Linux"), NonParallelizable, CancelAfter(30_000), UnsupportedOSPlatform("windows")]
public class PrivateFilesTests
{
    private const UnixFileMode File600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder700 = File600 | UnixFileMode.UserExecute;

    [TestCase(0)]
    [TestCase(0x12, Description = "022")]
    [TestCase(0xFF, Description = "0377")]
    public void A_temporary_file_is_its_owners_alone(int umask)
    {
        var before = SetUmask(umask);
        DirectoryInfo? folder = null;
        try
        {
            folder = PrivateFiles.CreateFolder("room-");
            var path = Path.Combine(folder.FullName, "secret");
            PrivateFiles.Write(path, "s");
            folder.UnixFileMode.ShouldBe(Folder700);
            File.GetUnixFileMode(path).ShouldBe(File600);
            PrivateFiles.IsPrivate(path).ShouldBeTrue();
            File.SetUnixFileMode(path, File600 | UnixFileMode.OtherRead);
            PrivateFiles.IsPrivate(path).ShouldBeFalse();
            Should.Throw<IOException>(() => PrivateFiles.Write(path, "another"));
        }
        finally
        {
            _ = SetUmask(before);
            folder?.Delete(recursive: true);
        }
    }

    [Test]
    public void What_a_target_prints_meanwhile_is_kept_where_nobody_else_reads_it()
    {
        var before = SetUmask(0);
        var usual = Environment.GetEnvironmentVariable("TMPDIR");
        var place = Directory.CreateTempSubdirectory("spool-");
        try
        {
            Environment.SetEnvironmentVariable("TMPDIR", place.FullName);
            using var spool = new OutputSpool();
            spool.Add(false, new string('s', 2 << 20));
            var file = Directory.GetFiles(place.FullName, "*", SearchOption.AllDirectories).ShouldHaveSingleItem();
            File.GetUnixFileMode(file).ShouldBe(File600);
            File.GetUnixFileMode(Path.GetDirectoryName(file)!).ShouldBe(Folder700);
            Path.GetDirectoryName(file).ShouldNotBe(place.FullName);
            spool.Drain((_, _) => { });
            place.GetFileSystemInfos().ShouldBeEmpty();
        }
        finally
        {
            _ = SetUmask(before);
            Environment.SetEnvironmentVariable("TMPDIR", usual);
            place.Delete(recursive: true);
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetUmask(int mask);
}
