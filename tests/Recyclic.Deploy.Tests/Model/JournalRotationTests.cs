namespace Recyclic.Deploy.Tests.Model;

internal sealed class JournalRotationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_journal_of_a_usual_length_stays_as_it_is() => JournalRotation.Of(Random(1, 40)).ShouldBeNull();

    [Test]
    public void What_people_and_recovery_go_by_is_the_same_afterwards([Range(1, 30)] int seed)
    {
        var journal = Random(seed, 400);
        var kept = Rotated(journal);
        kept.Records.Length.ShouldBeLessThan(JournalRotation.MostRecords);
        kept.Current.ShouldBe(journal.Current);
        kept.Previous.ShouldBe(journal.Previous);
        kept.Interrupted.ShouldBe(journal.Interrupted);
        kept.KeepsWarm.ShouldBe(journal.KeepsWarm);
        kept.Environment.ShouldBe(journal.Environment);
        kept.FilesKey.ShouldBe(journal.FilesKey);
        kept.History.TakeLast(150).ShouldBe(journal.History.TakeLast(150));
        kept.GoodReleases.TakeLast(20).ShouldBe(journal.GoodReleases.TakeLast(20));
        // Approvals of that time, and what came after them, are all there.
        kept.Records.Where(record => record.Kind == JournalKind.Approve)
            .TakeLast(15)
            .ShouldBe(journal.Records.Where(record => record.Kind == JournalKind.Approve).TakeLast(15));
        JournalRotation.Of(kept).ShouldBeNull();
    }

    [Test]
    public void A_release_that_serves_stays_known_however_many_deploys_have_failed_since()
    {
        var records = new List<JournalRecord>();
        Deploy(records, 0, Outcome.Success);
        Deploy(records, 1, Outcome.Success);
        for (var number = 2; number < 300; number++)
            Deploy(records, number, Outcome.Undone);
        var journal = new Journal([.. records]);
        var kept = Rotated(journal);
        kept.Current!.Release.Tag.ShouldBe("t1");
        kept.Previous!.Release.Tag.ShouldBe("t0");
        kept.Find("t0").ShouldBe(journal.Find("t0"));
        kept.VolumeOf("web", "/data").ShouldBe("volume-1");
    }

    [Test]
    public void A_journal_with_an_id_of_another_kind_is_left_alone()
    {
        var journal = Random(2, 400);
        JournalRotation.Of(new([.. journal.Records, new(Start, "a, b", JournalKind.Approve)])).ShouldBeNull();
    }

    /// <summary>What the agent makes of it.</summary>
    private static Journal Rotated(Journal journal)
    {
        var kept = JournalRotation.Of(journal).ShouldNotBeNull();
        var (whole, inShort) = (kept.Whole.Split(','), kept.InShort.Split(','));
        return Journal.Parse(
            journal
                .Records.Where(record =>
                    whole.Contains(record.Deploy)
                    || inShort.Contains(record.Deploy)
                        && record.Kind is not (JournalKind.StepBegun or JournalKind.StepEnded or JournalKind.UndoBegun)
                )
                .Select(record => record.ToJson())
        );
    }

    private static Journal Random(int seed, int deploys)
    {
        var random = new Random(seed);
        var records = new List<JournalRecord>();
        for (var number = 0; number < deploys; number++)
        {
            if (random.Next(4) == 0)
                records.Add(new(At(records), $"approval-{number}", JournalKind.Approve) { By = "ann" });
            Deploy(
                records,
                number,
                number == deploys - 1 && random.Next(2) == 0 ? null
                    : random.Next(3) == 0 ? Outcome.Undone
                    : Outcome.Success,
                random.Next(5) == 0 ? Operation.Rollback : Operation.Deploy
            );
        }
        return Journal.Parse(records.Select(record => record.ToJson()));
    }

    private static void Deploy(
        List<JournalRecord> records,
        int number,
        Outcome? outcome,
        Operation operation = Operation.Deploy
    )
    {
        var id = $"d-{number:x4}";
        var before = new Journal([.. records]);
        var release =
            operation == Operation.Rollback && before.Previous is { } previous
                ? previous.Release
                : Release.Of(
                    $"t{number}",
                    new Dictionary<string, ImageRef> { ["web"] = new("web", $"sha256:{number}") }
                );
        var slot = number % 2 == 0 ? Slot.Blue : Slot.Green;
        records.Add(
            new(At(records), id, JournalKind.Begin)
            {
                Operation = operation,
                Release = release,
                Slot = slot,
                By = "ann",
                Environment = "production",
                KeepWarm = number % 3 == 0,
                FilesKey = "key",
                Volumes = [new DataVolume("web", "/data", $"volume-{number}")],
            }
        );
        for (var step = 1; step <= 9; step++)
        {
            records.Add(new(At(records), id, JournalKind.StepBegun) { Number = step, Step = $"step {step}" });
            records.Add(new(At(records), id, JournalKind.StepEnded) { Number = step });
        }
        if (outcome is null)
            return;
        if (outcome == Outcome.Undone)
            records.Add(new(At(records), id, JournalKind.UndoBegun) { Step = "undo" });
        else
            records.Add(new(At(records), id, JournalKind.Commit) { Release = release, Slot = slot });
        records.Add(new(At(records), id, JournalKind.End) { Outcome = outcome, Seconds = 1 });
    }

    private static DateTimeOffset At(List<JournalRecord> records) => Start.AddSeconds(records.Count);
}
