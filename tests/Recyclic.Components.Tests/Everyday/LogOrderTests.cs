using Recyclic.Components.Everyday;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Everyday;

public sealed class LogOrderTests
{
    [TestCase(null, null, LogOrder.UsualLast)]
    [TestCase(null, 10, null)]
    [TestCase("all", null, null)]
    [TestCase("5", 10, 5)]
    [TestCase("0", null, 0)]
    public void How_many_lines_there_are_by_the_options(string? tail, int? minutes, int? last)
    {
        var since = minutes is { } given ? TimeSpan.FromMinutes(given) : (TimeSpan?)null;
        LogOrder.Of(null, follows: false, since, tail, ofPrevious: false).Last.ShouldBe(last);
    }

    [TestCase("-1")]
    [TestCase("many")]
    [TestCase("1.5")]
    public void What_is_no_number_of_lines_is_refused(string tail) =>
        Should
            .Throw<ConfigurationException>(() => LogOrder.Of(null, false, null, tail, false))
            .Message.ShouldContain($"'{tail}' is no number of lines");

    [Test]
    public void The_release_before_is_not_followed() =>
        Should
            .Throw<ConfigurationException>(() => LogOrder.Of(null, true, null, null, true))
            .Message.ShouldContain("Leave out --follow");

    [Test]
    public void A_time_counts_back_from_the_hosts_clock() =>
        LogOrder
            .Of(null, true, TimeSpan.FromMinutes(10), null, false)
            .QuestionAt(Shop.Noon)
            .Since.ShouldBe(Shop.Noon - TimeSpan.FromMinutes(10));
}
