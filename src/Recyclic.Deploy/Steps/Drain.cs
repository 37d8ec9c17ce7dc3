using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Waits until a slot has no open session, at most this long; what is still open then is cut when the slot stops.
/// </summary>
/// <param name="Slot">The one that users have left.</param>
/// <param name="Deadline">From the beginning of the step; not to be met is no failure.</param>
public sealed record Drain(Slot Slot, TimeSpan Deadline) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"drain {Slot.Name()} (at most {Time(Deadline)})";
}

internal sealed class DrainHandler : StepHandler<Drain>
{
    protected override async Task RunAsync(
        Drain step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var time = tools.Time;
        var started = time.GetTimestamp();
        var open = 0;
        while (true)
        {
            await tools.Edge.AskAsync(
                async () => open = await tools.Host.OpenSessionsAsync(step.Slot, cancellationToken),
                cancellationToken,
                withoutEdge: () => open = 0
            );
            if (open == 0)
                return;
            if (time.GetElapsedTime(started) >= step.Deadline)
            {
                tools.Reporter.Warn(
                    $"{open} sessions of {step.Slot.Name()} were still open after {step.Deadline.TotalSeconds:0.#} s and will be cut (--drain-timeout)"
                );
                return;
            }
            tools.Reporter.Progress($"{open} open");
            // While the old slot drains the new one serves: if it breaks, that must not wait for the drain's end.
            if (deploy.Fresh is { } fresh && fresh.Slot != step.Slot)
                await tools.Health.CheckAsync(fresh.Containers, fresh.Mark, cancellationToken);
            // HAProxy has no event for the end of a session.
            await Task.Delay(EdgeCare.Poll, time, cancellationToken);
        }
    }
}
