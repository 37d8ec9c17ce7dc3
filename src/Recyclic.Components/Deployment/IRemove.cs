using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Components;

/// <summary>Takes an application away again.</summary>
public interface IRemove : IHazDeployment
{
    /// <summary>Default: false, then what the application wrote stays.</summary>
    [Parameter("With Remove: what the application wrote goes too; its name has to be typed, or given by --confirm")]
    bool Volumes => TryGetValue(() => Volumes);

    /// <summary>Null: a person is asked on the terminal.</summary>
    [Parameter("With Remove: the name of the application that is to go, in the place of an answer on the terminal")]
    string? Confirm => TryGetValue(() => Confirm);

    /// <summary>
    /// By labels alone: with --project no compose file is needed. Asks at the terminal, unless --yes is given, and for
    /// --volumes has the name typed, unless --confirm gives it; without a terminal it is refused. What was removed is read
    /// back, and what stays is said. A dry run prints the list. Exits with 4 while a deploy runs.
    /// </summary>
    Target Remove =>
        _ =>
            _.Description("Removes the application from its host: all but what it wrote; with --volumes that too")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var identity = await BeginAsync(session, cancellationToken);
                            await session.Platform.Host.ReadFactsAsync(cancellationToken);
                            if (Confirm is { } name && name != identity.App)
                                throw new ConfigurationException(
                                    "--confirm",
                                    $"'{PrintableText.Of(name, 60)}' is not the application's name, {identity.App}",
                                    $"Is it the right folder? Write --confirm {identity.App}, or name another one: --project <name>."
                                );
                            var request = await session.RequestAsync(defaultTag: false, cancellationToken);
                            var removal = new RemovalCommand(session.Platform, session.Reporter, session.Time);
                            var plan = await removal.PlanAsync(
                                identity.App,
                                Volumes,
                                request.Options,
                                cancellationToken
                            );
                            if (plan.Removes.IsEmpty)
                            {
                                WriteLine(RemovalReport.Nothing(plan, request.CommandOptions));
                                return;
                            }
                            if (DryRun)
                            {
                                WriteLine(RemovalReport.Plan(plan, request.CommandOptions));
                                return;
                            }
                            await ConfirmAsync(session, plan, request, cancellationToken);
                            var outcome = await removal.RunAsync(plan, Volumes, request, cancellationToken);
                            WriteLine(RemovalReport.Of(outcome, request.CommandOptions));
                            if (!outcome.Left.IsEmpty)
                                throw new TargetFailedException(RemovalReport.Failure(outcome));
                        },
                        cancellationToken
                    )
                );

    /// <summary>A name that is given without a file means that name: the file may be gone.</summary>
    private async Task<ApplicationIdentity> BeginAsync(DeploySession session, CancellationToken cancellationToken)
    {
        var identity = await session.IdentifyAsync(cancellationToken);
        if (Deployment.Project is null || Deployment.ComposeFile is { Count: > 0 })
            return await session.BeginChangeAsync(cancellationToken);
        WriteLine($"{identity}");
        return identity;
    }

    private async Task ConfirmAsync(
        DeploySession session,
        RemovalPlan plan,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        if (Confirm is not null || Deployment.Yes && !Volumes)
            return;
        var options = $"{(Volumes ? " --volumes" : "")}{request.CommandOptions}";
        if (!session.HasTerminal)
            throw new ConfigurationException(
                "Remove",
                $"it removes {plan.App}{(Volumes ? " and all that it wrote" : "")}, and there is no terminal to ask on",
                $"Look at it first: ./build.sh Remove --dry-run{options}. If that is to go: ./build.sh Remove --confirm {plan.App}{options}."
            );
        WriteLine(RemovalReport.Plan(plan, request.CommandOptions));
        var agrees = Volumes
            ? await Machine.AskAsync(
                "Type the application's name to remove it with all that it wrote:",
                cancellationToken
            ) == plan.App
            : await Machine.ConfirmAsync($"Remove {plan.App}?", cancellationToken);
        if (!agrees)
            throw new TargetFailedException("Not confirmed; nothing was changed.", 130);
    }
}
