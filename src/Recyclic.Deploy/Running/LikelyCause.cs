using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Running;

/// <summary>Pure: what probably made a new release fail that does well by itself.</summary>
internal static class LikelyCause
{
    /// <summary>The same outcome; where a service failed while the release before it had what it writes, its evidence and the next step say so.</summary>
    public static DeployOutcome Named(DeployOutcome outcome)
    {
        if (outcome.Failure is not { Cause: StepFailedException { Service: { } service } cause } failure || outcome.Plan.BasedOn.Current is not { } before) return outcome;
        var shared = outcome.Plan.Shared.Where(one => one.Service == service).Select(one => one.Mount.Describe()).ToList();
        if (shared.Count == 0) return outcome;
        var likely = $"likely cause: {before.Release.Tag} still ran and had {string.Join(", ", shared)} too; what only one process may have keeps {service} from starting beside it";
        return outcome with
        {
            Failure = failure with
            {
                Cause = new StepFailedException(cause.Message, [.. cause.Evidence, likely]) { Service = service, Next = $"{SharedVolumes.WayOut}; if that is not the cause, mend the release and deploy it again" },
            },
        };
    }
}
