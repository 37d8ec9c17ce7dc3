namespace Recyclic.Sample.Tests;

public sealed class FaultTests
{
    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    public void No_fault_is_a_sound_release(string? text) => Fault.Parse(text).ShouldBe(Fault.None);

    [TestCase("never-healthy", 0, false)]
    [TestCase("never-healthy", 3600, false)]
    [TestCase("unhealthy-after=2s", 1.9, true)]
    [TestCase("unhealthy-after=2s", 2, false)]
    [TestCase("start-delay=1.5s", 1.4, false)]
    [TestCase("start-delay=1.5s", 1.5, true)]
    [TestCase("exit-at-once", 0, true)]
    public void A_fault_says_when_the_service_is_healthy(string text, double seconds, bool healthy) =>
        (Fault.Parse(text).Reason(TimeSpan.FromSeconds(seconds)) is null).ShouldBe(healthy);

    [TestCase("error-rate=8%", 0.08)]
    [TestCase("error-rate=0.5%", 0.005)]
    [TestCase("error-rate=8%,30s", 0.08)]
    [TestCase("never-healthy", 0)]
    public void A_fault_says_how_many_requests_fail(string text, double rate) =>
        Fault.Parse(text).Rate.ShouldBe(rate, 1e-9);

    [TestCase("never_healthy")]
    [TestCase("never-healthy=1s")]
    [TestCase("start-delay")]
    [TestCase("start-delay=3")]
    [TestCase("start-delay=-3s")]
    [TestCase("unhealthy-after=NaNs")]
    [TestCase("unhealthy-after=soon")]
    [TestCase("error-rate=8")]
    [TestCase("error-rate=101%")]
    [TestCase("error-rate=8%,soon")]
    [TestCase("error-rate=-1%")]
    public void A_misspelt_fault_is_refused_and_the_known_ones_are_listed(string text) =>
        Should.Throw<FormatException>(() => Fault.Parse(text)).Message.ShouldContain("unhealthy-after=<seconds>s");
}
