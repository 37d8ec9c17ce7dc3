using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components.Notifications;

/// <summary>How it ended, as far as the reader of a notice is concerned.</summary>
internal enum NoticeEvent
{
    /// <summary>Users are on the release asked for.</summary>
    Success,

    /// <summary>Failed and undone: users are on the release they were on.</summary>
    Failure,

    /// <summary>A person stopped it; undone: users are on the release they were on.</summary>
    Cancelled,

    /// <summary>Failed and *not* restored: a person is needed now.</summary>
    Emergency,

    /// <summary>Nothing was deployed yet: somebody approved a release for a reason that passes over gates.</summary>
    Approved,
}

/// <summary>What a notice needs to know beyond the outcome.</summary>
/// <param name="Environment">For example `production`.</param>
/// <param name="By">Who deployed, for example `ann@laptop`.</param>
/// <param name="Host">The Docker host deployed to.</param>
/// <param name="RunUrl">The page of the CI run; see <see cref="DeployNotice.RunUrlFrom"/>.</param>
internal sealed record NoticeContext(
    string Environment,
    string By,
    string Host,
    DateTimeOffset StartedAt,
    string? RunUrl = null
)
{
    /// <summary>How a person starts the build; default `./build.sh`.</summary>
    public string Build { get; init; } = "./build.sh";

    /// <summary>
    /// Options that the commands in a notice need besides `--environment`, for example `--project shop`; default none.
    /// </summary>
    public string Options { get; init; } = "";
}

