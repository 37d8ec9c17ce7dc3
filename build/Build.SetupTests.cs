using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Components.Setup.Adapters;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

/// <summary>
/// What tests need beyond what a deploy needs: a second host is made of a network namespace, an engine and an sshd. Where these are
/// missing and cannot be had, the tests that need them are skipped and say so.
/// </summary>
partial class Build
{
    /// <summary>By program: the package that has it.</summary>
    private static readonly ImmutableArray<(string Program, string Package)> TestPrograms =
        [("sshd", "openssh-server"), ("ssh", "openssh-client"), ("ip", "iproute2"), ("nsenter", "util-linux")];

    /// <summary>Starts no service of what is installed: by this a package believes that the system is in maintenance.</summary>
    private static readonly ImmutableDictionary<string, string> Unattended = ImmutableDictionary<string, string>.Empty.Add("RUNLEVEL", "1");

    Target SetupTests => _ => _
        .Description("Installs what tests with a second host need, as root and where no service manager would start it")
        .Unlisted()
        .DependsOn<ISetup>(build => build.Setup)
        .Executes(SetupTestsAsync);

    private async Task SetupTestsAsync(CancellationToken cancellationToken)
    {
        string[] directories = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/sbin"];
        bool Has(string program) => directories.Any(directory => File.Exists(Path.Combine(directory, program)));
        string[] packages = [.. TestPrograms.Where(needed => !Has(needed.Program)).Select(needed => needed.Package)];
        if (packages.Length == 0 || !OperatingSystem.IsLinux()) return;
        var command = $"apt-get install {string.Join(' ', packages)}";
        if (DryRun || !Environment.IsPrivilegedProcess || !Has("apt-get") || Directory.Exists("/run/systemd/system") || ((ISetup)this).NoSetup)
        {
            WriteLine(DryRun ? $"would run {command}" : $"Tests with a second host will be skipped; they need: {command}");
            return;
        }
        WriteLine($"      {command}");
        try
        {
            // Guarded as Setup is: a machine gets more programs for a test, and keeps all that it has.
            await new AptGet(new ProcessCommandRunner(), WriteLine, variables: Unattended).InstallAsync([.. packages], "Install them yourself.", cancellationToken);
        }
        catch (Exception exception) when (exception is ConfigurationException or TargetFailedException or CommandFailedException)
        {
            // Not a reason to run no tests at all.
            WriteLine($"Tests with a second host will be skipped: {exception.Message}");
        }
    }
}
