namespace Recyclic.Selftest.Tests;

public sealed class InvariantsTests
{
    [Test]
    public void Failed_requests_are_told_with_what_the_edge_says_of_them() =>
        Invariants
            .Broken(
                Seen.Well with
                {
                    Requests = [.. Seen.Well.Requests, Seen.Failure(3)],
                    EdgeTroubles = ["{\"status\":503}"],
                }
            )
            .ShouldContain(broken => broken.Contains("the edge's log: {\"status\":503}"));

    private static IEnumerable<string> BreachNames() => Breaches().Select(breach => breach.Name);

    private static IEnumerable<(string Name, Evidence Seen, string Expected)> Breaches()
    {
        Evidence well = Seen.Well;
        yield return (
            "the fault never came",
            well with
            {
                Struck = well.Struck with { Output = "" },
            },
            "never came to before:StepBegun:3"
        );
        yield return (
            "a killed command ended by itself",
            well with
            {
                Struck = well.Struck with { ExitCode = 0 },
            },
            "ended with exit code 0"
        );
        yield return (
            "a person is needed",
            well with
            {
                Case = well.Case with { Fault = CaseFault.Fail },
                Struck = well.Struck with { ExitCode = 3 },
            },
            "ended with exit code 3"
        );
        yield return (
            "a neighbour is not as it was",
            well with
            {
                Disturbed = "before\n[]\nafterwards\n[]",
            },
            "what is not the application's was touched"
        );
        yield return (
            "the lock stayed",
            well with
            {
                LockStayed = "app-deploy-lock was still there",
            },
            "was still there"
        );
        yield return (
            "Status cannot be read",
            well with
            {
                StatusAfterFault = null,
            },
            "Status --json could not be read"
        );
        yield return (
            "the next command fails",
            well with
            {
                Next = well.Next with { ExitCode = 4 },
            },
            "the next command, AtomicDeploy, ended with exit code 4"
        );
        yield return (
            "hands were not kept off",
            well with
            {
                TouchedWithoutLock = "share 0",
            },
            "did not keep its hands off"
        );
        yield return (
            "a request failed",
            well with
            {
                Requests = [.. well.Requests, Seen.Failure(3.5)],
            },
            "1 requests failed within 0 ms, after Begin"
        );
        yield return ("nobody was answered", well with { Requests = [] }, "no request was answered");
        yield return (
            "two versions in one answer",
            well with
            {
                Requests = [.. well.Requests, Seen.Answer(7, 8, "one", "three")],
            },
            "1 answers came from two versions"
        );
        yield return (
            "a version that never was",
            well with
            {
                Requests = [Seen.Answer(0, 1, "unhealthy"), .. well.Requests],
            },
            "users were given unhealthy"
        );
        yield return (
            "versions side by side",
            well with
            {
                Requests =
                [
                    Seen.Answer(1, 2, "one"),
                    Seen.Answer(3, 4, "three"),
                    Seen.Answer(5, 6, "one"),
                    Seen.Answer(7, 8, "three"),
                ],
            },
            "changed 3 times, but traffic was moved 2 times"
        );
        yield return (
            "Status lies",
            well with
            {
                StatusAtEnd = well.StatusAtEnd! with { Tag = "two" },
            },
            "users have three, but Status says two"
        );
        yield return ("the next command did nothing", well with { NextTag = "two" }, "was to bring two");
        yield return (
            "a journal line is cut",
            well with
            {
                JournalLines = [.. well.JournalLines, "{\"at\":"],
            },
            "1 lines of the journal cannot be read"
        );
        yield return (
            "a begin without an end",
            well with
            {
                JournalLines = [.. well.JournalLines, Seen.Line(7, "c", JournalKind.Begin, tag: "two")],
            },
            "0 ends of c"
        );
        yield return (
            "two ends",
            well with
            {
                JournalLines = [.. well.JournalLines, Seen.Line(7, "b", JournalKind.End, outcome: Outcome.Success)],
            },
            "2 ends of b"
        );
        yield return (
            "still interrupted",
            well with
            {
                StatusAtEnd = well.StatusAtEnd with { Interrupted = true },
            },
            "Status at the end"
        );
        yield return (
            "the worker ran twice",
            well with
            {
                Events =
                [
                    Seen.Event("1", Moment.Started),
                    Seen.Event("2", Moment.Started),
                    Seen.Event("1", Moment.Ended),
                ],
            },
            "worker, which is exclusive, ran twice: 1 and 2"
        );
        yield return (
            "no worker runs",
            well with
            {
                Left = Without("app--green-worker-1 running", "app--green-worker-1 exited"),
            },
            "should run once, in green; running: none"
        );
        yield return (
            "the lock is held",
            well with
            {
                StatusAtEnd = well.StatusAtEnd with { Locked = true },
            },
            "the lock is held"
        );
        yield return (
            "the lock's container is left",
            well with
            {
                Left = Without("app-edge running", "app-edge running", "app-deploy-lock-1 created"),
            },
            "left over: app-deploy-lock-1 created"
        );
        yield return (
            "a gate is down",
            well with
            {
                Left = Without("app-edge running", "app-edge running", "app-gate-80 running", "app-gate-81 exited"),
            },
            "left over: app-gate-81 exited"
        );
        yield return (
            "the edge is down",
            well with
            {
                Left = Without("app-edge running", "app-edge exited"),
            },
            "left over: app-edge exited"
        );
        yield return (
            "the idle slot runs",
            well with
            {
                Left = Without("app--blue-api-1 exited", "app--blue-api-1 running"),
            },
            "the idle slot has"
        );
        yield return (
            "the idle slot is in part",
            well with
            {
                Left = Without("app--blue-api-1 exited"),
            },
            "the idle slot has"
        );
        yield return (
            "a volume is left",
            well with
            {
                Left = well.Left with { Volumes = ["app.state", "app_data"] },
            },
            "volumes are"
        );
        yield return ("a network is left", well with { Left = well.Left with { Networks = [] } }, "networks are");
    }