/// <summary>
/// A deploy or rollback that is over, as told to people. This record is also the JSON that `WEBHOOK_URL` gets:
/// camelCase, all fields present, absent values null, times ISO 8601 in UTC:
/// <code>
/// {event:"success|failure|cancelled|emergency|approved", operation:"deploy|rollback", app, environment, tag, startedAt, from, by, host,
///  seconds, switchMs, requests:{total,failed}|null, reason, undone:[…], notUndone:[…], warnings:[…], runUrl, rollbackCommand, recoverCommand}
/// </code>
/// </summary>
/// <param name="Tag">The release asked for.</param>
internal sealed record DeployNotice(
    NoticeEvent Event,
    Operation Operation,
    string App,
    string Environment,
    string Tag,
    DateTimeOffset StartedAt
)
{
    private const int LongestReason = 1000;

    /// <summary>The tag that users were on before; null: this was the first release.</summary>
    public string? From { get; init; }

    /// <summary>
    /// Whether an edge sends users to it; false: nothing is published. Default: true. For the words alone.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsRouted { get; init; } = true;

    public string By { get; init; } = "?";

    public string Host { get; init; } = "?";

    public double Seconds { get; init; }

    /// <summary>From the last container healthy to the cutover confirmed; null: there was none.</summary>
    public double? SwitchMs { get; init; }

    /// <summary>What the edge counted meanwhile; null: not known.</summary>
    public RequestCount? Requests { get; init; }

    /// <summary>Why it failed: the step and the first line of its error; null after a success.</summary>
    public string? Reason { get; init; }

    /// <summary>What was taken back, in this order.</summary>
    public ImmutableArray<string> Undone { get; init; } = [];

    /// <summary>What could not be taken back, with the first line of its error.</summary>
    public ImmutableArray<string> NotUndone { get; init; } = [];

    /// <summary>What did not go well past the point of no return.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    public string? RunUrl { get; init; }

    /// <summary>After a success: how to get back to <see cref="From"/>.</summary>
    public string? RollbackCommand { get; init; }

    /// <summary>In an emergency: what to run first.</summary>
    public string? RecoverCommand { get; init; }

    /// <summary>Pure: the notice of an outcome.</summary>
    public static DeployNotice Of(DeployOutcome outcome, NoticeContext context)
    {
        var what = outcome.Outcome switch
        {
            Outcome.Success => NoticeEvent.Success,
            Outcome.Undone => NoticeEvent.Failure,
            Outcome.Cancelled => NoticeEvent.Cancelled,
            _ => NoticeEvent.Emergency,
        };
        var (plan, from) = (outcome.Plan, outcome.Plan.BasedOn.Current?.Release.Tag);
        var options =
            $" --environment {context.Environment}{(context.Options.Length == 0 ? "" : " " + context.Options)}";
        return new DeployNotice(
            what,
            plan.Operation,
            plan.BasedOn.App,
            context.Environment,
            plan.To.Tag,
            context.StartedAt
        )
        {
            From = from,
            IsRouted = plan.IsRouted,
            By = context.By,
            Host = context.Host,
            Seconds = Math.Round(outcome.Took.TotalSeconds, 3),
            SwitchMs = outcome.SwitchMs is { } ms ? Math.Round(ms, 1) : null,
            Requests = outcome.Requests,
            Reason = what == NoticeEvent.Success ? null : ReasonOf(outcome),
            Undone = [.. outcome.Undone.Select(step => step.Describe())],
            NotUndone =
            [
                .. outcome.UndoFailures.Select(failure =>
                    $"{failure.Step.Describe()}: {FirstLine(failure.Cause.Message)}"
                ),
            ],
            Warnings = [.. outcome.Warnings.Select(FirstLine)],
            RunUrl = context.RunUrl,
            RollbackCommand =
                what == NoticeEvent.Success && from is not null
                    ? $"{context.Build} Rollback --tag {from}{options}"
                    : null,
            RecoverCommand = what == NoticeEvent.Emergency ? $"{context.Build} Recover{options}" : null,
        };
    }

    /// <summary>
    /// Pure: the same as it may leave the process: whatever its texts hold, they have no secret and nothing that a
    /// reader's program would obey.
    /// </summary>
    public DeployNotice Shown(Redactor redactor)
    {
        return this with
        {
            App = Text(App),
            Environment = Text(Environment),
            Tag = Text(Tag),
            From = Maybe(From),
            By = Text(By),
            Host = Text(Host),
            Reason = Maybe(Reason),
            Undone = [.. Undone.Select(Text)],
            NotUndone = [.. NotUndone.Select(Text)],
            Warnings = [.. Warnings.Select(Text)],
            RunUrl = Maybe(RunUrl),
            RollbackCommand = Maybe(RollbackCommand),
            RecoverCommand = Maybe(RecoverCommand),
        };

        string Text(string text) => PrintableText.Of(redactor.Redact(text));
        string? Maybe(string? text) => text is null ? null : Text(text);
    }

    /// <summary>
    /// Pure: the notice of an approval that passes over gates; null: it passes over none, and is nobody's news.
    /// </summary>
    public static DeployNotice? Of(Approval approval, string app, NoticeContext context) =>
        (approval.Override ?? approval.Hotfix) is not { } reason
            ? null
            : new DeployNotice(
                NoticeEvent.Approved,
                Operation.Deploy,
                app,
                approval.Environment,
                approval.Tag,
                context.StartedAt
            )
            {
                By = approval.Approver,
                Host = context.Host,
                Reason = FirstLine(approval.Override is null ? $"hotfix: {reason}" : reason),
                Warnings =
                [
                    .. approval
                        .Evidence.Where(line =>
                            line.StartsWith("failed", StringComparison.Ordinal)
                            || line.StartsWith("waived", StringComparison.Ordinal)
                            || line.StartsWith("not asked", StringComparison.Ordinal)
                        )
                        .Select(FirstLine),
                ],
                RunUrl = context.RunUrl,
            };

    /// <summary>The address of the GitHub Actions run that this process is part of, or null elsewhere.</summary>
    public static string? RunUrlFrom(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("GITHUB_SERVER_URL") is { Length: > 0 } server
        && environment.GetValueOrDefault("GITHUB_REPOSITORY") is { Length: > 0 } repository
        && environment.GetValueOrDefault("GITHUB_RUN_ID") is { Length: > 0 } run
            ? $"{server.TrimEnd('/')}/{repository}/actions/runs/{run}"
            : null;

    private static string ReasonOf(DeployOutcome outcome)
    {
        if (outcome.Failure is not { } failure)
            return "unknown";
        var cause =
            failure.Cause is not OperationCanceledException ? FirstLine(failure.Cause.Message)
            // The runner stops a plan for two reasons only; without the lock it also leaves everything as it is.
            : outcome is { Outcome: Outcome.Failed, UndoFailures.IsEmpty: true }
                ? "the lock on the host was lost, so nothing was undone"
            : "cancelled";
        return $"step {failure.Number} of {failure.Of}, {failure.Step.Describe()}: {cause}";
    }

    private static string FirstLine(string text)
    {
        var line = text.Split('\n', '\r').FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "";
        return NoticeText.Shorten(line, LongestReason);
    }
}
