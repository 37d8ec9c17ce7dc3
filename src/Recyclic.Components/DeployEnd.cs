using Recyclic.Build;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components;

/// <summary>The end of a deploy or rollback: the report, the exit code.</summary>
internal static class DeployEnd
{
    /// <exception cref="TargetFailedException">The deploy did not succeed; carries the report and the contract's exit code.</exception>
    public static Task ReportAsync(IHazDeployment build, DeploySession session, DeployOutcome outcome, CancellationToken cancellationToken)
    {
        session.Reporter.Close();
        if (outcome.Outcome != Outcome.Success) throw new TargetFailedException(FailureReport.Of(outcome), outcome.ExitCode, outcome.Failure?.Cause);
        build.WriteLine(SuccessReport.Of(outcome));
        build.ReportSummary("Release", outcome.Plan.To.Tag);
        return Task.CompletedTask;
    }
}
