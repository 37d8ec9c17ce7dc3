using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Components.Setup.Adapters;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

/// <summary>
/// What tests need beyond what a deploy needs: a second host is made of a network namespace, an engine and an sshd;
/// completion and <c>build.ps1</c> are tried in the shells that they are for. Where these are missing and cannot be
/// had, the tests that need them are skipped and say so.
/// </summary>
partial class Build
{
    /// <summary>A tool of .NET's, from the feed of all other packages.</summary>
    private const string PowerShellVersion = "7.6.9";

    /// <summary>By program: the package that has it.</summary>
    private static readonly ImmutableArray<(string Program, string Package)> TestPrograms =
        [("sshd", "openssh-server"), ("ssh", "openssh-client"), ("ip", "iproute2"), ("nsenter", "util-linux"), ("zsh", "zsh"), ("fish", "fish"), ("pebble", "pebble")];

    /// <summary>
    /// Starts no service of what is installed: by this a package believes that the system is in maintenance.
    /// </summary>
    private static readonly ImmutableDictionary<string, string> Unattended = ImmutableDictionary<string, string>.Empty.Add("RUNLEVEL", "1");

    Target SetupTests => _ => _
        .Description("Brings what tests with a second host and other shells need; packages as root and where no service manager would start them")
        .Unlisted()
        .DependsOn<ISetup>(build => build.Setup)
        .Executes(SetupTestsAsync);

    private AbsolutePath TestProgramsFolder => TemporaryDirectory / "test-programs";

    private UnpackedPrograms Unpacked => new(TestProgramsFolder, new ProcessCommandRunner());

    private async Task SetupTestsAsync(CancellationToken cancellationToken)
    {
        if (!HasTestProgram("pwsh")) await BringPowerShellAsync(cancellationToken);
        ImmutableArray<string> packages = [.. TestPrograms.Where(needed => !HasTestProgram(needed.Program)).Select(needed => needed.Package)];
        if (packages.Length == 0 || !OperatingSystem.IsLinux()) return;
        var command = $"apt-get install {string.Join(' ', packages)}";
        if (DryRun || !Environment.IsPrivilegedProcess || !HasTestProgram("apt-get") || Directory.Exists("/run/systemd/system") || ((ISetup)this).NoSetup)
        {
            WriteLine(DryRun ? $"would run {command}" : $"Some tests will be skipped; they need: {command}");
            return;
        }
        WriteLine($"      {command}");
        // Guarded as Setup is: a machine gets more programs for a test, and keeps all that it has.
        await BringAsync(new AptGet(new ProcessCommandRunner(), WriteLine, variables: Unattended), packages, cancellationToken);
    }

    private bool HasTestProgram(string program)
    {
        string[] directories = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/sbin"];
        return Unpacked.Has(program) || directories.Any(directory => File.Exists(Path.Combine(directory, program)));
    }

    private async Task BringPowerShellAsync(CancellationToken cancellationToken)
    {
        string[] arguments = ["tool", "install", "powershell", "--version", PowerShellVersion, "--tool-path", TestProgramsFolder];
        if (DryRun || ((ISetup)this).NoSetup)
        {
            WriteLine($"{(DryRun ? "would run" : "Tests of build.ps1 will be skipped; they need:")} dotnet {string.Join(' ', arguments)}");
            return;
        }
        WriteLine($"      dotnet {string.Join(' ', arguments)}");
        if (await DotNetAsync(arguments, cancellationToken) is { Succeeded: false }) WriteLine("Tests of build.ps1 will be skipped; the reason is above");
    }

    private async Task BringAsync(AptGet apt, ImmutableArray<string> packages, CancellationToken cancellationToken)
    {
        try
        {
            await InstallOrUnpackAsync(apt, packages, cancellationToken);
        }
        catch (ConfigurationException) when (packages.Length > 1)
        {
            foreach (var package in packages) await BringAsync(apt, [package], cancellationToken);
        }
        catch (Exception exception) when (exception is ConfigurationException or TargetFailedException or CommandFailedException)
        {
            // Not a reason to run no tests at all.
            WriteLine($"Tests that need {string.Join(", ", packages)} will be skipped: {exception.Message}");
        }
    }

    private async Task InstallOrUnpackAsync(AptGet apt, ImmutableArray<string> packages, CancellationToken cancellationToken)
    {
        try
        {
            await apt.InstallAsync(packages, "Install them yourself.", cancellationToken);
        }
        catch (ConfigurationException) when (packages is [var package] && UnpackedPrograms.IsPossible(package))
        {
            await Unpacked.UnpackAsync(apt, package, cancellationToken);
            WriteLine($"      {package} would change what is installed: unpacked into {TestProgramsFolder}, for tests alone");
        }
    }
}
