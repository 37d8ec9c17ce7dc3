using Recyclic.Build.CommandLine;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.Adapters;

/// <summary>The bytes of a parameters file.</summary>
internal sealed record ParameterFileContent(string Name, byte[] Json, ParameterSource Source);

/// <summary>Reads the parameters files of a root directory, the strongest first.</summary>
internal static class ParameterFiles
{
    private const string Common = ".nuke/parameters.json";

    public static IEnumerable<ParameterFileContent> Read(
        AbsolutePath root,
        IReadOnlyList<string> profiles,
        List<string> mistakes
    )
    {
        foreach (var profile in profiles.Reverse().Distinct())
        {
            var name = $".nuke/parameters.{profile}.json";
            if (!profile.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.'))
                mistakes.Add($"profile {Shown.Cut(profile)}: a name has letters, digits, '-', '_' and '.'");
            else if (!File.Exists(root / name))
                mistakes.Add(Missing(root, profile, name));
            else if (Content(root, name, ParameterSource.ProfileFile, mistakes) is { } content)
                yield return content;
        }
        if (File.Exists(root / Common) && Content(root, Common, ParameterSource.ParametersFile, mistakes) is { } common)
            yield return common;
    }

    private static ParameterFileContent? Content(
        AbsolutePath root,
        string name,
        ParameterSource source,
        List<string> mistakes
    )
    {
        try
        {
            return new(name, File.ReadAllBytes(root / name), source);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{name} cannot be read: {exception.Message}");
            return null;
        }
    }

    private static string Missing(AbsolutePath root, string profile, string name)
    {
        string[] names = Directory.Exists(root / ".nuke")
            ?
            [
                .. Directory
                    .GetFiles(root / ".nuke", "parameters.*.json")
                    .Select(file => Path.GetFileName(file)["parameters.".Length..^".json".Length])
                    .Order(StringComparer.Ordinal),
            ]
            : [];
        var suggestion = Suggestion.For(profile, names);
        return $"profile {Shown.Cut(profile)}: there is no {Shown.Cut(name)}{(suggestion.Length > 0 || names.Length == 0 ? suggestion : $"; there are {Shown.List(names)}")}";
    }
}
