namespace Recyclic.Build.Tooling.DotNet;

/// <summary>What <c>dotnet restore</c> is told.</summary>
public sealed class DotNetRestoreSettings() : DotNetProjectSettings<DotNetRestoreSettings>("restore")
{
    /// <summary>Fails when a lock file would change.</summary>
    public DotNetRestoreSettings EnableLockedMode() => SetLockedMode(true);

    /// <summary>Whether to fail when a lock file would change.</summary>
    public DotNetRestoreSettings SetLockedMode(bool? isLocked) => Flag("--locked-mode", isLocked);

    /// <summary>Where packages come from; default: what the configuration of NuGet says.</summary>
    public DotNetRestoreSettings SetSources(params IEnumerable<string> sources) =>
        Options("--source", [.. sources.SelectMany(source => new[] { "--source", source })]);
}

/// <summary>What <c>dotnet build</c> is told.</summary>
public sealed class DotNetBuildSettings() : DotNetCompilingSettings<DotNetBuildSettings>("build")
{
    /// <summary>Where the results go.</summary>
    public DotNetBuildSettings SetOutputDirectory(string? directory) => Option("--output", directory);

    /// <summary>Builds what is up to date as well.</summary>
    public DotNetBuildSettings EnableNoIncremental() => Flag("--no-incremental", true);
}

/// <summary>What <c>dotnet test</c> is told.</summary>
public sealed class DotNetTestSettings() : DotNetCompilingSettings<DotNetTestSettings>("test")
{
    /// <summary>Does not build first.</summary>
    public DotNetTestSettings EnableNoBuild() => SetNoBuild(true);

    /// <summary>Whether not to build first.</summary>
    public DotNetTestSettings SetNoBuild(bool? noBuild) => Flag("--no-build", noBuild);

    /// <summary>Which tests: <c>Category!=Slow</c>.</summary>
    public DotNetTestSettings SetFilter(string? filter) => Option("--filter", filter);

    /// <summary>Who gets the results: <c>trx;LogFileName=tests.trx</c>.</summary>
    public DotNetTestSettings SetLoggers(params IEnumerable<string> loggers) =>
        Options("--logger", [.. loggers.SelectMany(logger => new[] { "--logger", logger })]);

    /// <summary>Where the results go.</summary>
    public DotNetTestSettings SetResultsDirectory(string? directory) => Option("--results-directory", directory);

    /// <summary>What is collected on the way: <c>XPlat Code Coverage</c>.</summary>
    public DotNetTestSettings SetDataCollector(string? collector) => Option("--collect", collector);

    /// <summary>A <c>.runsettings</c> file.</summary>
    public DotNetTestSettings SetSettingsFile(string? file) => Option("--settings", file);
}

/// <summary>What <c>dotnet publish</c> is told.</summary>
public sealed class DotNetPublishSettings() : DotNetCompilingSettings<DotNetPublishSettings>("publish")
{
    /// <summary>Does not build first.</summary>
    public DotNetPublishSettings EnableNoBuild() => SetNoBuild(true);

    /// <summary>Whether not to build first.</summary>
    public DotNetPublishSettings SetNoBuild(bool? noBuild) => Flag("--no-build", noBuild);

    /// <summary>Where the results go.</summary>
    public DotNetPublishSettings SetOutput(string? directory) => Option("--output", directory);

    /// <summary>Brings the runtime along.</summary>
    public DotNetPublishSettings EnableSelfContained() => SetSelfContained(true);

    /// <summary>Whether the runtime is brought along; null: as the project has it.</summary>
    public DotNetPublishSettings SetSelfContained(bool? isSelfContained) =>
        Options(
            "--self-contained",
            isSelfContained switch
            {
                true => ["--self-contained"],
                false => ["--no-self-contained"],
                null => [],
            }
        );
}

/// <summary>What <c>dotnet pack</c> is told.</summary>
public sealed class DotNetPackSettings() : DotNetCompilingSettings<DotNetPackSettings>("pack")
{
    /// <summary>Does not build first.</summary>
    public DotNetPackSettings EnableNoBuild() => SetNoBuild(true);

    /// <summary>Whether not to build first.</summary>
    public DotNetPackSettings SetNoBuild(bool? noBuild) => Flag("--no-build", noBuild);

    /// <summary>Where the packages go.</summary>
    public DotNetPackSettings SetOutputDirectory(string? directory) => Option("--output", directory);

    /// <summary>Makes packages of symbols too.</summary>
    public DotNetPackSettings EnableIncludeSymbols() => Flag("--include-symbols", true);

    /// <summary>The property SymbolPackageFormat: <c>snupkg</c>.</summary>
    public DotNetPackSettings SetSymbolPackageFormat(string? format) => SetProperty("SymbolPackageFormat", format);
}

/// <summary>
/// What <c>dotnet nuget push</c> is told. With a key, the package is sent by the build itself: see
/// <see cref="SetApiKey"/>.
/// </summary>
public sealed class DotNetNuGetPushSettings() : DotNetSettings<DotNetNuGetPushSettings>("nuget", "push")
{
    internal string? Target => Subject;
    internal string? Source { get; private set; }
    internal string? ApiKey { get; private set; }
    internal bool SkipsDuplicates { get; private set; }

    /// <summary>The package, or a pattern for several of one directory: <c>output/*.nupkg</c>.</summary>
    public DotNetNuGetPushSettings SetTargetPath(string? path) => About(path);

    /// <summary>The address of the server, or, without a key, a name that NuGet's configuration has for it.</summary>
    public DotNetNuGetPushSettings SetSource(string? source)
    {
        var copy = Option("--source", source);
        copy.Source = source;
        return copy;
    }

    /// <summary>
    /// The key of the server. The program would take it on its command line only, where every user of the machine can
    /// read it, so that a package with a key is sent without it: by HTTPS, with the key in its header.
    /// </summary>
    public DotNetNuGetPushSettings SetApiKey(string? key)
    {
        var copy = (DotNetNuGetPushSettings)MemberwiseClone();
        copy.ApiKey = string.IsNullOrWhiteSpace(key) ? null : key;
        return copy;
    }

    /// <summary>A version that is there already is no failure.</summary>
    public DotNetNuGetPushSettings EnableSkipDuplicate() => SetSkipDuplicate(true);

    /// <summary>Whether a version that is there already is no failure.</summary>
    public DotNetNuGetPushSettings SetSkipDuplicate(bool? skips)
    {
        var copy = Flag("--skip-duplicate", skips);
        copy.SkipsDuplicates = skips == true;
        return copy;
    }
}
