using System.Text;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Tests.Running;

/// <summary>Lines of a log from the engine's bytes, however they are cut.</summary>
internal sealed class LogFramingTests
{
    private const string Time = "2026-01-02T12:00:00.123456789Z";

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1000)]
    public void Lines_have_their_time_and_their_text_however_the_bytes_are_cut(int size)
    {
        var bytes = Encoding.UTF8.GetBytes($"{Time} first\n{Time} \r\n{Time} zwölf ✓\r\n{Time} no end");
        var framing = new LogFraming();
        List<LoggedLine> lines = [.. bytes.Chunk(size).SelectMany(chunk => framing.Take(chunk))];
        lines.Add(framing.Rest()!);
        framing.Rest().ShouldBeNull();
        lines.Select(line => line.Text).ShouldBe(["first", "", "zwölf ✓", "no end"]);
        lines.ShouldAllBe(line => line.At == Given.Noon + TimeSpan.FromTicks(1_234_567));
    }

    [Test]
    public void A_line_without_a_time_has_that_of_the_one_before()
    {
        var lines = new LogFraming().Take(Encoding.UTF8.GetBytes($"{Time} one\ntwo\n")).ToList();
        lines[1].ShouldBe(new LoggedLine(lines[0].At, "two"));
    }

    [Test]
    public void Of_a_line_without_an_end_no_more_is_kept_than_anybody_is_shown()
    {
        var framing = new LogFraming();
        framing.Take(Encoding.UTF8.GetBytes($"{Time} ")).ShouldBeEmpty();
        for (var part = 0; part < 100; part++)
            framing.Take(Encoding.UTF8.GetBytes(new string('x', 10_000))).ShouldBeEmpty();
        var lines = framing.Take(Encoding.UTF8.GetBytes($"\n{Time} next\n")).ToList();
        lines[0].Text.Length.ShouldBeLessThanOrEqualTo(LogFraming.LongestLine);
        lines[0].Text.ShouldEndWith("x…");
        lines[1].Text.ShouldBe("next");
    }
}
