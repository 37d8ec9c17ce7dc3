namespace Recyclic.Deploy.Tests.Model;

internal sealed class JournalTests
{
    private static readonly Release A = Tagged("a");
    private static readonly Release B = Tagged("b");
    private static readonly Release C = Tagged("c");

    [Test]
    public void Every_field_of_a_record_survives_the_journey_through_its_line()
    {
        var record = new JournalRecord(Given.Noon, "id", JournalKind.End)
        {
            Operation = Operation.Rollback,
            Release = A,
            Slot = Slot.Green,
            From = "z",
            By = "ann@laptop",
            Step = "cut over",
            Number = 3,
            Outcome = Outcome.Cancelled,
            Seconds = 1.5,
            SwitchMs = 2.5,
            Requests = new(100, 1),
            Reason = "a \"quoted\"\nreason",
            KeepWarm = true,
        };
        record.ToJson().ShouldNotContain("\n");
        var read = Journal.Parse([record.ToJson()]).Records.ShouldHaveSingleItem();
        read.ShouldBe(record);
        read.Release!.Images.ShouldBe(A.Images);
    }

    [TestCase("")]
    [TestCase("{")]
    public void A_large_file_of_nothing_is_read_in_proportion(string line)
    {
        string[] lines = [.. Enumerable.Repeat(line, 300_000)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Journal.Parse(lines).Records.ShouldBeEmpty();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64L * 1024 * 1024);
    }

    [Test]
    public void A_line_that_a_crash_cut_short_is_passed_over()
    {
        var whole = Begin("1", A, Slot.Blue).ToJson();
        Journal.Parse([whole, whole[..^10]]).Records.Length.ShouldBe(1);
        Journal.Parse(["", "null", "{}", "[1]", whole]).Records.Length.ShouldBe(1);
    }

    [Test]
    public void The_last_commit_says_what_users_have()
    {
        var journal = Of(
            Begin("1", A, Slot.Blue),
            Commit("1", A, Slot.Blue),
            End("1"),
            Begin("2", B, Slot.Green),
            Commit("2", B, Slot.Green),
            End("2")
        );
        journal.Current.ShouldBe(new Commitment(B, Slot.Green, Given.Noon, "ann"));
        journal.Previous!.Release.ShouldBe(A);
        journal.Interrupted.ShouldBeNull();
        Journal.Empty.Current.ShouldBeNull();
    }

    [Test]
    public void A_deploy_of_an_earlier_release_is_a_step_forward_and_a_rollback_to_it_is_not()
    {
        var forward = Of(
            Begin("1", A, Slot.Blue),
            Commit("1", A, Slot.Blue),
            End("1"),
            Begin("2", B, Slot.Green),
            Commit("2", B, Slot.Green),
            End("2"),
            Begin("3", A, Slot.Blue),
            Commit("3", A, Slot.Blue),
            End("3")
        );
        forward.Previous!.Release.ShouldBe(B);
        new Journal([
            .. forward.Records.Select(record =>
                record.Deploy == "3" && record.Kind == JournalKind.Begin
                    ? record with
                    {
                        Operation = Operation.Rollback,
                    }
                    : record
            ),
        ]).Previous.ShouldBeNull();
    }

    [TestCase("ab", "ab")]
    [TestCase("aba", "a")]
    [TestCase("abca", "a")]
    [TestCase("abcb", "ab")]
    [TestCase("abcbd", "abd")]
    [TestCase("aa", "a")]
    public void A_return_to_a_release_takes_away_what_came_after_it(string commits, string good)
    {
        var journal = Of([
            .. commits.Select(
                (tag, index) => Commit($"{index}", Tagged($"{tag}"), index % 2 == 0 ? Slot.Blue : Slot.Green)
            ),
        ]);
        string.Concat(journal.GoodReleases.Select(commitment => commitment.Release.Tag)).ShouldBe(good);
    }

    [TestCase(Operation.Deploy, "ab", "a")]
    [TestCase(Operation.Deploy, "abc", "a")]
    [TestCase(Operation.Deploy, "abc", "b")]
    [TestCase(Operation.Deploy, "ab", "c")]
    [TestCase(Operation.Rollback, "abc", "a")]
    public void What_is_undone_leaves_the_good_releases_as_they_were(Operation operation, string good, string undone)
    {
        var (target, serving) = (Tagged(undone), Tagged(good[^1..]));
        var journal = Of([
            .. good.SelectMany(
                (tag, at) =>
                    new[]
                    {
                        Begin($"{at}", Tagged($"{tag}"), Slot.Blue),
                        Commit($"{at}", Tagged($"{tag}"), Slot.Blue),
                        End($"{at}"),
                    }
            ),
            Begin("x", target, Slot.Green) with
            {
                Operation = operation,
            },
            Commit("x", target, Slot.Green),
            Commit("x", serving, Slot.Blue),
            End("x"),
        ]);
        string.Concat(journal.GoodReleases.Select(commitment => commitment.Release.Tag)).ShouldBe(good);
    }

