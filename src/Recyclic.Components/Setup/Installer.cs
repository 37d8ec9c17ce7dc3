using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Processes;

namespace Recyclic.Components.Setup;

/// <summary>Carries out the steps of a setup plan, as root.</summary>
public sealed class Installer(ICommandRunner runner, Action<string> say)
{
    private const string EngineLog = "/var/log/dockerd.log";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly ImmutableDictionary<string, string> Quiet = ImmutableDictionary<string, string>.Empty.Add("DEBIAN_FRONTEND", "noninteractive");

    public async Task RunAsync(SetupStep step, CancellationToken cancellationToken)
    {
        say($"      {step.Describe()}");
        await (step switch
        {
            AddAptSuite add => AddSuiteAsync(add, cancellationToken),
            InstallPackages install => InstallAsync(install.Packages, cancellationToken),
            StartEngine start => StartEngineAsync(start.WithSystemd, cancellationToken),
            ProvideBaseImage image => ProvideBaseImageAsync(image, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException(step.GetType().Name),
        });
    }

    private static async Task AddSuiteAsync(AddAptSuite step, CancellationToken cancellationToken)
    {
        var keyring = step.Keyring is null ? "" : $"Signed-By: {step.Keyring}\n";
        await File.WriteAllTextAsync($"/etc/apt/sources.list.d/recyclic-{step.Suite}.sources", $"Types: deb\nURIs: {step.Mirror}\nSuites: {step.Suite}\nComponents: main\n{keyring}", cancellationToken);
        await File.WriteAllTextAsync($"/etc/apt/preferences.d/recyclic-{step.Suite}", $"Package: *\nPin: release n={step.Suite}\nPin-Priority: 50\n", cancellationToken);
    }

    private async Task InstallAsync(ImmutableArray<string> packages, CancellationToken cancellationToken)
    {
        await MustAsync(["apt-get", "update", "-q"], cancellationToken);
        await MustAsync(["apt-get", "install", "-y", "-q", "--no-install-recommends", .. packages], cancellationToken);
    }

    private async Task StartEngineAsync(bool withSystemd, CancellationToken cancellationToken)
    {
        if (withSystemd) await MustAsync(["systemctl", "enable", "--now", "docker"], cancellationToken);
        else
            await MustAsync(["start-stop-daemon", "--start", "--oknodo", "--background", "--output", EngineLog,
                "--pidfile", "/var/run/docker.pid", "--exec", "/usr/sbin/dockerd"], cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartDeadline);
        while (!(await runner.RunAsync(Command.Of("docker", "version"), cancellationToken)).Succeeded)
        {
            if (limit.IsCancellationRequested)
                throw new TargetFailedException($"Docker Engine does not answer {StartDeadline.TotalSeconds:0} s after its start.\n{await LogTailAsync(cancellationToken)}\n  next    see {EngineLog}, or `journalctl -u docker`", 2);
            // The engine tells nobody when it is ready.
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private async Task ProvideBaseImageAsync(ProvideBaseImage step, CancellationToken cancellationToken)
    {
        if ((await runner.RunAsync(Command.Of("docker", "image", "inspect", step.Image), cancellationToken)).Succeeded) return;
        var pulled = await runner.RunAsync(Command.Of("docker", "pull", "--quiet", step.Image), cancellationToken);
        if (pulled.Succeeded) return;
        if (!Adapters.Machine.IsRoot) throw new TargetFailedException($"the base image {step.Image} cannot be pulled, and making it needs root: {pulled.StandardError.Trim()}\n  next    run ./build.sh Setup as root once, or load the image", 2);
        say($"      it cannot be pulled ({pulled.StandardError.Trim().Split('\n')[^1]}); it is made from Debian's packages");
        await InstallAsync(["debootstrap"], cancellationToken);
        var directory = Directory.CreateTempSubdirectory("recyclic-base-");
        try
        {
            var root = Path.Combine(directory.FullName, "root");
            IEnumerable<string> mirror = step.Mirror is null ? [] : [step.Mirror];
            await MustAsync(["debootstrap", "--variant=minbase", "bookworm", root, .. mirror], cancellationToken);
            var archive = Path.Combine(directory.FullName, "root.tar");
            await MustAsync(["tar", "-C", root, "-cf", archive, "."], cancellationToken);
            await MustAsync(["docker", "import", archive, step.Image], cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task MustAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var run = Command.Of(command[0], command.Skip(1)) with { Environment = Quiet, Timeout = TimeSpan.FromMinutes(15) };
        var result = await runner.RunAsync(run, cancellationToken);
        if (!result.Succeeded) throw new TargetFailedException($"Setup failed.\n{new CommandFailedException(result).Message}\n  next    mend what the last lines name and run ./build.sh Setup again", 2);
    }

    private static async Task<string> LogTailAsync(CancellationToken cancellationToken) =>
        File.Exists(EngineLog) ? string.Join('\n', (await File.ReadAllLinesAsync(EngineLog, cancellationToken)).TakeLast(10).Select(line => "    " + line)) : "";
}
