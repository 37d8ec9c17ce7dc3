using Recyclic.Build;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Setup.Adapters;

/// <summary>Carries out the steps of a setup plan, and writes down what it changes before it does.</summary>
/// <param name="root">Where the machine's files begin; another folder than `/` is a machine of a test.</param>
internal sealed class Installer(ICommandRunner runner, Action<string> say, TimeProvider time, string root = "/")
{
    private const string EngineLog = "/var/log/dockerd.log";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly AptGet _apt = new(runner, say, root);
    private readonly RecordFile _record = new(root);

    /// <exception cref="ConfigurationException">A step is refused; what this call had done before it is taken back, and
    /// nothing was installed.</exception>
    /// <exception cref="TargetFailedException">A step failed.</exception>
    public async Task RunAsync(IEnumerable<SetupStep> steps, CancellationToken cancellationToken)
    {
        await _record.ReadAsync(cancellationToken);
        var added = new List<string>();
        try
        {
            foreach (var step in steps)
            {
                say($"      {step.Describe()}");
                if (step is AddAptSuite suite)
                    await AddSuiteAsync(suite, added, cancellationToken);
                else
                    await RunAsync(step, cancellationToken);
                // From here on, what is installed belongs to the source.
                if (step is InstallPackages)
                    added.Clear();
            }
        }
        catch (Exception exception) when (exception is ConfigurationException or OperationCanceledException)
        {
            foreach (var file in added)
                await RemoveSourceAsync(file);
            throw;
        }
    }

    private Task RunAsync(SetupStep step, CancellationToken cancellationToken) =>
        step switch
        {
            InstallPackages install => _apt.InstallAsync(
                install.Packages,
                install.ByHand,
                cancellationToken,
                simulation => RecordPackagesAsync(simulation, cancellationToken)
            ),
            StartEngine start => StartEngineAsync(start, cancellationToken),
            ProvideBaseImage image => ProvideBaseImageAsync(image, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException(step.GetType().Name),
        };

    private async Task AddSuiteAsync(AddAptSuite step, List<string> added, CancellationToken cancellationToken)
    {
        var keyring = step.Keyring is null ? "" : $"Signed-By: {step.Keyring}\n";
        foreach (
            var (file, content) in new[]
            {
                (
                    $"/etc/apt/preferences.d/recyclic-{step.Suite}",
                    $"Package: *\nPin: release n={step.Suite}\nPin-Priority: 50\n"
                ),
                (
                    $"/etc/apt/sources.list.d/recyclic-{step.Suite}.sources",
                    $"Types: deb\nURIs: {step.Mirror}\nSuites: {step.Suite}\nComponents: main\n{keyring}"
                ),
            }
        )
        {
            await _record.AddAsync(new(ChangeKind.Source, file, content, time.GetUtcNow()), cancellationToken);
            added.Add(file);
            await File.WriteAllTextAsync(Path.Combine(root, file[1..]), content, cancellationToken);
        }
    }

    private async Task RemoveSourceAsync(string file)
    {
        File.Delete(Path.Combine(root, file[1..]));
        await _record.WriteAsync(
            (await _record.ReadAsync(CancellationToken.None)).Without(ChangeKind.Source, file),
            CancellationToken.None
        );
    }

    private async Task RecordPackagesAsync(AptSimulation simulation, CancellationToken cancellationToken)
    {
        var record = await _record.ReadAsync(cancellationToken);
        foreach (var (name, version) in simulation.New)
            record = record.With(new(ChangeKind.Package, name, version, time.GetUtcNow()));
        await _record.WriteAsync(record, cancellationToken);
    }

    private async Task StartEngineAsync(StartEngine step, CancellationToken cancellationToken)
    {
        if (step.IsNew)
            await _record.AddAsync(
                new(ChangeKind.Engine, step.Program, step.WithSystemd ? "systemd" : "process", time.GetUtcNow()),
                cancellationToken
            );
        if (step.WithSystemd)
            await MustAsync(
                step.IsNew ? ["systemctl", "enable", "--now", "docker"] : ["systemctl", "start", "docker"],
                cancellationToken
            );
        else
            await MustAsync(
                [
                    "start-stop-daemon",
                    "--start",
                    "--oknodo",
                    "--background",
                    "--output",
                    EngineLog,
                    "--pidfile",
                    "/var/run/docker.pid",
                    "--exec",
                    step.Program,
                ],
                cancellationToken
            );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartDeadline);
        while (!(await runner.RunAsync(Command.Of("docker", "version"), cancellationToken)).Succeeded)
        {
            if (limit.IsCancellationRequested)
                throw new TargetFailedException(
                    $"Docker Engine does not answer {StartDeadline.TotalSeconds:0} s after its start.\n{await LogTailAsync(cancellationToken)}\n  next    see {EngineLog}, or `journalctl -u docker`",
                    2
                );
            // The engine tells nobody when it is ready.
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private async Task ProvideBaseImageAsync(ProvideBaseImage step, CancellationToken cancellationToken)
    {
        if ((await runner.RunAsync(Command.Of("docker", "image", "inspect", step.Image), cancellationToken)).Succeeded)
            return;
        var pulled = await runner.RunAsync(Command.Of("docker", "pull", "--quiet", step.Image), cancellationToken);
        if (pulled.Succeeded)
        {
            await _record.AddAsync(new(ChangeKind.Image, step.Image, "pulled", time.GetUtcNow()), cancellationToken);
            return;
        }
        if (!Components.Adapters.Machine.IsRoot)
            throw new TargetFailedException(
                $"the base image {step.Image} cannot be pulled, and making it needs root: {pulled.StandardError.Trim()}\n  next    run ./build.sh Setup as root once, or load the image",
                2
            );
        say(
            $"      it cannot be pulled ({pulled.StandardError.Trim().Split('\n')[^1]}); it is made from Debian's packages"
        );
        if (!File.Exists("/usr/sbin/debootstrap"))
            await _apt.InstallAsync(
                ["debootstrap"],
                $"Load the image {step.Image} yourself: docker load.",
                cancellationToken,
                simulation => RecordPackagesAsync(simulation, cancellationToken)
            );
        var directory = PrivateFiles.CreateFolder("recyclic-base-");
        try
        {
            var made = Path.Combine(directory.FullName, "root");
            IEnumerable<string> mirror = step.Mirror is null ? [] : [step.Mirror];
            await MustAsync(["debootstrap", "--variant=minbase", "bookworm", made, .. mirror], cancellationToken);
            var archive = Path.Combine(directory.FullName, "root.tar");
            await MustAsync(["tar", "-C", made, "-cf", archive, "."], cancellationToken);
            await _record.AddAsync(new(ChangeKind.Image, step.Image, "made", time.GetUtcNow()), cancellationToken);
            await MustAsync(["docker", "import", archive, step.Image], cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task MustAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var run = Command.Of(command[0], command.Skip(1)) with { Timeout = TimeSpan.FromMinutes(15) };
        var result = await runner.RunAsync(run, cancellationToken);
        if (!result.Succeeded)
            throw new TargetFailedException(
                $"Setup failed.\n{new CommandFailedException(result).Message}\n  next    mend what the last lines name and run ./build.sh Setup again",
                2
            );
    }

    private static async Task<string> LogTailAsync(CancellationToken cancellationToken) =>
        File.Exists(EngineLog)
            ? string.Join(
                '\n',
                (await File.ReadAllLinesAsync(EngineLog, cancellationToken)).TakeLast(10).Select(line => "    " + line)
            )
            : "";
}
