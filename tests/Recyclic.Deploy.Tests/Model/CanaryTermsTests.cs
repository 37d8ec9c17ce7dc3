namespace Recyclic.Deploy.Tests.Model;

internal sealed class CanaryTermsTests
{
    [TestCase(new[] { 5, 25, 50, 100 })]
    [TestCase(new[] { 5, 25, 50 })]
    [TestCase(new[] { 100 })]
    [TestCase(new[] { 1, 99 })]
    public void Shares_that_rise_make_sense(int[] shares) => Mistakes(shares).ShouldBeEmpty();

    [TestCase(new int[0], "--canary: there is no share")]
    [TestCase(new[] { 0, 50 }, "--canary: 0 is not a share from 1 to 100")]
    [TestCase(new[] { -5 }, "--canary: -5 is not a share from 1 to 100")]
    [TestCase(new[] { 50, 101 }, "--canary: 101 is not a share from 1 to 100")]
    [TestCase(new[] { 25, 25 }, "--canary: 25 follows 25: that does not rise")]
    [TestCase(new[] { 5, 50, 25, 100 }, "--canary: 25 follows 50: that does not rise")]
    public void Others_do_not(int[] shares, string why) => Mistakes(shares).ShouldBe([why]);

    [TestCase(0, "--bake: a share cannot be judged for 0 s")]
    [TestCase(30 * 24 * 60, "--bake: a share cannot be judged for 720 h")]
    public void A_time_is_above_zero_and_at_most_a_day(int minutes, string why) =>
        Mistakes([5], minutes).ShouldBe([why]);

    [Test]
    public void What_goes_into_the_edges_configuration_is_a_headers_name() =>
        (new CanaryTerms([5], TimeSpan.FromMinutes(1)) { VisitorHeader = "X-Id)\nacl" })
            .Mistakes("--canary", "--bake", "--hold-limit")
            .ShouldHaveSingleItem();

    private static IEnumerable<string> Mistakes(int[] shares, int minutes = 5) =>
        new CanaryTerms([.. shares], TimeSpan.FromMinutes(minutes))
            .Mistakes("--canary", "--bake", "--hold-limit")
            .Select(mistake => $"{mistake.Place}: {mistake.What}");
}
