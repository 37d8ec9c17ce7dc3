namespace Recyclic.Build.Tooling.DotNet;

/// <summary>How much a command of <c>dotnet</c> prints; under NUKE's names.</summary>
public static class DotNetVerbosity
{
    /// <summary>Errors, warnings and little else.</summary>
    public const string quiet = nameof(quiet);

    /// <summary>A line for each project.</summary>
    public const string minimal = nameof(minimal);

    /// <summary>The steps of each project.</summary>
    public const string normal = nameof(normal);

    /// <summary>What each step does.</summary>
    public const string detailed = nameof(detailed);

    /// <summary>All there is.</summary>
    public const string diagnostic = nameof(diagnostic);
}
