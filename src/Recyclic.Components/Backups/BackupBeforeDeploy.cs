using Recyclic.Deploy.Backups;
using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components.Backups;

/// <summary>The backup before a migration: the first hook of a deploy, before which nothing is changed.</summary>
internal static class BackupBeforeDeploy
{
    private static readonly TimeSpan Deadline = TimeSpan.FromHours(12);

    /// <summary>The request's options with the hook in front, where the build asks for it and a migration is declared.</summary>
    public static async Task<DeployOptions> AddToAsync(
        DeployOptions options,
        IHazDeployment build,
        DeploySession session,
        CancellationToken cancellationToken
    )
    {
        if (build is not IBackup { BackupBeforeMigrations: true } backup)
            return options;
        var compose = await session.Platform.Files.ReadComposeAsync(
            session.Files[0],
            build.Deployment.Project ?? session.Environment.Spec.Project,
            build.Deployment.Tag,
            build.RegistryOf(session.Environment.Spec),
            cancellationToken
        );
        if (!DatabaseChoice.DeclaresMigration(compose))
            return options;
        var hooks = DeployHooks.None.Before(
            Phase.Prepare,
            "back up the database",
            (facts, token) => MakeAsync(backup, session, facts, token),
            Deadline
        );
        foreach (var hook in options.Hooks.All)
            hooks = hooks.With(hook);
        return options with { Hooks = hooks };
    }

    private static async Task MakeAsync(
        IBackup build,
        DeploySession session,
        HookFacts facts,
        CancellationToken cancellationToken
    )
    {
        if (facts.PreviousTag is null)
        {
            build.WriteLine("  no backup: this is the first deploy, and there is no data yet");
            return;
        }
        await BackupRun.MakeAsync(build, session, facts.App, cancellationToken);
    }
}
