using Recyclic.Build.Adapters;
using Recyclic.Build.Running;

namespace Recyclic.Build.Tooling.DotNet;

/// <summary>
/// Commands of <c>dotnet</c>: <c>DotNetTest(s => s.SetProjectFile(Solution).EnableNoBuild())</c>. Each runs to its end,
/// prints what it prints, returns its lines, and fails when its exit code is not 0. A second form runs several, which
/// <c>CombineWith</c> makes, with a line in the summary for each.
/// </summary>
public static class DotNetTasks
{
    /// <summary>Runs <c>dotnet restore</c>.</summary>
    public static IReadOnlyCollection<Output> DotNetRestore(
        Func<DotNetRestoreSettings, DotNetRestoreSettings> configure
    ) => Run(configure(new()));

    /// <summary>Runs <c>dotnet restore</c> several times.</summary>
    public static void DotNetRestore(
        Func<DotNetRestoreSettings, IEnumerable<DotNetRestoreSettings>> configure,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false
    ) => RunAll(configure(new()), degreeOfParallelism, completeOnFailure);

    /// <summary>Runs <c>dotnet build</c>.</summary>
    public static IReadOnlyCollection<Output> DotNetBuild(Func<DotNetBuildSettings, DotNetBuildSettings> configure) =>
        Run(configure(new()));

    /// <summary>Runs <c>dotnet build</c> several times.</summary>
    public static void DotNetBuild(
        Func<DotNetBuildSettings, IEnumerable<DotNetBuildSettings>> configure,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false
    ) => RunAll(configure(new()), degreeOfParallelism, completeOnFailure);

    /// <summary>Runs <c>dotnet test</c>.</summary>
    public static IReadOnlyCollection<Output> DotNetTest(Func<DotNetTestSettings, DotNetTestSettings> configure) =>
        Run(configure(new()));

    /// <summary>Runs <c>dotnet test</c> several times.</summary>
    public static void DotNetTest(
        Func<DotNetTestSettings, IEnumerable<DotNetTestSettings>> configure,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false
    ) => RunAll(configure(new()), degreeOfParallelism, completeOnFailure);

    /// <summary>Runs <c>dotnet publish</c>.</summary>
    public static IReadOnlyCollection<Output> DotNetPublish(
        Func<DotNetPublishSettings, DotNetPublishSettings> configure
    ) => Run(configure(new()));

    /// <summary>Runs <c>dotnet publish</c> several times.</summary>
    public static void DotNetPublish(
        Func<DotNetPublishSettings, IEnumerable<DotNetPublishSettings>> configure,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false
    ) => RunAll(configure(new()), degreeOfParallelism, completeOnFailure);

    /// <summary>Runs <c>dotnet pack</c>.</summary>
    public static IReadOnlyCollection<Output> DotNetPack(Func<DotNetPackSettings, DotNetPackSettings> configure) =>
        Run(configure(new()));

    /// <summary>Runs <c>dotnet pack</c> several times.</summary>
    public static void DotNetPack(
        Func<DotNetPackSettings, IEnumerable<DotNetPackSettings>> configure,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false
    ) => RunAll(configure(new()), degreeOfParallelism, completeOnFailure);

    /// <summary>Runs <c>dotnet nuget push</c>; with a key, sends the packages itself.</summary>
    /// <exception cref="TargetFailedException">The server refuses a package, there is none, or the source is no
    /// address.</exception>
    public static void DotNetNuGetPush(Func<DotNetNuGetPushSettings, DotNetNuGetPushSettings> configure) =>
        Push(configure(new()), TargetToken.Current);

    /// <summary>Runs <c>dotnet nuget push</c> several times; with a key, sends the packages itself.</summary>
    /// <exception cref="TargetFailedException">The server refuses a package, there is none, or the source is no
    /// address.</exception>
    public static void DotNetNuGetPush(
        Func<DotNetNuGetPushSettings, IEnumerable<DotNetNuGetPushSettings>> configure,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false
    ) => All(configure(new()), settings => settings.Name, Push, degreeOfParallelism, completeOnFailure);

    /// <summary>
    /// The settings once for each value: <c>s.EnableNoBuild().CombineWith(projects, (s, project) =>
    /// s.SetProjectFile(project))</c>.
    /// </summary>
    public static IEnumerable<TSettings> CombineWith<TSettings, TValue>(
        this TSettings settings,
        IEnumerable<TValue> values,
        Func<TSettings, TValue, TSettings> configure
    )
        where TSettings : DotNetSettings<TSettings> => values.Select(value => configure(settings, value));

    /// <summary>Each of the settings once for each value.</summary>
    public static IEnumerable<TSettings> CombineWith<TSettings, TValue>(
        this IEnumerable<TSettings> settings,
        IEnumerable<TValue> values,
        Func<TSettings, TValue, TSettings> configure
    )
        where TSettings : DotNetSettings<TSettings> =>
        settings.SelectMany(each => values.Select(value => configure(each, value)));

    private static IReadOnlyCollection<Output> Run<T>(T settings)
        where T : DotNetSettings<T> => ProcessTasks.Run(settings.ToCommand(), TargetToken.Current);

    /// <summary>What is done to one project twice, for two frameworks, goes by its whole command.</summary>
    private static void RunAll<T>(IEnumerable<T> settings, int degreeOfParallelism, bool completeOnFailure)
        where T : DotNetSettings<T>
    {
        T[] all = [.. settings];
        var isPlain = all.Select(each => each.Name).Distinct().Count() == all.Length;
        All(
            all,
            each => isPlain ? each.Name : each.ToCommand().ToString(),
            (each, token) => ProcessTasks.Run(each.ToCommand(), token),
            degreeOfParallelism,
            completeOnFailure
        );
    }

    private static void All<T>(
        IEnumerable<T> settings,
        Func<T, string> name,
        Action<T, CancellationToken> run,
        int degreeOfParallelism,
        bool completeOnFailure
    ) =>
        Combined
            .RunAsync(
                settings,
                (each, token) =>
                {
                    run(each, token);
                    return Task.CompletedTask;
                },
                TargetToken.Current,
                name,
                degreeOfParallelism,
                completeOnFailure
            )
            .GetAwaiter()
            .GetResult();

    private static void Push(DotNetNuGetPushSettings settings, CancellationToken cancellationToken)
    {
        if (settings.ApiKey is null)
            ProcessTasks.Run(settings.ToCommand(), cancellationToken);
        else
            PackagePush.RunAsync(settings, BuildSession.Current, cancellationToken).GetAwaiter().GetResult();
    }
}
