using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Tests;

[TestFixture]
public sealed class FullDiskTests
{
    private const string Cause = "docker create: write /var/lib/docker/overlay2/x: no space left on device";

    [Test]
    public void A_full_disk_is_not_the_releases_fault() =>
        Report(new StepFailedException(Cause, []), 12)
            .ShouldContain(
                "\n  next    the engine's disk is full (12 MB are free): `docker system df` shows what takes it, `docker builder prune` and `docker image prune` free what nothing uses; then run the same command again"
            );

    [Test]
    public void A_full_volume_or_tmpfs_is_told_from_the_engines_disk() =>
        Report(
                new StepFailedException(
                    "api is unhealthy",
                    ["last 1 log lines of shop--green-api-1:", "  OSError: [Errno 28] No space left on device"]
                ),
                50_000
            )
            .ShouldContain(
                "\n  next    a disk is full, as the line above says, and not the engine's own, which has 50000 MB free"
            );

    [Test]
    public void Any_other_failure_is_the_releases() =>
        Report(new StepFailedException("api is unhealthy", []), 12).ShouldContain("\n  next    mend the release");

    [Test]
    public void A_disk_that_is_full_before_a_plan_runs_is_named_too() =>
        FailureReport
            .OutsidePlan(new InvalidOperationException(Cause))
            .ShouldContain("next    the engine's disk is full: `docker system df`");

    private static string Report(Exception cause, long free) =>
        FailureReport.Of(
            Outcomes.Of(Outcome.Undone, cause: cause) with
            {
                After = Snapshot.Empty("shop") with { FreeMegabytes = free },
            }
        );
}
