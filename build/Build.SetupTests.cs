using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components;
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

    /// <summary>Asks for no answers, and starts no service of what is installed: by this a package believes that the system is in maintenance.</summary>
    private static readonly ImmutableDictionary<string, string> Unattended =
        ImmutableDictionary<string, string>.Empty.Add("DEBIAN_FRONTEND", "noninteractive").Add("RUNLEVEL", "1");

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
        foreach (var arguments in new string[][] { ["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", .. packages] })
            if (await CommandRunner.RunAsync(Command.Of("apt-get", arguments) with { Environment = Unattended, Timeout = TimeSpan.FromMinutes(5) }, cancellationToken) is { Succeeded: false } failed)
            {
                // Not a reason to run no tests at all.
                WriteLine($"Tests with a second host will be skipped: {new CommandFailedException(failed).Message}");
                return;
            }
    }
}
