using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Everyday;
using Recyclic.Components.Metrics;
using Recyclic.Components.Metrics.Adapters;
using Recyclic.Components.Notifications;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Components;

/// <summary>The end of a deploy, rollback or dry run: report, metrics, notices, exit code.</summary>
internal static class DeployEnd
{
    /// <summary>The end of a dry run: the plan, and with <c>--verbosity verbose</c> its docker commands.</summary>
    public static void ShowPlan(IHazDeployment build, DryRun dryRun)
    {
        if (build.Json)
            build.WriteDocument(OutcomeJson.OfPlan(dryRun.Plan, dryRun.App));
        if (dryRun.App is { } app)
            build.WriteLine(app.DescribeChoice());
        if (dryRun.App?.DescribePorts() is { } ports)
            build.WriteLine(ports);
        build.WriteLine(dryRun.Plan.ToText());
        if (build.Verbosity == Verbosity.Verbose)
            build.WriteLine($"commands, by step:\n{string.Join("\n", CommandPreview.Of(dryRun.Plan, dryRun.App))}\n");
        build.WriteLine("This was a dry run: nothing was changed.");
    }

    /// <exception cref="TargetFailedException">The deploy did not succeed; carries the report and the contract's exit
    /// code.</exception>
    public static async Task ReportAsync(IHazDeployment build, DeploySession session, DeployOutcome outcome)
    {
        session.Reporter.Close();
        if (build.Json)
            build.WriteDocument(OutcomeJson.Of(outcome));
        var options = EnvironmentOption(session) + ComposeParameters.ToText(build);
        var report =
            outcome.Outcome == Outcome.Success
                ? SuccessReport.Of(outcome, options)
                : FailureReport.Of(outcome, options);
        if (outcome.Outcome == Outcome.Success)
            build.WriteLine(report);
        if (
            outcome.Outcome == Outcome.Success
            && FirstLook.Of(outcome, EnvironmentOption(session) + ComposeParameters.ToText(build), build is ILogs)
                is { } look
        )
            build.WriteLine(look);
        await RecordAsync(build, session, outcome);
        if (outcome.Outcome != Outcome.Success)
            throw new TargetFailedException(report, outcome.ExitCode, outcome.Failure?.Cause);
        build.ReportSummary("Release", outcome.Plan.To.Tag);
    }

    private static string EnvironmentOption(DeploySession session) =>
        session.Environment.Spec.Name == "local" ? "" : $" --environment {session.Environment.Spec.Name}";

    /// <summary>Whoever hears of a deploy also hears that its gates were passed over.</summary>
    private static DeployNotice WithApproval(
        DeployNotice notice,
        DeployOutcome outcome,
        DeploySession session,
        DateTimeOffset now
    ) =>
        Admission.Find(session.Environment.Spec.Name, outcome.Plan.To, outcome.Plan.BasedOn.Journal, now - outcome.Took)
            is { } approval
        && (approval.Override ?? approval.Hotfix) is { } reason
            ? notice with
            {
                Warnings = notice.Warnings.Add(
                    $"{approval.Approver} approved it {(approval.Override is null ? "as a hotfix" : "although gates did not hold")}: {reason}"
                ),
            }
            : notice;

    /// <summary>
    /// Metrics and notices. Nothing that goes wrong here changes how the deploy ended; Ctrl-C does not keep its own
    /// notice from going out.
    /// </summary>
    private static async Task RecordAsync(IHazDeployment build, DeploySession session, DeployOutcome outcome)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var now = session.Time.GetUtcNow();
        if (session.IsReal)
            await MeasureAsync(build, session, outcome, now, limit.Token);
        await NotifyAsync(
            build,
            session,
            now - outcome.Took,
            context => WithApproval(DeployNotice.Of(outcome, context), outcome, session, now),
            limit.Token
        );
    }

    private static async Task MeasureAsync(
        IHazDeployment build,
        DeploySession session,
        DeployOutcome outcome,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var counts = await CountAsync(session);
        var metrics = DeployMetrics.Of(
            outcome,
            now,
            Machine.Name,
            Machine.Person,
            session.Probe.Read(counts.Running, counts.Images),
            session.Reporter.Steps
        );
        if (
            await MetricsFile.AppendAsync(build.RootDirectory, metrics, TimeProvider.System, cancellationToken) is
            { } trouble
        )
            session.Reporter.Warn(trouble);
    }

    /// <summary>Tells people of an approval that passes over gates.</summary>
    public static async Task AnnounceAsync(IHazDeployment build, DeploySession session, Approval approval, string app)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await NotifyAsync(
            build,
            session,
            session.Time.GetUtcNow(),
            context => DeployNotice.Of(approval, app, context),
            limit.Token
        );
    }

    /// <param name="noticeOf">Null: there is nothing to tell.</param>
    private static async Task NotifyAsync(
        IHazDeployment build,
        DeploySession session,
        DateTimeOffset startedAt,
        Func<NoticeContext, DeployNotice?> noticeOf,
        CancellationToken cancellationToken
    )
    {
        if (!session.IsReal)
            return;
        var notifiers = Notifiers.FromEnvironment(build.EnvironmentVariables);
        if (session.Environment.Spec.Notifications is { } channels)
            notifiers = notifiers with { All = [.. notifiers.All.Where(notifier => channels.Contains(notifier.Name))] };
        if (notifiers.All.IsEmpty && notifiers.Problems.IsEmpty)
            return;
        foreach (var secret in notifiers.Secrets)
            build.AddSecret(secret);
        var context = new NoticeContext(
            session.Environment.Spec.Name,
            Machine.Person,
            session.HostName,
            startedAt,
            DeployNotice.RunUrlFrom(build.EnvironmentVariables)
        )
        {
            Options = ComposeParameters.ToText(build).Trim(),
        };
        if (noticeOf(context) is not { } notice)
            return;
        foreach (var warning in await notifiers.NotifyAllAsync(notice.Shown(build.Redactor), cancellationToken))
            session.Reporter.Warn(warning);
    }

    /// <summary>For the metrics. An engine that is gone must not take the deploy's own report with it.</summary>
    private static async Task<HostCounts> CountAsync(DeploySession session)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            return await session.Platform.Host.CountAsync(limit.Token);
        }
        catch (Exception exception) when (exception is EngineException or OperationCanceledException)
        {
            return new HostCounts(null, null);
        }
    }
}
