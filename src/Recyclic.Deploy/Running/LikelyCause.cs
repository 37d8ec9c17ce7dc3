using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Running;

/// <summary>Pure: what probably made a new release fail that does well by itself.</summary>
internal static class LikelyCause
{
    /// <summary>What programs say that find their files taken by another process.</summary>
    private static readonly string[] LockWords =
    [
        "database is locked",
        "already in use",
        "another instance",
        "another process",
        "already running",
        "lock file",
        "lockfile",
        "acquire lock",
        "acquire the lock",
        "obtain lock",
        "get lock",
        "could not lock",
        "unable to lock",
        "failed to lock",
        "is locked",
        "resource temporarily unavailable",
    ];

    /// <summary>
    /// The same outcome; where a service failed while the release before it had what it writes, its evidence and the
    /// next step say so.
    /// </summary>
    public static DeployOutcome Named(DeployOutcome outcome)
    {
        if (
            outcome.Failure is not { Cause: StepFailedException { Service: { } service } cause } failure
            || outcome.Plan.BasedOn.Current is not { } before
        )
            return outcome;
        var shared = outcome
            .Plan.Shared.Where(one => one.Service == service)
            .Select(one => one.Mount.Describe())
            .ToList();
        if (shared.Count == 0)
            return outcome;
        var had = $"{before.Release.Tag} still ran and had {string.Join(", ", shared)} too";
        var likely = cause.Evidence.Prepend(cause.Message).FirstOrDefault(SpeaksOfALock) is { } said
            ? $"cause: {service} says that another one has it (\"{said.Trim()}\"), and {had}"
            : $"likely cause: {had}; what only one process may have keeps {service} from starting beside it";
        return outcome with
        {
            Failure = failure with
            {
                Cause = new StepFailedException(cause.Message, [.. cause.Evidence, likely])
                {
                    Service = service,
                    Next =
                        cause.Next
                        ?? $"{SharedVolumes.WayOut}; if that is not the cause, mend the release and deploy it again",
                },
            },
        };
    }

    /// <summary>A port that is taken is another matter: in its slot a service has them all to itself.</summary>
    private static bool SpeaksOfALock(string line) =>
        !line.Contains("address already in use", StringComparison.OrdinalIgnoreCase)
        && LockWords.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase));
}
