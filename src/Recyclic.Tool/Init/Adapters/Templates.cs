using System.Reflection;

namespace Recyclic.Cli.Init.Adapters;

/// <summary>What comes with the tool.</summary>
internal static class Templates
{
    private static readonly Assembly Own = typeof(Templates).Assembly;

    public static string Read(string name)
    {
        using var reader = new StreamReader(
            Own.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"the tool lacks {name}")
        );
        return reader.ReadToEnd();
    }

    /// <summary>The packages have the tool's own.</summary>
    public static string Version =>
        Own.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
