using Recyclic.Build;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components;

/// <summary>The end of a deploy or rollback: the report, the exit code.</summary>
internal static class DeployEnd
{
    /// <summary>The end of a dry run: the plan, and with <c>--verbosity verbose</c> its docker commands.</summary>
    public static void ShowPlan(IHazDeployment build, DryRun dryRun)
    {
        build.WriteLine(dryRun.Plan.ToText());
        if (build.Verbosity == Verbosity.Verbose)
            build.WriteLine($"commands, by step:\n{string.Join("\n", CommandPreview.Of(dryRun.Plan, dryRun.App))}\n");
        build.WriteLine("This was a dry run: nothing was changed.");
    }

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
