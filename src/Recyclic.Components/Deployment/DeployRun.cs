using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.GitHub;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components;

/// <summary>One deploy to a session's environment, from the parameters to the report.</summary>
internal static class DeployRun
{
    /// <summary>Deploys, or with <c>--dry-run</c> shows the plan.</summary>
    /// <returns>The outcome; null after a dry run.</returns>
    public static async Task<DeployOutcome?> DeployAsync(
        IHazDeployment build,
        DeploySession session,
        CancellationToken cancellationToken
    )
    {
        session.Environment.ThrowIfIncomplete();
        var environment = session.Environment.Spec;
        // A key that anybody who may push a branch could take is no key of production's.
        if (session.IsReal && !build.DryRun)
            await GitHub.Adapters.GitHubEnvironments.RequireAsync(
                GitHubSettings.From(build.EnvironmentVariables),
                TimeProvider.System,
                environment,
                cancellationToken
            );
        var identity = await session.BeginChangeAsync(cancellationToken);
        var request = await session.RequestAsync(defaultTag: true, cancellationToken);
        await ConfirmGuessAsync(build, session, identity, request, cancellationToken);
        // What serves says later who has written what is new since.
        if (environment.NeedsApproval)
        {
            var subject = await session.SubjectAsync(request, cancellationToken);
            request = request with
            {
                Commit = subject.Commit,
                Admission = request.Admission! with { Subject = subject },
            };
        }
        bool IsPlanned(string target) => build.ExecutionPlan.Any(planned => planned.Name == target);
        bool IsInvoked(string target) => build.InvokedTargets.Any(invoked => invoked.Name == target);
        var isBuilt =
            build is IBuildImages && IsInvoked(nameof(IBuildImages.BuildImages))
            || !build.IsSpecified(nameof(DeploymentParameters.Tag));
        if (build.DryRun)
        {
            // What this very run would push or approve is not there yet, and no reason to refuse the plan.
            var isMade = isBuilt && !build.HasImagesInRegistry || IsInvoked(nameof(IPushImages.PushImages));
            if (!isMade)
                request = await session.WithDigestsAsync(request, HandedDigests.Of(build), cancellationToken);
            if (IsPlanned(nameof(IApproveProduction.ApproveProduction)))
                request = request with { Admission = request.Admission! with { NeedsApproval = false } };
            DeployEnd.ShowPlan(build, await session.Deployer.PlanDeployAsync(request, isMade, cancellationToken));
            return null;
        }
        var handed = HandedDigests.Of(build);
        // Images that were built here in this run and pushed nowhere are the engine's own.
        var isOnEngineOnly =
            isBuilt
            && !build.HasImagesInRegistry
            && !build.SucceededTargets.Any(target => target.Name == nameof(IPushImages.PushImages));
        if (handed is not null || !isOnEngineOnly)
            request = await session.WithDigestsAsync(request, handed, cancellationToken);

        var record = new GitHubRecord(build, session, request.Tag!.Value);
        await record.BeginAsync(cancellationToken);
        DeployOutcome? outcome = null;
        try
        {
            outcome = await session.Deployer.DeployAsync(request, cancellationToken);
        }
        finally
        {
            await record.EndAsync(outcome);
        }
        await DeployEnd.ReportAsync(build, session, outcome);
        RemindOfMerge(build, outcome, environment.Name, session.Time.GetUtcNow());
        if (request.Options.KeepAssets is { } time && outcome.Plan.BasedOn.Current is not null)
            await KeepAssetsAsync(build, session, identity.App, request, time, cancellationToken);
        return outcome;
    }

    /// <summary>
    /// Where nobody has said what is released, a person at a terminal is asked before the first deploy; from then on
    /// the host's records have it.
    /// </summary>
    private static async Task ConfirmGuessAsync(
        IHazDeployment build,
        DeploySession session,
        ApplicationIdentity identity,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        if (
            build.DryRun
            || build.Deployment.Yes
            || !session.HasTerminal
            || await session.Lock.IsKnownAsync(identity.App, cancellationToken)
        )
            return;
        var choice = (
            await session.Platform.Files.ReadComposeAsync(
                request.ComposeFile,
                request.Project,
                request.Tag,
                request.Registry,
                cancellationToken
            )
        ).Choice;
        if (
            choice is { IsGuess: true, Released.IsEmpty: false }
            && !await Machine.ConfirmAsync(
                $"No tag names the images, so the file itself is the release; {choice}. Deploy it so?",
                cancellationToken
            )
        )
            throw new TargetFailedException(
                "Not confirmed; nothing was changed. To choose otherwise: --release <services>.",
                130
            );
    }

    /// <summary>
    /// The deploy is over and the lock given back: another one need not wait for it, and takes the old release with it.
    /// </summary>
    private static async Task KeepAssetsAsync(
        IHazDeployment build,
        DeploySession session,
        string app,
        DeployRequest request,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        var generation = (await session.Deployer.ObserveAsync(app, cancellationToken)).Generation;
        build.WriteLine(
            $"The release before runs on for {time.TotalMinutes:0.##} min, then it is stopped here; Ctrl-C leaves it running until the next deploy or Retire."
        );
        try
        {
            await Task.Delay(time, session.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The deploy is done and stays so.
            return;
        }
        var done = await session.Deployer.RetireAsync(app, request with { Wait = true }, cancellationToken, generation);
        build.WriteLine(
            done.IsEmpty
                ? $"{app}: another command has changed what runs; nothing was stopped"
                : $"{app}: the release before is stopped and kept for a rollback"
        );
    }

    private static void RemindOfMerge(
        IHazDeployment build,
        DeployOutcome outcome,
        string environment,
        DateTimeOffset now
    )
    {
        if (Admission.Find(environment, outcome.Plan.To, outcome.Plan.BasedOn.Journal, now)?.Hotfix is { } reason)
            build.WriteLine($"This was a hotfix ({reason}): merge it back, so that the next release has it.");
    }
}
