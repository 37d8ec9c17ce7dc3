using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>
/// One kind of place where releases run: who plays each role that a deploy needs there, and what the place can do. All
/// that decides and all that runs a deploy knows platforms only; Docker on one host is the first.
/// </summary>
/// <param name="Host">Says what is there.</param>
/// <param name="Files">Reads compose files.</param>
/// <param name="Images">Has the images.</param>
/// <param name="Releases">Runs releases.</param>
/// <param name="Health">Says how they are.</param>
/// <param name="Accessories">Runs what they share.</param>
/// <param name="Edge">Runs what traffic goes through.</param>
/// <param name="Lock">Lets one deployer at a time change traffic and journal.</param>
public sealed record Platform(
    IHostObserver Host,
    IComposeFiles Files,
    IImageStore Images,
    IReleaseHost Releases,
    IHealthSource Health,
    IAccessoryHost Accessories,
    IEdgeHost Edge,
    IHostLock Lock
)
{
    /// <summary>Default: it can do everything.</summary>
    public PlatformTraits Traits { get; init; } = PlatformTraits.All;

    /// <summary>Dumps and restores databases; null: nothing does, and there are no backups.</summary>
    public IDatabaseHost? Databases { get; init; }

    /// <summary>Runs commands that a person asks for; null: the place runs none. Default: null.</summary>
    public ICommandHost? Commands { get; init; }

    /// <summary>
    /// Makes a judge for a canary; default: one that compares it with the release that serves, by the edge's log.
    /// </summary>
    public Func<ICanaryJudge> Judge { get; init; } = () => new Running.ComparingJudge(TimeProvider.System);

    /// <summary>
    /// Makes a judge for the watch after a cutover; default: one that compares with the hour before, by the edge's log.
    /// </summary>
    public Func<ICanaryJudge> WatchJudge { get; init; } = () => new Running.WatchJudge(TimeProvider.System);

    /// <summary>Takes an application away; null: nobody does.</summary>
    public IApplicationRemover? Remover { get; init; }

    /// <summary>One whose roles but the lock are all played by one object.</summary>
    public static Platform Of<THost>(THost host, IHostLock hostLock)
        where THost : IHostObserver,
            IComposeFiles,
            IImageStore,
            IReleaseHost,
            IHealthSource,
            IAccessoryHost,
            IEdgeHost => new(host, host, host, host, host, host, host, hostLock) { Commands = host as ICommandHost };
}
