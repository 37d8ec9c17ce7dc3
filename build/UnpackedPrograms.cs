using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components.Setup.Adapters;
using Recyclic.Processes;

/// <summary>
/// Programs for tests on a machine where their packages cannot be installed without touching what is there: unpacked
/// into a folder of the repository, each with a script of its name that starts it, so that nothing of the machine
/// changes. </summary>
internal sealed class UnpackedPrograms(AbsolutePath folder, ICommandRunner runner)
{
    private const string Libraries = """
        #!/bin/sh
        here=$(dirname "$0")/packages/{package}
        for directory in "$here"/root/usr/lib/*-linux-gnu* "$here"/root/lib/*-linux-gnu*; do LD_LIBRARY_PATH=$directory:$LD_LIBRARY_PATH; done
        export LD_LIBRARY_PATH

        """;

    /// <summary>In a mount namespace of its own, which has the account that sshd wants.</summary>
    private const string StartSshd = """
        exec unshare --mount -- /bin/sh -c 'mount --bind "$0/passwd" /etc/passwd && exec "$0/root/usr/sbin/sshd" "$@"' "$here" "$@"

        """;

    private const string StartShell = """
        for place in usr/bin bin; do if [ -x "$here/root/$place/{program}" ]; then exec "$here/root/$place/{program}" "$@"; fi; done

        """;

    /// <summary>By package: what can be started from where it was unpacked.</summary>
    private static readonly ImmutableDictionary<string, (string Program, string Start)> Known = ImmutableDictionary<string, (string, string)>.Empty
        .Add("openssh-server", ("sshd", StartSshd)).Add("zsh", ("zsh", StartShell)).Add("fish", ("fish", StartShell)).Add("pebble", ("pebble", StartShell));

    public static bool IsPossible(string package) => Known.ContainsKey(package);

    /// <summary>Whether it is there. Tests look into this folder besides the PATH.</summary>
    public bool Has(string program) => (folder / program).FileExists();

    public async Task UnpackAsync(AptGet apt, string package, CancellationToken cancellationToken)
    {
        var simulation = await apt.SimulateAsync(["install", "--no-install-recommends", package], cancellationToken);
        ImmutableArray<string> packages = [.. simulation.New.Keys.DefaultIfEmpty(package)];
        var place = (folder / "packages" / package).CreateOrCleanDirectory();
        await RunAsync(place, "apt-get", ["download", "-q", .. packages], cancellationToken);
        foreach (var file in Directory.GetFiles(place, "*.deb")) await RunAsync(place, "dpkg", ["-x", file, place / "root"], cancellationToken);
        var (program, start) = Known[package];
        if (program == "sshd")
        {
            var accounts = await File.ReadAllTextAsync("/etc/passwd", cancellationToken);
            await File.WriteAllTextAsync(place / "passwd", accounts.TrimEnd('\n') + "\nsshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n", cancellationToken);
        }
        // The authority comes with a DNS of its own.
        foreach (var each in package == "pebble" ? new[] { program, "pebble-challtestsrv" } : [program])
        {
            var script = (Libraries + start).Replace("{package}", package, StringComparison.Ordinal).Replace("{program}", each, StringComparison.Ordinal);
            await File.WriteAllTextAsync(folder / each, script, cancellationToken);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder / each, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task RunAsync(AbsolutePath place, string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        (await runner.RunAsync(Command.Of(program, arguments) with { WorkingDirectory = place, Timeout = TimeSpan.FromMinutes(5) }, cancellationToken)).EnsureSuccess();
}
