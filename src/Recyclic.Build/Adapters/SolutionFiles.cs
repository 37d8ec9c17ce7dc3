using Microsoft.VisualStudio.SolutionPersistence.Model;
using Microsoft.VisualStudio.SolutionPersistence.Serializer;
using Recyclic.Build.ProjectModel;

namespace Recyclic.Build.Adapters;

/// <summary>
/// Finds and reads solution files. Nobody else touches the library that reads them, so that it is loaded only for a
/// build that has one.
/// </summary>
internal static class SolutionFiles
{
    /// <param name="root">Where it is looked for.</param>
    /// <param name="option">The name of the parameter that would name it.</param>
    /// <exception cref="TargetFailedException">There is none, or there are several.</exception>
    public static AbsolutePath Only(AbsolutePath root, string option)
    {
        string[] files = Directory.Exists(root)
            ? [.. Directory.GetFiles(root).Where(IsSolution).Order(StringComparer.Ordinal)]
            : [];
        return files switch
        {
            [var one] => one,
            [] => throw new TargetFailedException(
                $"there is no .sln or .slnx in {root}: write [Solution(\"src/Name.slnx\")], or give --{option}",
                exitCode: 2
            ),
            _ => throw new TargetFailedException(
                $"there are {string.Join(" and ", files.Select(Path.GetFileName))} in {root}: write [Solution(\"{Path.GetFileName(files[0])}\")], or give --{option}",
                exitCode: 2
            ),
        };
    }

    /// <exception cref="TargetFailedException">There is no such file, or it cannot be read.</exception>
    public static Solution Read(AbsolutePath path)
    {
        if (!File.Exists(path))
            throw new TargetFailedException($"there is no file {path}", exitCode: 2);
        if (!IsSolution(path))
            throw new TargetFailedException($"{path} is no .sln or .slnx", exitCode: 2);
        try
        {
            var model = SolutionSerializers
                .GetSerializerByMoniker(path)!
                .OpenAsync(path, CancellationToken.None)
                .GetAwaiter()
                .GetResult();
            return new(
                path,
                model.SolutionProjects.Select(project =>
                    (
                        project.ActualDisplayName,
                        path.Parent! / project.FilePath.Replace('\\', '/'),
                        project.Parent?.Path
                    )
                )
            );
        }
        catch (Exception exception)
            when (exception
                    is SolutionException
                        or IOException
                        or UnauthorizedAccessException
                        or System.Xml.XmlException
            )
        {
            var place = exception is SolutionException { Line: { } line } ? $"{path}:{line}" : path.ToString();
            throw new TargetFailedException($"{place} cannot be read: {exception.Message}", exitCode: 2, exception);
        }
    }

    private static bool IsSolution(string file) => Path.GetExtension(file).ToLowerInvariant() is ".sln" or ".slnx";
}
