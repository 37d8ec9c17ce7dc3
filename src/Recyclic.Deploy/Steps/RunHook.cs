using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Runs something of the team's own. What it has done, it must be able to find done: nothing takes it back.</summary>
/// <param name="Point">When.</param>
/// <param name="Hook">Its name.</param>
/// <param name="Deadline">From its start to its end.</param>
public sealed record RunHook(HookPoint Point, string Hook, TimeSpan Deadline) : DeployStep
{
    /// <summary>Whether a failure is a warning; default: it undoes.</summary>
    public bool OnlyWarns { get; init; }

    /// <inheritdoc/>
    public override string Describe() =>
        $"hook {Point.Name()}: {Hook} (in {Time(Deadline)}{(OnlyWarns ? "; a failure is a warning" : "")})";
}

internal sealed class RunHookHandler : StepHandler<RunHook>
{
    protected override async Task RunAsync(
        RunHook step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var hook =
            tools.Context.Options.Hooks.At(step.Point).FirstOrDefault(each => each.Name == step.Hook)
            ?? throw new StepFailedException($"there is no hook {step.Hook} at {step.Point.Name()}", []);
        try
        {
            await HookRun.ToItsEndAsync(hook, tools.Context.Facts!, cancellationToken);
        }
        catch (StepFailedException failure) when (step.OnlyWarns)
        {
            deploy.Warn(failure.Message);
            tools.Reporter.Warn(failure.Message);
            foreach (var line in failure.Evidence)
                tools.Reporter.Note(line);
        }
    }
}
