using System.Diagnostics;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Load;

namespace Recyclic.Selftest.Tests;

/// <summary>
/// What a case that went well looks like: an upgrade from one to two, killed at its gate, then a deploy of three.
/// </summary>
internal static class Seen
{
    private static readonly LoadClock Clock = new();

    public static Evidence Well { get; } =
        new()
        {
            Case = new SelftestCase(
                CaseFault.Kill,
                new ScenarioPoint(Scenario.Upgrade, FaultPoint.TryParse("before:StepBegun:3")!, "gate")
            ),
            App = "app",
            Serving = "one",
            Struck = new CommandEnd("AtomicDeploy", 137, $"{FaultStriker.Mark} kill", "", 1),
            StatusAfterFault = new StatusSeen("one", "blue", "images", true, false, true),
            Next = new CommandEnd("AtomicDeploy", 0, "", "", 2),
            NextTag = "three",
            StatusAtEnd = new StatusSeen("three", "green", "stopped", true, false, false),
            Requests = [Answer(1, 2, "one"), Answer(3, 4, "one"), Answer(5, 6, "three")],
            JournalLines =
            [
                Line(1, "a", JournalKind.Begin, tag: "two"),
                Line(2, "a", JournalKind.End, outcome: Outcome.Interrupted),
                Line(3, "b", JournalKind.Begin, tag: "three"),
                Line(4, "b", JournalKind.StepBegun, step: "cut over: all traffic to green"),
                Line(5, "b", JournalKind.Commit, tag: "three"),
                Line(6, "b", JournalKind.End, outcome: Outcome.Success),
            ],
            Left = Inventory(
                "app-edge running",
                "app--green-front-1 running",
                "app--green-api-1 running",
                "app--green-worker-1 running",
                "app--blue-front-1 exited",
                "app--blue-api-1 exited",
                "app--blue-worker-1 exited"
            ),
            Ordinary = Inventory(),
            Events = [Event("1", Moment.Started), Event("1", Moment.Ended), Event("2", Moment.Started)],
        };

    public static RequestRecord Answer(long started, long ended, params ImmutableArray<string> versions) =>
        new()
        {
            Clock = Clock,
            Target = "front",
            StartedTicks = started,
            EndedTicks = ended,
            Status = 200,
            Versions = versions,
        };

    /// <summary>Of a service that is exclusive, unless it is the migration.</summary>
    public static ContainerEvent Event(
        string id,
        Moment moment,
        double unixMs = 0,
        string service = "worker",
        int? exitCode = null
    ) => new(id, service, moment, unixMs, IsExclusive: service != "migrate", exitCode);

    /// <param name="unixMs">When it was sent.</param>
    public static RequestRecord Failure(double unixMs, string target = Shape.Front) =>
        new()
        {
            Clock = Clock,
            Target = target,
            StartedTicks = (long)((unixMs - Clock.UnixMilliseconds(0)) * Stopwatch.Frequency / 1000),
            EndedTicks = (long)((unixMs - Clock.UnixMilliseconds(0)) * Stopwatch.Frequency / 1000),
            Failure = FailureReason.Refused,
            Versions = [],
        };

    public static string Line(
        long unixMs,
        string deploy,
        JournalKind kind,
        string? tag = null,
        string? step = null,
        Outcome? outcome = null,
        int? number = null,
        Operation? operation = null
    ) =>
        new JournalRecord(DateTimeOffset.FromUnixTimeMilliseconds(unixMs), deploy, kind)
        {
            Release = tag is null ? null : Release.Of(tag, new Dictionary<string, ImageRef>()),
            Slot = tag is null ? null : Slot.Green,
            Step = step,
            Outcome = outcome,
            Number = number,
            Operation = operation,
        }.ToJson();

    public static Inventory Inventory(params IEnumerable<string> containers) =>
        new(
            [.. containers.Select(text => text.Split(' ')).Select(words => new ContainerSeen(words[0], words[1]))],
            ["zz.app.blue", "zz.app.green"],
            ["app.state"]
        );
}
