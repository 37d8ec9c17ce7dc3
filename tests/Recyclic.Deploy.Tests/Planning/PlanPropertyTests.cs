using FsCheck;
using FsCheck.Fluent;

namespace Recyclic.Deploy.Tests.Planning;

/// <summary>What holds for every plan, whatever is on the host. A failure prints the seed that repeats it.</summary>
internal sealed class PlanPropertyTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(2026, 7);

    [Test]
    public void Every_shift_of_users_can_be_taken_back_when_something_serves() =>
        ForEveryPlan(
            (now, plan) =>
                now.Current is null
                || plan.Steps.Where(step => step.Action is CutOver or Commit or HandOver { From: not null })
                    .All(step => !step.Undo.IsEmpty)
        );

    [Test]
    public void What_has_been_started_is_drained_and_removed_by_the_undo() =>
        ForEveryPlan(
            (_, plan) =>
                plan
                    .Steps.Where(step => step.Action is StartRelease)
                    .All(step =>
                        step.Undo is [Drain drain, RemoveRelease remove]
                        && drain.Slot == plan.Slot
                        && remove.Slot == plan.Slot
                    )
        );

    [Test]
    public void Nothing_in_retire_touches_the_fresh_slot() =>
        ForEveryPlan(
            (_, plan) =>
                plan
                    .Steps.Where(step => step.Phase == Phase.Retire)
                    .All(step => SlotOf(step.Action) != plan.Slot && step.Undo.IsEmpty)
        );

    [Test]
    public void The_serving_slot_is_never_stopped_cleared_or_removed_before_the_commit() =>
        ForEveryPlan(
            (now, plan) =>
                plan
                    .Steps.TakeWhile(step => step.Action is not Commit)
                    .All(step =>
                        step.Action
                            is not (StopRelease or ClearSlot or RemoveRelease or StartRelease or ResumeRelease or Drain)
                        || SlotOf(step.Action) != now.Current?.Slot
                    )
        );

    [Test]
    public void Users_move_only_to_a_slot_that_has_passed_the_gate() =>
        ForEveryPlan(
            (_, plan) =>
            {
                var gate = plan.Steps.IndexOf(plan.Steps.First(step => step.Action is AwaitHealthy));
                var cutOver = plan.Steps.IndexOf(plan.Steps.First(step => step.Action is CutOver));
                return gate < cutOver
                    && plan.Steps[gate].Action is AwaitHealthy healthy
                    && healthy.Slot == plan.Slot
                    && plan.Steps[cutOver].Action.Equals(new CutOver(plan.Slot));
            }
        );

    [Test]
    public void There_is_one_cutover_and_then_one_commit_of_the_new_release() =>
        ForEveryPlan(
            (_, plan) =>
                plan
                    .Steps.Select(step => step.Action)
                    .Where(step => step is CutOver or Commit)
                    .SequenceEqual([new CutOver(plan.Slot), new Commit(plan.To, plan.Slot)])
        );

    [Test]
    public void The_new_release_never_goes_into_the_slot_that_serves() =>
        ForEveryPlan((now, plan) => plan.Slot != now.Current?.Slot);

    [Test]
    public void The_phases_come_in_their_order() =>
        ForEveryPlan(
            (_, plan) =>
                plan.Steps.Select(step => step.Phase).Order().SequenceEqual(plan.Steps.Select(step => step.Phase))
        );

    private static Slot? SlotOf(DeployStep step) =>
        step switch
        {
            StartRelease start => start.Slot,
            ResumeRelease resume => resume.Slot,
            StopRelease stop => stop.Slot,
            RemoveRelease remove => remove.Slot,
            ClearSlot clear => clear.Slot,
            Drain drain => drain.Slot,
            _ => null,
        };

    private static void ForEveryPlan(Func<Snapshot, DeployPlan, bool> claim) =>
        Check.One(Cases, Prop.ForAll(Hosts().ToArbitrary(), host => claim(host.Now, Plan(host))));

    private static DeployPlan Plan(HostCase host) =>
        host is { Rollback: true, Now.Journal.Previous: { } earlier }
        && host.Now[earlier.Slot].Holds(earlier.Release)
        && earlier.Slot != host.Now.Current!.Slot
            ? RollbackPlanner.Plan(host.Now, earlier, host.Options)
            : DeployPlanner.Deploy(host.App, host.Now, Given.Release(host.App, host.Tag), host.Options);

    private static Gen<HostCase> Hosts() =>
        from app in Gen.Elements(Given.Shop, Given.Store)
        from commits in Gen.ListOf(Gen.Elements("1", "2", "3", "4"))
        from firstSlot in Gen.Elements(Slot.Blue, Slot.Green)
        from idle in Gen.Elements("", "running", "exited")
        from edge in Gen.Elements(true, false)
        from networks in Gen.Elements(true, false)
        from accessories in Gen.Elements(true, false)
        from tag in Gen.Elements("1", "4", "5")
        from rollback in Gen.Elements(true, false)
        from keepWarm in Gen.Elements(true, false)
        from watch in Gen.Elements(0, 3)
        from keep in Gen.Choose(0, 3)
        select new HostCase(
            app,
            Seen(app, [.. commits.Take(5)], firstSlot, idle, edge, networks, accessories),
            tag,
            rollback,
            new DeployOptions
            {
                KeepWarm = keepWarm,
                Watch = TimeSpan.FromSeconds(watch),
                KeepReleases = keep,
            }
        );

    private static Snapshot Seen(
        Application app,
        ImmutableArray<string> commits,
        Slot slot,
        string idle,
        bool edge,
        bool networks,
        bool accessories
    )
    {
        if (commits.IsEmpty)
            return Snapshot.Empty(app.Name);
        var now = Host.Serving(app, commits[0], slot);
        foreach (var tag in commits.Skip(1))
        {
            var old = now.Current!;
            now = now.Committed(app, tag, old.Slot.Other()).Holding(app, old.Slot.Other(), tag);
            now = idle.Length == 0 ? now.With(old.Slot, []) : now.Holding(app, old.Slot, old.Release.Tag, idle);
        }
        return now with
        {
            Share = edge ? now.Current!.Slot.FullShare() : null,
            Edge = now.Edge with { IsRunning = edge },
            Networks = networks ? now.Networks : [],
            Accessories = accessories ? now.Accessories : [],
        };
    }

    private sealed record HostCase(Application App, Snapshot Now, string Tag, bool Rollback, DeployOptions Options)
    {
        public override string ToString() => DeployPlannerText(this);

        private static string DeployPlannerText(HostCase host) =>
            $"{(host.Rollback ? "rollback" : host.Tag)} on {string.Join(",", host.Now.Journal.Commitments.Select(c => $"{c.Release.Tag} {c.Slot}"))}\n{Plan(host).ToText()}";
    }
}
