using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Running;

/// <summary>Pure: what probably lies behind a failure, where the plan gives reason to think so.</summary>
internal static class LikelyCause
{
    /// <summary>A failure with what probably caused it, where a service failed that shares what only one process may have.</summary>
    public static DeployOutcome Of(DeployOutcome outcome)
    {
        if (outcome.Failure is not { Cause: StepFailedException { Service: { } service } cause } failure || outcome.Plan.BasedOn.Current is not { } before) return outcome;
        var shared = outcome.Plan.Shared.Where(one => one.Service == service).ToList();
        if (shared.Count == 0) return outcome;
        var likely = $"likely cause: {before.Release.Tag} still ran and had {string.Join(", ", shared.Select(one => one.Mount.Describe()))} too; what only one process may have keeps {service} from starting beside it";
        return outcome with
        {
            Failure = failure with { Cause = new StepFailedException(cause.Message, [.. cause.Evidence, likely]) { Service = service, Next = $"{SharedVolumes.WayOut}; if that is not the cause, mend the release and deploy it again" } },
        };
    }
}