    [TestCase("", false)]
    [TestCase("a", false)]
    [TestCase("a b+", true)]
    [TestCase("a b+ c", false)]
    [TestCase("a b+ c!", true)]
    [TestCase("a b c+!", false)]
    public void What_serves_says_whether_the_release_before_it_was_to_run_on(string deploys, bool keeps)
    {
        var records = new List<JournalRecord>();
        Release? serving = null;
        foreach (var (at, words) in deploys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            var (id, release, slot) = ($"{at}", Tagged(words[..1]), at % 2 == 0 ? Slot.Blue : Slot.Green);
            records.AddRange([
                Begin(id, release, slot) with
                {
                    KeepWarm = words.Contains('+') ? true : null,
                },
                Commit(id, release, slot),
            ]);
            if (words.Contains('!'))
                records.Add(Commit(id, serving!, slot.Other()));
            else
                serving = release;
            records.Add(End(id));
        }
        Of([.. records]).KeepsWarm.ShouldBe(keeps);
    }

    [Test]
    public void A_deploy_without_an_end_was_interrupted_at_its_last_step()
    {
        var journal = Of(
            Begin("1", A, Slot.Blue),
            End("1"),
            Begin("2", B, Slot.Green),
            Step("2", 1, "start green"),
            Step("2", 2, "cut over"),
            Commit("2", B, Slot.Green)
        );
        journal.Interrupted.ShouldBe(
            new InterruptedDeploy(
                "2",
                Operation.Deploy,
                B,
                Slot.Green,
                Given.Noon,
                "ann",
                2,
                "cut over",
                Committed: true,
                Undoing: false,
                Before: null
            )
            {
                HasCommitted = true,
            }
        );
    }

    [Test]
    public void A_deploy_whose_commit_was_taken_back_is_not_committed()
    {
        var journal = Of(Begin("2", B, Slot.Green), Commit("2", B, Slot.Green), Commit("2", A, Slot.Blue));
        journal.Interrupted!.Committed.ShouldBeFalse();
    }

    [Test]
    public void An_interrupted_deploy_that_recovery_ended_is_over() =>
        Of(Begin("1", A, Slot.Blue), End("1") with { Outcome = Outcome.Interrupted }).Interrupted.ShouldBeNull();

    [Test]
    public void History_has_one_entry_for_each_deploy()
    {
        var journal = Of(
            Begin("1", A, Slot.Blue),
            End("1") with
            {
                Seconds = 3,
                SwitchMs = 4,
                Requests = new(10, 0),
            },
            Begin("2", B, Slot.Green) with
            {
                From = "a",
                Operation = Operation.Rollback,
            },
            Step("2", 1, "start")
        );
        journal.History.ShouldBe([
            new("1", Operation.Deploy, "a", null, Given.Noon, 3, Outcome.Success, 4, new(10, 0), "ann", null)
            {
                ReleaseId = A.Id,
            },
            new("2", Operation.Rollback, "b", "a", Given.Noon, null, Outcome.Interrupted, null, null, "ann", null)
            {
                ReleaseId = B.Id,
            },
        ]);
    }

    [Test]
    public void A_release_is_found_by_its_tag_and_by_its_id_where_it_was_last_committed()
    {
        var journal = Of(Commit("1", A, Slot.Blue), Commit("2", B, Slot.Green), Commit("3", A, Slot.Green));
        journal.Find("a")!.Slot.ShouldBe(Slot.Green);
        journal.Find(B.Id)!.Release.ShouldBe(B);
        journal.Find(C.Tag).ShouldBeNull();
    }

    [Test]
    public void Two_releases_with_the_same_digests_and_tag_are_the_same_release()
    {
        Given.Release(Given.Shop, "a").ShouldBe(A);
        Release
            .Of("a", new Dictionary<string, ImageRef> { ["api"] = new("team/api:a", "sha256:rebuilt") })
            .ShouldNotBe(A);
    }

    private static Release Tagged(string tag) => Given.Release(Given.Shop, tag);

    private static Journal Of(params IEnumerable<JournalRecord> records) =>
        Journal.Parse(records.Select(record => record.ToJson()));

    private static JournalRecord Begin(string id, Release release, Slot slot) =>
        new(Given.Noon, id, JournalKind.Begin)
        {
            Operation = Operation.Deploy,
            Release = release,
            Slot = slot,
            By = "ann",
        };

    private static JournalRecord Step(string id, int number, string step) =>
        new(Given.Noon, id, JournalKind.StepBegun) { Number = number, Step = step };

    private static JournalRecord Commit(string id, Release release, Slot slot) =>
        new(Given.Noon, id, JournalKind.Commit) { Release = release, Slot = slot };

    private static JournalRecord End(string id) => new(Given.Noon, id, JournalKind.End) { Outcome = Outcome.Success };
}
