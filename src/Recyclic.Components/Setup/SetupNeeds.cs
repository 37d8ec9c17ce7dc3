using System.Collections.Immutable;

namespace Recyclic.Components.Setup;

/// <summary>What a command needs of this machine.</summary>
internal enum SetupNeeds
{
    /// <summary>All pieces: something is built here, or Setup was asked for by itself.</summary>
    Everything,

    /// <summary>The engine and Compose: images come ready.</summary>
    Deploy,
}

/// <summary>Pure: what is to run in, what it needs out.</summary>
internal static class SetupNeed
{
    /// <summary>Targets that build nothing.</summary>
    private static readonly ImmutableHashSet<string> Ready =
    [
        nameof(IAtomicDeploy.AtomicDeploy),
        nameof(IDeployStaging.DeployStaging),
        nameof(IPushImages.PushImages),
        nameof(IApproveProduction.ApproveProduction),
        nameof(IRollback.Rollback),
        nameof(IRollback.Retire),
        nameof(IRecover.Recover),
        nameof(IRemove.Remove),
        nameof(ICanary.Promote),
        nameof(ICanary.Hold),
        nameof(ICanary.Abort),
        nameof(ICertificates.Certificates),
        nameof(IBackup.Backup),
        nameof(IBackup.Backups),
        nameof(IBackup.Restore),
        nameof(IEnvironments.Environments),
    ];

    /// <param name="invoked">The targets that were asked for.</param>
    /// <param name="builds">Whether images are built in this run.</param>
    public static SetupNeeds Of(IEnumerable<string> invoked, bool builds)
    {
        // A job of a workflow names Setup beside what it is for.
        ImmutableArray<string> purposes = [.. invoked.Where(name => name != nameof(ISetup.Setup))];
        return !builds && !purposes.IsEmpty && purposes.All(Ready.Contains) ? SetupNeeds.Deploy : SetupNeeds.Everything;
    }
}
