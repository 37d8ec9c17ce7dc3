using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Recyclic.Terminals;

/// <summary>Programs that a test needs and a machine may lack; <c>./build.sh SetupTests</c> brings them.</summary>
internal static class TestPrograms
{
    public static string Repository { get; } = FindRepository(TestContext.CurrentContext.TestDirectory);

    /// <summary>Where <c>SetupTests</c> puts what it does not install.</summary>
    public static string Folder { get; } = Path.Combine(Repository, ".nuke", "temp", "test-programs");

    /// <summary>PowerShell finds the runtime, wherever that is, and speaks to nobody.</summary>
    public static ImmutableDictionary<string, string> ForPowerShell { get; } =
        ImmutableDictionary<string, string>
            .Empty.Add(
                "DOTNET_ROOT",
                Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."))
            )
            .Add("POWERSHELL_TELEMETRY_OPTOUT", "1")
            .Add("POWERSHELL_UPDATECHECK", "Off");

    /// <summary>Where it is; ends the test as skipped where it is not.</summary>
    public static string FindOrIgnore(string program)
    {
        string[] directories =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            Folder,
        ];
        var found = directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
        return found is not null
            ? Path.GetFullPath(found)
            : throw new IgnoreException($"{program} is not installed; ./build.sh SetupTests brings it");
    }

    private static string FindRepository(string directory) =>
        File.Exists(Path.Combine(directory, "build.sh"))
            ? directory
            : FindRepository(
                Path.GetDirectoryName(directory)
                    ?? throw new DirectoryNotFoundException("there is no build.sh above the tests")
            );
}
