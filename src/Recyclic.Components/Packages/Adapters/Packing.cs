using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Recyclic.Build;
using Recyclic.Processes;
using Serilog;

namespace Recyclic.Components.Packages.Adapters;

/// <summary>
/// One <c>dotnet pack</c> for all projects, in a folder of its own, so that neither the version nor mapped paths reach
/// what other targets compile.
/// </summary>
internal static partial class Packing
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    public static async Task RunAsync(IPack build, CancellationToken cancellationToken)
    {
        var version = VersionOf(build);
        var projects = build.PackedProjects.ToList();
        if (build.DryRun)
        {
            foreach (var project in projects)
                build.WriteLine($"would pack {project.NameWithoutExtension} {version} into {build.PackagesDirectory}");
            return;
        }
        var work = build.TemporaryDirectory / "pack";
        var fresh = (work / "packages").CreateOrCleanDirectory();
        var solution = work / "packed.slnx";
        await File.WriteAllTextAsync(solution, Solution(projects), cancellationToken);
        string[] arguments =
        [
            "pack",
            solution,
            "-c",
            "Release",
            "-o",
            fresh,
            "--artifacts-path",
            work / "artifacts",
            "-v:quiet",
            "-clp:NoSummary",
            "-nodeReuse:false",
            "-p:ShouldUnsetParentConfigurationAndPlatform=false",
            // Paths of this machine stay out of assemblies and symbols.
            "-p:ContinuousIntegrationBuild=true",
            "-p:Deterministic=true",
            // What analyzers say is another target's matter, and takes half of the time.
            "-p:RunAnalyzers=false",
            $"-p:Version={version}",
            $"-p:PackageReleaseNotes={Escaped(Notes(build, version))}",
        ];
        var command = Command.Of("dotnet", arguments) with
        {
            WorkingDirectory = build.RootDirectory,
            Timeout = Deadline,
            OnLine = line => Log.Information("{Line:l}", line),
        };
        if (!(await build.CommandRunner.RunAsync(command, cancellationToken)).Succeeded)
            throw new TargetFailedException(
                "the packages cannot be made; the errors are above\n  users   untouched; no package was changed\n  next    mend what the lines above name"
            );
        var made = fresh.GlobFiles("*.nupkg", "*.snupkg").OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        if (made.Count == 0)
            throw new TargetFailedException("there was nothing to pack: no project of PackedProjects is packable");
        build.PackagesDirectory.CreateDirectory();
        foreach (var file in made)
        {
            PackageFile.Rewrite(file, build.PackagesDirectory / file.Name);
            if (file.Name.EndsWith(".nupkg", StringComparison.Ordinal))
                build.WriteLine($"  {file.NameWithoutExtension}");
        }
        build.WriteLine($"in {build.PackagesDirectory}");
        build.ReportSummary(
            "Packages",
            $"{made.Count(file => file.Name.EndsWith(".nupkg", StringComparison.Ordinal))}, {version}"
        );
    }

    /// <exception cref="TargetFailedException">It is no version; exit code 2.</exception>
    public static string VersionOf(IPack build)
    {
        var version = build.PackageVersion ?? build.DefaultPackageVersion;
        return SemanticVersion().IsMatch(version)
            ? version
            : throw new TargetFailedException(
                $"'{version}' is no version of a package: write --package-version 1.2.3, or 1.2.3-beta.1",
                exitCode: 2
            );
    }

    /// <summary>Pure: as MSBuild takes a property's value on its command line.</summary>
    internal static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
            if (
                char.IsAsciiLetterOrDigit(character)
                || character > 127
                || character is ' ' or '.' or '-' or '_' or '/' or ':' or '#'
            )
                escaped.Append(character);
            else
                escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{(int)character:X2}");
        return escaped.ToString();
    }

    private static string Notes(IPack build, string version) =>
        build.PackagesChangelog.FileExists() ? PackedNotes.Of(build.PackagesChangelog.ReadAllText(), version) : "";

    private static string Solution(IEnumerable<AbsolutePath> projects) =>
        new XElement(
            "Solution",
            projects.Select(path => new XElement("Project", new XAttribute("Path", path.ToString())))
        ).ToString();

    [GeneratedRegex(
        @"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z.-]+)?$"
    )]
    private static partial Regex SemanticVersion();
}
