namespace Recyclic.Build.Adapters;

/// <summary>The profiles that have a parameters file.</summary>
internal static class Profiles
{
    public static IEnumerable<string> In(AbsolutePath root) =>
        (root / ".nuke")
            .GlobFiles("parameters.*.json")
            .Select(file => file.NameWithoutExtension["parameters.".Length..]);
}
