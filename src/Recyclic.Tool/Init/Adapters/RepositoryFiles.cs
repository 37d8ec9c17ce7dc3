using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Recyclic.Build;

namespace Recyclic.Cli.Init.Adapters;

/// <summary>The files of a repository: what Init goes by, and what it writes.</summary>
internal sealed partial class RepositoryFiles(AbsolutePath root)
{
    /// <summary>Folders that hold nobody's own files, or too many.</summary>
    private static readonly ImmutableHashSet<string> Passed = ["bin", "obj", "node_modules", "vendor", "artifacts"];

    /// <exception cref="TargetFailedException">A file cannot be read; exit code 2.</exception>
    public RepositoryFacts Read() =>
        Guard(() =>
        {
            ImmutableArray<string> folders =
            [
                "",
                .. Directory
                    .GetDirectories(root)
                    .Select(path => Path.GetFileName(path)!)
                    .Where(name => name[0] != '.' && !Passed.Contains(name))
                    .Order(StringComparer.Ordinal),
            ];
            ImmutableArray<string> files =
            [
                .. folders.SelectMany(folder =>
                    Directory
                        .GetFiles(root / folder)
                        .Select(path =>
                            folder.Length == 0 ? Path.GetFileName(path) : $"{folder}/{Path.GetFileName(path)}"
                        )
                        .Order(StringComparer.Ordinal)
                ),
            ];
            ImmutableArray<string> compose = [.. files.Where(file => Compose().IsMatch(file))];
            // A file in a folder is another application's as a rule, where there is one at the root.
            ImmutableArray<string> atRoot = [.. compose.Where(file => !file.Contains('/', StringComparison.Ordinal))];
            string[] solutions =
            [
                .. files.Where(file =>
                    !file.Contains('/', StringComparison.Ordinal) && Path.GetExtension(file) is ".sln" or ".slnx"
                ),
            ];
            return new RepositoryFacts(
                atRoot.IsEmpty ? compose : atRoot,
                [.. files.Where(file => Dockerfile().IsMatch(file))],
                solutions.Length == 1 ? solutions[0] : null,
                InitPlanner
                    .Written.Concat(InitPlanner.OfOthers)
                    .Where(path => File.Exists(root / path))
                    .ToImmutableDictionary(path => path, path => File.ReadAllText(root / path))
            );
        });

    /// <summary>Below the root, with slashes.</summary>
    /// <exception cref="TargetFailedException">It is not there, cannot be read, or is somewhere else; exit code 2.</exception>
    public string Named(AbsolutePath file) =>
        Guard(() =>
        {
            if (!file.FileExists())
                throw new TargetFailedException($"there is no file {file}\n  files   untouched", exitCode: 2);
            File.OpenRead(file).Dispose();
            return file.IsAtOrBelow(root)
                ? Path.GetRelativePath(root, file).Replace('\\', '/')
                : throw new TargetFailedException(
                    $"{file} is not below {root}\n  files   untouched\n  next    run this in the folder of the application's repository",
                    exitCode: 2
                );
        });

    /// <exception cref="TargetFailedException">A file cannot be written; those before it are there.</exception>
    public void Write(PlannedFile file)
    {
        var path = root / file.Path;
        try
        {
            path.Parent!.CreateDirectory();
            File.WriteAllText(path, file.Content, new UTF8Encoding(false));
            if (file.IsProgram && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(
                    path,
                    File.GetUnixFileMode(path)
                        | UnixFileMode.UserExecute
                        | UnixFileMode.GroupExecute
                        | UnixFileMode.OtherExecute
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TargetFailedException(
                $"{path} cannot be written: {exception.Message}\n  next    mend that, and run this again; what is there is kept",
                inner: exception
            );
        }
    }

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TargetFailedException($"{exception.Message}\n  files   untouched", exitCode: 2, inner: exception);
        }
    }

    [GeneratedRegex(@"(^|/)(docker-)?compose(?![.-]override)([.-][^/]+)?\.ya?ml$")]
    private static partial Regex Compose();

    [GeneratedRegex(@"(^|/)(Dockerfile[^/]*|[^/]+\.Dockerfile)$")]
    private static partial Regex Dockerfile();
}
