using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Starts containers of plain compose again, after what must not run beside them has stopped. They have their data and
/// their ports as before.
/// </summary>
/// <param name="InsteadOf">Where the release runs that had taken over from them.</param>
public sealed record StartAdopted(ImmutableArray<AdoptedContainer> Containers, Slot InsteadOf) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"start {Containers.Names()} of plain compose again";
}

internal sealed class StartAdoptedHandler : StepHandler<StartAdopted>
{
    /// <exception cref="StepFailedException">One of them is not there any more, or does not run.</exception>
    protected override async Task RunAsync(
        StartAdopted step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var now = await tools.ObserveAsync(cancellationToken);
        var services = step.Containers.Select(container => container.Service).ToHashSet();
        var twins = now[step.InsteadOf]
            .Containers.Where(container => container.IsExclusive && services.Contains(container.Service))
            .ToList();
        await tools.Restarts.ForbidAsync(twins, cancellationToken);
        await tools.Platform.Releases.StopContainersAsync(
            twins.Where(container => container.State is "running" or "restarting").Select(container => container.Id),
            cancellationToken
        );
        var there = step.Containers.Still(now);
        var mark = tools.Watch.Mark;
        await tools.Platform.Accessories.StartAdoptedAsync(tools.Context.AppName, there, cancellationToken);
        try
        {
            await tools.Health.AwaitHealthyAsync(
                there.In(await tools.ObserveAsync(cancellationToken)),
                mark,
                tools.Context.Options.DeployTimeout,
                cancellationToken
            );
        }
        catch (StepFailedException exception)
        {
            // They have their ports back. Whether they were well before is not known.
            var again = there.In(await tools.ObserveAsync(cancellationToken));
            if (again.Any(container => !container.IsRunning))
                throw;
            tools.Reporter.Warn(exception.Message);
        }
        if (step.Containers.Except(there).ToList() is { Count: > 0 } gone)
            throw new StepFailedException(
                $"{gone.Names()}, which ran under plain compose, is not there any more",
                ["somebody has removed it meanwhile; docker compose up makes it anew"]
            );
    }
}
