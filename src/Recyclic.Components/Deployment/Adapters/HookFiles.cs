using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components.Adapters;

/// <summary>
/// Hooks that are executables, one a point: `deploy/hooks/pre-shift`. A file with a dot in its name is none: notes and
/// samples may lie there too.
/// </summary>
/// <param name="Hooks">By point, the file.</param>
/// <param name="Problems">What is there and cannot be run.</param>
internal sealed record HookFiles(
    ImmutableArray<(HookPoint Point, string Path)> Hooks,
    ImmutableArray<ConfigurationProblem> Problems
)
{
    private const int MostEvidence = 20;

    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="root">The folder that the files are named from.</param>
    public static HookFiles In(string folder, string root)
    {
        if (!Directory.Exists(folder))
            return new([], []);
        var hooks = ImmutableArray.CreateBuilder<(HookPoint, string)>();
        var problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name.Contains('.') || name == "README" || Directory.Exists(path) && HookPoints.Parse(name) is null)
                continue;
            var place = Shown(path, root);
            if (HookPoints.Parse(name) is not { } point)
                problems.Add(
                    new(
                        place,
                        "no point of a deploy has that name",
                        $"Call it one of: {string.Join(", ", HookPoints.All.Select(each => each.Name()))}; or add a dot to its name, such as {name}.sample, if it is not to run."
                    )
                );
            else if (Directory.Exists(path))
                problems.Add(new(place, "it is a folder", "A hook is one executable file."));
            else if (File.ResolveLinkTarget(path, true) is { Exists: false })
                problems.Add(new(place, "it is a link to nothing", "Mend the link, or remove it."));
            else if (
                !OperatingSystem.IsWindows()
                && (File.GetUnixFileMode(File.ResolveLinkTarget(path, true)?.FullName ?? path) & Executable) == 0
            )
                problems.Add(
                    new(
                        place,
                        "it is not executable",
                        $"Make it so: chmod +x {Command.Quote(place)}; with git: git update-index --chmod=+x {Command.Quote(place)}."
                    )
                );
            else
                hooks.Add((point, path));
        }
        return new(hooks.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>The typed hooks of a build with the executables behind them.</summary>
    /// <param name="say">Gets each line that they print.</param>
    public DeployHooks AddTo(DeployHooks typed, IRecyclicBuild build, TimeSpan deadline, Action<string> say) =>
        Hooks.Aggregate(
            typed,
            (all, file) =>
                all.With(
                    new Hook(
                        file.Point,
                        Shown(file.Path, build.RootDirectory),
                        (facts, cancellationToken) =>
                            RunAsync(build, file.Path, facts, deadline, say, cancellationToken)
                    )
                    {
                        Deadline = deadline,
                    }
                )
        );

    /// <summary>It inherits what any program needs, and no secret of the build; ADR 33.</summary>
    private static async Task RunAsync(
        IRecyclicBuild build,
        string path,
        HookFacts facts,
        TimeSpan deadline,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        CommandResult result;
        try
        {
            result = await build.CommandRunner.RunAsync(
                Command.Of(path) with
                {
                    WorkingDirectory = build.RootDirectory,
                    Environment = facts.ToVariables().ToImmutableDictionary(),
                    Inherits = ToolVariables.Everyone,
                    Timeout = deadline,
                    OnLine = say,
                    OutputLimit = 64 * 1024,
                },
                cancellationToken
            );
        }
        catch (CommandFailedException exception)
        {
            throw new StepFailedException(exception.Message.Split('\n')[0], []);
        }
        if (!result.Succeeded)
            throw new StepFailedException(
                $"it ended with exit code {result.ExitCode}",
                [
                    .. (result.StandardError.Trim().Length > 0 ? result.StandardError : result.StandardOutput)
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .TakeLast(MostEvidence)
                        .Select(line => PrintableText.Of(line, 200)),
                ]
            );
    }

    private static string Shown(string path, string root) =>
        PrintableText.Of(Path.GetRelativePath(root, path).Replace('\\', '/'), 200);
}
