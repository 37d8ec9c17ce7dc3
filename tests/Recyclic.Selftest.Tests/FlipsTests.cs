namespace Recyclic.Selftest.Tests;

public sealed class FlipsTests
{
    [Test]
    public void Requests_that_overlap_with_a_cutover_may_get_either_version() =>
        Flips
            .Seen([
                Seen.Answer(1, 2, "one"),
                Seen.Answer(3, 8, "two"),
                Seen.Answer(4, 9, "one"),
                Seen.Answer(5, 6, "two"),
                Seen.Answer(6, 7, "one"),
                Seen.Answer(7, 8, "two"),
            ])
            .ShouldBe(1);

    [Test]
    public void A_request_that_gets_the_old_version_after_the_new_one_has_answered_is_a_move_back() =>
        Flips.Seen([Seen.Answer(1, 2, "one"), Seen.Answer(3, 4, "two"), Seen.Answer(5, 6, "one")]).ShouldBe(2);

    [Test]
    public void A_third_version_is_a_move_even_while_the_second_is_new() =>
        Flips.Seen([Seen.Answer(1, 2, "one"), Seen.Answer(3, 9, "two"), Seen.Answer(4, 5, "three")]).ShouldBe(2);

    [Test]
    public void One_version_alone_never_moves() =>
        Flips.Seen([Seen.Answer(1, 2, "one"), Seen.Answer(3, 4, "one")]).ShouldBe(0);

    [Test]
    public void Cutovers_their_undos_and_recoveries_move_users() =>
        Flips
            .Meant(
                Journal
                    .Parse([
                        Seen.Line(1, "a", JournalKind.StepBegun, step: "cut over: all traffic to green"),
                        Seen.Line(2, "a", JournalKind.UndoBegun, step: "cut over: all traffic to blue"),
                        Seen.Line(3, "a", JournalKind.StepBegun, step: "commit two on green"),
                        Seen.Line(4, "a", JournalKind.End, outcome: Outcome.Interrupted),
                    ])
                    .Records
            )
            .ShouldBe(3);
}
