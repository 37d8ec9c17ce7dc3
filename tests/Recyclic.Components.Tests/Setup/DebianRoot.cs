using System.Security.Cryptography;
using Recyclic.Processes;

namespace Recyclic.Components.Tests;

/// <summary>
/// The files of a Debian 12 machine that debootstrap made, with an apt that knows stand-ins of engine packages alone:
/// they have the relations of the real ones and no content. The base image of this machine's engine is such a machine;
/// without it, it is made anew where RECYCLIC_SETUP_DEBOOTSTRAP=1 allows that minute.
/// </summary>
internal sealed class DebianRoot : ICommandRunner, IDisposable
{
    private const string BaseImage = "debian:bookworm-slim";
    private static readonly ProcessCommandRunner Runner = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("recyclic-root-");

    public string Path => System.IO.Path.Combine(_directory.FullName, "root");

    public byte[] Status => File.ReadAllBytes(Under("var/lib/dpkg/status"));

    public string Under(string path) => System.IO.Path.Combine(Path, path);

    /// <summary>A root, or a skipped test that says why there is none.</summary>
    public static async Task<DebianRoot> CreateAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Ignore("this takes root on Linux, for chroot");
        if (!File.Exists("/usr/bin/dpkg-deb"))
            Assert.Ignore("this system has no dpkg-deb");
        var root = new DebianRoot();
        try
        {
            await root.MakeAsync(cancellationToken);
            return root;
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>Another machine with the same files, linked: apt and dpkg write new ones and rename them.</summary>
    public async Task<DebianRoot> CopyAsync(CancellationToken cancellationToken)
    {
        var copy = new DebianRoot();
        await MustAsync(["cp", "--archive", "--link", Path, copy.Path], cancellationToken);
        return copy;
    }

    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        Runner.RunAsync(
            command with
            {
                Program = "chroot",
                Arguments = [Path, command.Program, .. command.Arguments],
            },
            cancellationToken
        );

    public IRunningCommand Start(Command command) => throw new NotSupportedException();

    /// <summary>Installs stand-ins that apt does not know, as Docker's own packages would be.</summary>
    public async Task InstallAsync(
        CancellationToken cancellationToken,
        params (string Name, string Version, string Relations)[] packages
    )
    {
        var files = new List<string>();
        foreach (var (name, version, relations) in packages)
            files.Add(await BuildAsync(Under("tmp"), name, version, relations, cancellationToken));
        (
            await RunAsync(
                Command.Of("dpkg", ["--install", .. files.Select(file => "/tmp/" + file)]),
                cancellationToken
            )
        ).EnsureSuccess();
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path);
        var created = File.Exists("/var/run/docker.sock")
            ? await TryAsync(
                ["docker", "create", "--name", $"recyclic-setup-root-{Guid.NewGuid():N}", BaseImage, "true"],
                cancellationToken
            )
            : null;
        if (created is not null)
        {
            var archive = System.IO.Path.Combine(_directory.FullName, "root.tar");
            try
            {
                await MustAsync(["docker", "export", "--output", archive, created], cancellationToken);
            }
            finally
            {
                await MustAsync(["docker", "rm", created], CancellationToken.None);
            }
            await MustAsync(["tar", "-C", Path, "-xf", archive], cancellationToken);
            File.Delete(archive);
        }
        else if (Environment.GetEnvironmentVariable("RECYCLIC_SETUP_DEBOOTSTRAP") == "1")
            await MustAsync(["debootstrap", "--variant=minbase", "bookworm", Path], cancellationToken);
        else
            Assert.Ignore(
                $"no engine here has {BaseImage}; with RECYCLIC_SETUP_DEBOOTSTRAP=1 debootstrap makes a root in about a minute"
            );
        if (!File.Exists(Under("dev/null")))
            await MustAsync(["mknod", "-m", "666", Under("dev/null"), "c", "1", "3"], cancellationToken);
        if (Directory.Exists(Under("etc/apt/sources.list.d")))
            Directory.Delete(Under("etc/apt/sources.list.d"), recursive: true);
        Directory.CreateDirectory(Under("etc/apt/sources.list.d"));
        File.WriteAllText(Under("etc/apt/sources.list"), "deb file:/repo bookworm main\n");
        // Nobody signs stand-ins.
        File.WriteAllText(
            Under("etc/apt/apt.conf.d/00stand-ins"),
            "Acquire::AllowInsecureRepositories \"true\";\nAPT::Get::AllowUnauthenticated \"true\";\n"
        );
        await PublishAsync(
            "bookworm",
            cancellationToken,
            ("ca-certificates", "20230311", ""),
            ("containerd", "1.6.20", "Depends: runc"),
            ("runc", "1.1.5", ""),
            ("iptables", "1.8.9", ""),
            ("docker.io", "20.10.24", "Depends: containerd, runc\nConflicts: docker-ce"),
            ("docker-compose", "1.29.2", "")
        );
        await PublishAsync(
            "trixie",
            cancellationToken,
            ("docker.io", "26.1.5", "Depends: containerd, runc, tini\nConflicts: docker-ce"),
            ("docker-cli", "26.1.5", ""),
            ("tini", "0.19.0", ""),
            ("docker-compose", "2.26.1", ""),
            ("docker-buildx", "0.13.1", ""),
            ("runc", "1.1.15", ""),
            ("containerd", "1.7.24", "Depends: runc")
        );
    }

