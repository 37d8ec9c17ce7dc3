using Recyclic.Build;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components;

/// <summary>Goes back to an earlier release, and stops a warm one.</summary>
public interface IRollback : IHazDeployment
{
    /// <summary>
    /// Asks at the terminal, unless --yes is given; without a terminal it is refused. Exit codes are those of
    /// <see cref="IAtomicDeploy.AtomicDeploy"/>.
    /// </summary>
    Target Rollback =>
        _ =>
            _.Description("Returns to the previous good release, or to the one that --tag names")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (await session.BeginChangeAsync(cancellationToken)).App;
                            var request = await session.RequestAsync(defaultTag: false, cancellationToken);
                            if (DryRun)
                            {
                                DeployEnd.ShowPlan(
                                    this,
                                    await session.Deployer.PlanRollbackAsync(app, request, cancellationToken)
                                );
                                return;
                            }
                            if (!Deployment.Yes)
                                await ConfirmAsync(session, app, request, cancellationToken);
                            var outcome = await session.Deployer.RollbackAsync(app, request, cancellationToken);
                            if (DigestProof.Of(outcome) is { } proof)
                                WriteLine(proof);
                            await DeployEnd.ReportAsync(this, session, outcome);
                        },
                        cancellationToken
                    )
                );

    /// <summary>Does nothing where no release is kept warm. The stopped release stays for a rollback.</summary>
    Target Retire =>
        _ =>
            _.Description("Drains and stops the previous release that --keep-warm left running")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (await session.BeginChangeAsync(cancellationToken)).App;
                            var now = await session.Deployer.ObserveAsync(app, cancellationToken);
                            if (DryRun)
                            {
                                foreach (
                                    var step in Deploy.Planning.DeployPlanner.Retire(
                                        now,
                                        this.OptionsOf(this.TargetEnvironment)
                                    )
                                )
                                    WriteLine(step.Action.Describe());
                                return;
                            }
                            var done = await session.Deployer.RetireAsync(
                                app,
                                await session.RequestAsync(defaultTag: false, cancellationToken),
                                cancellationToken
                            );
                            WriteLine(
                                done.IsEmpty
                                    ? $"{app} has no warm release; nothing was done"
                                    : $"{app}: the previous release is stopped and kept for a rollback"
                            );
                        },
                        cancellationToken
                    )
                );

    private static async Task ConfirmAsync(
        DeploySession session,
        string app,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        var plan = (await session.Deployer.PlanRollbackAsync(app, request, cancellationToken)).Plan;
        var question = $"Roll {app} back from {plan.BasedOn.Current?.Release.Tag} to {plan.To.Tag}?";
        if (!session.HasTerminal)
            throw new ConfigurationException(
                "Rollback",
                $"{question} There is no terminal to ask on",
                "Say so beforehand: --yes."
            );
        if (!await Adapters.Machine.ConfirmAsync(question, cancellationToken))
            throw new TargetFailedException("Not confirmed; nothing was changed.", 130);
    }
}
