namespace Recyclic.EndToEnd.Support;

/// <summary>Tests by an sshd of their own, whose files are in a directory of their own.</summary>
public abstract class SshFixture
{
    private DirectoryInfo _directory = null!;

    private protected static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    private protected string DoorDirectory => _directory.FullName;

    [SetUp]
    public async Task PrepareAsync()
    {
        HostNeeds.OrIgnore();
        await Engine.ReadyAsync();
        _directory = Directory.CreateTempSubdirectory("recyclic-door-");
    }

    [TearDown]
    public void Clean() => _directory?.Delete(recursive: true);
}
