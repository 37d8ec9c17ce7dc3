namespace Recyclic.Deploy.Tests.Planning;

internal sealed class EdgeAgeTests
{
    private static readonly EdgeState Edge = Host.Serving(Given.Shop, "1", Slot.Blue).Edge;

    [TestCase(0, "HAProxy 2.6.12, built today")]
    [TestCase(1.5, "HAProxy 2.6.12, built a day ago")]
    [TestCase(12, "HAProxy 2.6.12, built 12 days ago")]
    [TestCase(-3, "HAProxy 2.6.12, built today")]
    public void It_is_said_in_whole_days(double days, string sentence) =>
        EdgeAge.Describe(Built(days) with { Version = "2.6.12" }, Given.Noon).ShouldBe(sentence);

    [Test]
    public void What_is_not_known_is_not_said()
    {
        EdgeAge.Describe(Edge, Given.Noon).ShouldBeNull();
        EdgeAge.Describe(Built(12), Given.Noon).ShouldBe("built 12 days ago");
        EdgeAge.Describe(Edge with { Version = "2.6.12" }, Given.Noon).ShouldBe("HAProxy 2.6.12");
        EdgeAge.Describe(EdgeState.None, Given.Noon).ShouldBeNull();
    }

    [TestCase(30.9, false)]
    [TestCase(31, true)]
    public void A_deploy_says_it_of_one_that_is_older_than_30_days(double days, bool isSaid) =>
        (
            EdgeAge.Note(Built(days), Given.Noon)?.Contains("./build.sh Edge --upgrade", StringComparison.Ordinal)
            == true
        ).ShouldBe(isSaid);

    [Test]
    public void Nothing_is_said_of_one_that_the_deploy_replaces() =>
        EdgeAge.Note(Built(90) with { IsOutdated = true }, Given.Noon).ShouldBeNull();

    private static EdgeState Built(double daysAgo) => Edge with { Built = Given.Noon - TimeSpan.FromDays(daysAgo) };
}