    private async Task PublishAsync(
        string suite,
        CancellationToken cancellationToken,
        params (string Name, string Version, string Relations)[] packages
    )
    {
        var architecture = (await RunAsync(Command.Of("dpkg", "--print-architecture"), cancellationToken))
            .EnsureSuccess()
            .StandardOutput.Trim();
        var (pool, index) = (Under($"repo/pool/{suite}"), $"main/binary-{architecture}/Packages");
        Directory.CreateDirectory(pool);
        var listed = new List<string>();
        foreach (var (name, version, relations) in packages)
        {
            var file = await BuildAsync(pool, name, version, relations, cancellationToken);
            var content = await File.ReadAllBytesAsync(System.IO.Path.Combine(pool, file), cancellationToken);
            listed.Add(
                $"{Control(name, version, relations)}Filename: pool/{suite}/{file}\nSize: {content.Length}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(content))}\n"
            );
        }
        var path = Under($"repo/dists/{suite}/{index}");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Join('\n', listed));
        var packagesFile = File.ReadAllBytes(path);
        File.WriteAllText(
            Under($"repo/dists/{suite}/Release"),
            $"Suite: {suite}\nCodename: {suite}\nArchitectures: {architecture}\nComponents: main\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n {Convert.ToHexStringLower(SHA256.HashData(packagesFile))} {packagesFile.Length} {index}\n"
        );
    }

    private async Task<string> BuildAsync(
        string folder,
        string name,
        string version,
        string relations,
        CancellationToken cancellationToken
    )
    {
        var content = System.IO.Path.Combine(_directory.FullName, "build", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(System.IO.Path.Combine(content, "DEBIAN"));
        File.WriteAllText(System.IO.Path.Combine(content, "DEBIAN", "control"), Control(name, version, relations));
        // Only what Setup looks for; without content it cannot be started.
        string[] files = name switch
        {
            "docker.io" => ["usr/sbin/dockerd"],
            "docker-ce" => ["usr/bin/dockerd"],
            "docker-cli" or "docker-ce-cli" => ["usr/bin/docker"],
            "docker-compose" when version.StartsWith('2') => ["usr/libexec/docker/cli-plugins/docker-compose"],
            "docker-buildx" => ["usr/libexec/docker/cli-plugins/docker-buildx"],
            _ => [],
        };
        foreach (var file in files)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(content, file))!);
            File.WriteAllText(System.IO.Path.Combine(content, file), "");
        }
        var package = $"{name}_{version.Replace(':', '-')}_all.deb";
        await MustAsync(
            ["dpkg-deb", "--root-owner-group", "-Znone", "--build", content, System.IO.Path.Combine(folder, package)],
            cancellationToken
        );
        return package;
    }

    private static string Control(string name, string version, string relations) =>
        $"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n{(relations.Length > 0 ? relations + "\n" : "")}Description: a stand-in\n";

    private static async Task MustAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        (
            await Runner.RunAsync(
                Command.Of(command[0], command.Skip(1)) with
                {
                    Timeout = TimeSpan.FromMinutes(5),
                },
                cancellationToken
            )
        ).EnsureSuccess();

    private static async Task<string?> TryAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            var result = await Runner.RunAsync(Command.Of(command[0], command.Skip(1)), cancellationToken);
            return result.Succeeded ? result.StandardOutput.Trim() : null;
        }
        catch (CommandFailedException)
        {
            // There is no docker command.
            return null;
        }
    }
}
