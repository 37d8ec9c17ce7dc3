using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>The other tests stand on this reading of the journal.</summary>
public sealed class LivePeriodsTests
{
    [Test]
    public void A_version_is_live_from_the_begin_of_its_cutover_to_the_end_of_the_next()
    {
        LivePeriods
            .Of(
                Journal(
                    """
                    1 first Begin one Blue
                    2 first StepBegun cut over: all traffic to blue
                    3 first StepEnded
                    4 second Begin two Green
                    5 second StepBegun start green with two
                    6 second StepEnded
                    7 second StepBegun cut over: all traffic to green
                    8 second StepEnded
                    """
                )
            )
            .ShouldBe([new Live("one", 2, 8), new Live("two", 7, double.PositiveInfinity)]);
    }

    [Test]
    public void A_cutover_that_was_undone_made_its_version_live_until_the_undo_was_over()
    {
        LivePeriods
            .Of(
                Journal(
                    """
                    1 first Begin one Blue
                    2 first StepBegun cut over: all traffic to blue
                    3 first StepEnded
                    4 second Begin two Green
                    5 second StepBegun cut over: all traffic to green
                    6 second StepEnded
                    7 second UndoBegun cut over: all traffic to blue
                    9 second UndoBegun drain green (at most 30 s)
                    """
                )
            )
            .ShouldBe([new Live("one", 2, 6), new Live("two", 5, 9), new Live("one", 7, double.PositiveInfinity)]);
    }

    /// <summary>A line a record: milliseconds since 1970, deploy, kind, and what the kind has besides.</summary>
    private static List<JournalLine> Journal(string text) =>
        [
            .. from line in text.Split('\n')
            let word = line.Split(' ', 4)
            let rest = word.ElementAtOrDefault(3)
            let begins = word[2] == "Begin"
            select new JournalLine(
                DateTimeOffset.FromUnixTimeMilliseconds(
                    int.Parse(word[0], System.Globalization.CultureInfo.InvariantCulture)
                ),
                word[1],
                word[2],
                begins ? null : rest,
                null,
                null,
                begins ? rest!.Split(' ')[0] : null,
                begins ? rest!.Split(' ')[1] : null
            ),
        ];
}