    [Test]
    public void A_case_that_went_well_breaks_nothing() => Invariants.Broken(Seen.Well).ShouldBeEmpty();

    /// <summary>The release that such a rollback leaves is the next one's warm target.</summary>
    [TestCase("exited", true)]
    [TestCase("running", false)]
    public void After_a_rollback_to_a_warm_release_the_other_may_stay_warm_but_for_its_exclusive_service(
        string worker,
        bool holds
    )
    {
        var seen = Seen.Well with
        {
            Case = new SelftestCase(
                CaseFault.Fail,
                new ScenarioPoint(Scenario.RollbackWarm, FaultPoint.TryParse("after:StepBegun:1")!, "gate")
            ),
            Struck = Seen.Well.Struck with { ExitCode = 1 },
            Left = Seen.Inventory(
                "app-edge running",
                "app--green-front-1 running",
                "app--green-api-1 running",
                "app--green-worker-1 running",
                "app--blue-front-1 running",
                "app--blue-api-1 running",
                $"app--blue-worker-1 {worker}"
            ),
        };
        Invariants.Broken(seen).Any(text => text.StartsWith("the idle slot has")).ShouldBe(!holds);
    }

    [TestCaseSource(nameof(BreachNames))]
    public void A_breach_is_found_and_told_with_its_evidence(string name)
    {
        var (_, seen, expected) = Breaches().Single(breach => breach.Name == name);
        Invariants.Broken(seen).ShouldContain(text => text.Contains(expected));
    }

    [Test]
    public void On_a_first_deploy_requests_may_fail_until_it_is_committed_and_after_it_is_withdrawn()
    {
        var first = Seen.Well with
        {
            Serving = null,
            JournalLines =
            [
                Seen.Line(1000, "a", JournalKind.Commit, tag: "one"),
                Seen.Line(2000, "a", JournalKind.Withdraw),
                Seen.Line(3000, "b", JournalKind.Commit, tag: "two"),
            ],
            Requests = [Seen.Failure(500), Seen.Failure(1500), Seen.Failure(2500), Seen.Failure(3500)],
        };
        Invariants.FailedRequests(first).Select(request => Math.Round(request.StartedUnixMs)).ShouldBe([1500, 3500]);
    }

    private static Inventory Without(string container, params IEnumerable<string> others) =>
        Seen.Inventory([
            .. Seen.Well.Left.Containers.Select(seen => $"{seen.Name} {seen.State}").Where(text => text != container),
            .. others,
        ]);
}
