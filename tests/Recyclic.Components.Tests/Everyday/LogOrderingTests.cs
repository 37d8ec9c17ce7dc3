using Recyclic.Components.Everyday;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Tests.Everyday;

[CancelAfter(20_000)]
public sealed class LogOrderingTests
{
    private static readonly LogSource Api = new(Shop.Container("api", Slot.Blue, Shop.Noon), "api", "v1");
    private static readonly LogSource Web = new(Shop.Container("web", Slot.Blue, Shop.Noon), "web", "v1");

    [Test]
    public void A_line_waits_for_an_earlier_one_of_another_container_that_is_still_on_its_way()
    {
        var ordering = new LogOrdering();
        ordering.Add(Api, Line(2), TimeSpan.Zero);
        ordering.Take(TimeSpan.FromMilliseconds(100)).ShouldBeEmpty();
        ordering.Add(Web, Line(1), TimeSpan.FromMilliseconds(100));
        Texts(ordering.Take(TimeSpan.FromMilliseconds(400))).ShouldBe(["1", "2"]);
        ordering.IsEmpty.ShouldBeTrue();
    }

    [Test]
    public void Lines_of_one_moment_stay_in_the_order_in_which_they_came()
    {
        var ordering = new LogOrdering();
        foreach (var text in (string[])["a", "b", "c"])
            ordering.Add(Api, new LoggedLine(Shop.Noon, text), TimeSpan.Zero);
        Texts(ordering.Take(null)).ShouldBe(["a", "b", "c"]);
    }

    [Test]
    public void No_more_are_held_than_may_be()
    {
        var ordering = new LogOrdering();
        for (var number = 0; number <= LogOrdering.Most; number++)
            ordering.Add(Api, Line(number), TimeSpan.Zero);
        Texts(ordering.Take(TimeSpan.Zero)).ShouldBe(["0", "1"]);
    }

    [Test]
    public async Task Logs_that_have_an_end_become_one_by_time(CancellationToken cancellationToken)
    {
        var merged = new List<string>();
        await foreach (
            var (_, line) in LogMerge.OfAsync(
                [(Api, Lines(1, 4, 5)), (Web, Lines(2, 3, 6)), (Web, Lines())],
                cancellationToken
            )
        )
            merged.Add(line.Text);
        merged.ShouldBe(["1", "2", "3", "4", "5", "6"]);
    }

    private static async IAsyncEnumerable<LoggedLine> Lines(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            await Task.Yield();
            yield return Line(number);
        }
    }

    private static LoggedLine Line(int number) => new(Shop.Noon + TimeSpan.FromSeconds(number), $"{number}");

    private static List<string> Texts(IEnumerable<(LogSource, LoggedLine Line)> lines) =>
        lines.Select(line => line.Line.Text).ToList();
}
