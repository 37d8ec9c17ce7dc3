namespace Recyclic.Build.Adapters;

/// <summary>The bytes of a parameters file.</summary>
internal sealed record ParameterFileContent(string Name, byte[] Json, ParameterSource Source);

/// <summary>Reads the parameters files of a root directory, the strongest first.</summary>
internal static class ParameterFiles
{
    public static IEnumerable<ParameterFileContent> Read(AbsolutePath root, IReadOnlyList<string> profiles, List<string> mistakes)
    {
        foreach (var profile in profiles.Reverse())
        {
            var name = $".nuke/parameters.{profile}.json";
            if (File.Exists(root / name)) yield return new(name, File.ReadAllBytes(root / name), ParameterSource.ProfileFile);
            else mistakes.Add($"profile {profile}: there is no {name}");
        }
        const string common = ".nuke/parameters.json";
        if (File.Exists(root / common)) yield return new(common, File.ReadAllBytes(root / common), ParameterSource.ParametersFile);
    }
}
