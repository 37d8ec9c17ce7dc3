using Recyclic.Components.Notifications;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Tests;

public sealed class NoticeTests
{
    private static readonly NoticeContext Context = new(
        "production",
        "ann@laptop",
        "ssh://web1",
        Outcomes.Start,
        "https://ci.example/run/1"
    );

    [TestCase(Outcome.Success, nameof(NoticeEvent.Success))]
    [TestCase(Outcome.Undone, nameof(NoticeEvent.Failure))]
    [TestCase(Outcome.Cancelled, nameof(NoticeEvent.Cancelled))]
    [TestCase(Outcome.Failed, nameof(NoticeEvent.Emergency))]
    [TestCase(Outcome.Interrupted, nameof(NoticeEvent.Emergency))]
    public void Every_outcome_has_its_event(Outcome outcome, string expected) =>
        DeployNotice
            .Of(Outcomes.Of(outcome, cause: new TimeoutException("late")), Context)
            .Event.ShouldBe(Enum.Parse<NoticeEvent>(expected));

    [Test]
    public void A_success_says_how_to_get_back()
    {
        var notice = DeployNotice.Of(Outcomes.Of(Outcome.Success), Context with { Options = "--project shop" });
        notice.RollbackCommand.ShouldBe("./build.sh Rollback --tag old1234 --environment production --project shop");
        notice.RecoverCommand.ShouldBeNull();
        notice.Reason.ShouldBeNull();
        (notice.App, notice.Tag, notice.From, notice.Seconds, notice.SwitchMs).ShouldBe(
            ("shop", "new5678", "old1234", 12.346, 84.0)
        );
        notice.Warnings.ShouldBe(["step 9: stop blue: it hangs"]);
    }

    [Test]
    public void After_a_first_release_there_is_nothing_to_go_back_to() =>
        DeployNotice.Of(Outcomes.Of(Outcome.Success, first: true), Context).RollbackCommand.ShouldBeNull();

    [Test]
    public void A_failure_names_the_step_and_the_first_line_of_its_error()
    {
        var notice = DeployNotice.Of(
            Outcomes.Of(
                Outcome.Undone,
                cause: new StepFailedException("\n api is unhealthy \r\nlog line\nlog line", [])
            ),
            Context
        );
        notice.Reason.ShouldBe("step 4 of 9, cut over: all traffic to green: api is unhealthy");
        notice.Undone.ShouldBe(["remove green"]);
        notice.RollbackCommand.ShouldBeNull();
    }

    [Test]
    public void An_emergency_says_what_could_not_be_undone_and_what_to_run()
    {
        var notice = DeployNotice.Of(
            Outcomes.Of(
                Outcome.Failed,
                cause: new TimeoutException("late"),
                undoCause: new IOException("edge is gone\nmore")
            ),
            Context
        );
        notice.NotUndone.ShouldBe(["cut over: all traffic to blue: edge is gone"]);
        notice.RecoverCommand.ShouldBe("./build.sh Recover --environment production");
    }

    [Test]
    public void An_approval_is_news_only_where_it_passes_over_gates()
    {
        var approval = new Approval("production", "d1", "new5678", "ann", Outcomes.Start)
        {
            Evidence =
            [
                "passed approver: ann approves",
                "failed window: Friday",
                "waived soaked: down",
                "not asked checks: no token",
            ],
        };
        DeployNotice.Of(approval, "shop", Context).ShouldBeNull();
        var notice = DeployNotice.Of(approval with { Override = "it is urgent" }, "shop", Context)!;
        (notice.Event, notice.By, notice.Reason, notice.Tag).ShouldBe(
            (NoticeEvent.Approved, "ann", "it is urgent", "new5678")
        );
        notice.Warnings.ShouldBe(["failed window: Friday", "waived soaked: down", "not asked checks: no token"]);
        DeployNotice.Of(approval with { Hotfix = "down" }, "shop", Context)!.Reason.ShouldBe("hotfix: down");
    }

    [Test]
    public void A_stop_by_hand_and_a_lost_lock_are_told_apart()
    {
        DeployNotice
            .Of(Outcomes.Of(Outcome.Cancelled, cause: new OperationCanceledException()), Context)
            .Reason!.ShouldEndWith(": cancelled");
        DeployNotice
            .Of(Outcomes.Of(Outcome.Failed, cause: new OperationCanceledException()), Context)
            .Reason!.ShouldContain("lock on the host was lost");
    }

    [Test]
    public void A_reason_without_end_is_cut() =>
        DeployNotice
            .Of(Outcomes.Of(Outcome.Undone, cause: new IOException(new string('x', 10_000))), Context)
            .Reason!.Length.ShouldBeLessThan(1100);

    [Test]
    public void The_run_url_is_known_on_github_only()
    {
        var environment = new Dictionary<string, string>
        {
            ["GITHUB_SERVER_URL"] = "https://github.com/",
            ["GITHUB_REPOSITORY"] = "a/b",
            ["GITHUB_RUN_ID"] = "7",
        };
        DeployNotice.RunUrlFrom(environment).ShouldBe("https://github.com/a/b/actions/runs/7");
        foreach (var name in environment.Keys)
            DeployNotice.RunUrlFrom(new Dictionary<string, string>(environment) { [name] = "" }).ShouldBeNull();
    }
}
