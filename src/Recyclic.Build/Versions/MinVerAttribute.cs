using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Recyclic.Build.Running;
using Recyclic.Processes;
using Serilog.Events;

namespace Recyclic.Build.Versions;

/// <summary>A version that the tags of a git repository give its commit, as MinVer reckons it.</summary>
public sealed record MinVer
{
    internal MinVer(TagVersion version) => (Of, Version) = (version, version.ToString());

    private TagVersion Of { get; }

    /// <summary>All of it: <c>1.2.4-alpha.0.3</c>.</summary>
    public string Version { get; }

    /// <summary>The same, for packages.</summary>
    public string PackageVersion => Version;

    /// <summary>For assemblies, which refer to each other by it: <c>1.0.0.0</c>.</summary>
    public string AssemblyVersion => $"{MinVerMajor}.0.0.0";

    /// <summary>For files: <c>1.2.4.0</c>.</summary>
    public string FileVersion => $"{MinVerMajor}.{MinVerMinor}.{MinVerPatch}.0";

    /// <summary>The first number.</summary>
    public string MinVerMajor => Of.Major.ToString(CultureInfo.InvariantCulture);

    /// <summary>The second number.</summary>
    public string MinVerMinor => Of.Minor.ToString(CultureInfo.InvariantCulture);

    /// <summary>The third number.</summary>
    public string MinVerPatch => Of.Patch.ToString(CultureInfo.InvariantCulture);

    /// <summary>What follows the dash: <c>alpha.0.3</c>; empty for a release.</summary>
    public string MinVerPreRelease => Of.PreReleaseText;

    /// <summary>What follows the plus sign of the tag; empty for most.</summary>
    public string MinVerBuildMetadata => Of.Metadata;

    /// <summary>
    /// Reckons it when it is asked for, in a target that runs, where <see cref="MinVerAttribute"/> does so at each start.
    /// </summary>
    /// <param name="tagPrefix">What tags of versions begin with: <c>v</c>; default: nothing.</param>
    /// <param name="minimumMajorMinor">The least major and minor number, <c>2.0</c>; default: none.</param>
    /// <exception cref="TargetFailedException">The root directory is in no git repository, or git cannot be run; exit
    /// code 2.</exception>
    public static MinVer FromTags(string tagPrefix = "", string minimumMajorMinor = "0.0") =>
        new(
            new MinVerAttribute { TagPrefix = tagPrefix, MinimumMajorMinor = minimumMajorMinor }.Reckon(
                BuildSession.Current
            )
        );

    /// <summary>All of it.</summary>
    public override string ToString() => Version;
}

/// <summary>
/// Fills a member of type <see cref="MinVer"/>, or of type <c>string</c>, with the version of the commit that is
/// checked out, by the rules of MinVer: a version tag on the commit is its version; after a pre-release tag the number
/// of commits since is appended; after a release the next one is begun, <c>1.2.4-alpha.0.3</c>; without any tag it is
/// <c>0.0.0-alpha.0.…</c>. One git command is run, which only reads. </summary>
public sealed class MinVerAttribute : ValueInjectionAttributeBase
{
    private const int LongestLog = 256 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What tags of versions begin with: <c>v</c>; default: nothing.</summary>
    public string TagPrefix { get; set; } = "";

    /// <summary>The least major and minor number, <c>2.0</c>; default: none.</summary>
    public string MinimumMajorMinor { get; set; } = "0.0";

    /// <summary>What is raised after a release; default: the patch number.</summary>
    public VersionPart AutoIncrement { get; set; }

    /// <summary>What a version begins with that no tag names; default: <c>alpha.0</c>.</summary>
    public string DefaultPreReleaseIdentifiers { get; set; } = "alpha.0";

    /// <inheritdoc/>
    /// <exception cref="TargetFailedException">The root directory is in no git repository, or git cannot be run; exit
    /// code 2.</exception>
    public override object? GetValue(MemberInfo member, object instance)
    {
        ArgumentNullException.ThrowIfNull(member);
        var version = Reckon(BuildSession.Current);
        return
            member is PropertyInfo { PropertyType: var type } && type == typeof(string)
            || member is FieldInfo { FieldType: var field } && field == typeof(string)
            ? version.ToString()
            : new MinVer(version);
    }

    internal TagVersion Reckon(BuildSession session)
    {
        var least =
            MinimumMajorMinor.Split('.') is [var major, var minor]
            && int.TryParse(major, out var a)
            && int.TryParse(minor, out var b)
                ? (a, b)
                : throw new TargetFailedException(
                    $"MinimumMajorMinor is '{MinimumMajorMinor}': write two numbers, \"2.0\"",
                    exitCode: 2
                );
        var commits = Commits(session);
        var version = TagHistory.VersionOf(
            commits,
            TagPrefix,
            AutoIncrement,
            [.. DefaultPreReleaseIdentifiers.Split('.')],
            least
        );
        if (version.Height > 0 && Git(session, "rev-parse", "--is-shallow-repository").StandardOutput.Trim() == "true")
            session.Output.Log(
                LogEventLevel.Warning,
                "",
                $"this clone is shallow, so the version {version} may not be the commit's: fetch all of the history (fetch-depth: 0)"
            );
        return version;
    }

    private static ImmutableArray<TaggedCommit> Commits(BuildSession session)
    {
        var log = Git(
            session,
            "log",
            "--no-color",
            "--format=%H%x09%P%x09%D",
            "--decorate=full",
            "--decorate-refs=refs/tags/*"
        );
        if (log.IsCut)
            throw new TargetFailedException("the history of the repository is too long to be read", exitCode: 2);
        if (log.Succeeded)
            return TagHistory.Parse(log.StandardOutput);
        // There is a repository, and no commit in it.
        if (
            Git(session, "rev-parse", "--git-dir").Succeeded && !Git(session, "rev-parse", "--verify", "HEAD").Succeeded
        )
            return [];
        throw new TargetFailedException(
            $"`git log` in {session.RootDirectory} exited with code {log.ExitCode}: {log.StandardError.Split('\n')[0]}; a version from tags needs a git repository",
            exitCode: 2
        );
    }

    private static CommandResult Git(BuildSession session, params string[] arguments)
    {
        var command = Command.Of("git", arguments) with
        {
            WorkingDirectory = session.RootDirectory,
            IsReadOnly = true,
            Timeout = Patience,
            OutputLimit = LongestLog,
        };
        return session.CommandRunner.RunAsync(command, CancellationToken.None).GetAwaiter().GetResult();
    }
}
