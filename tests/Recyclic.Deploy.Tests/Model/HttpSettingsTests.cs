namespace Recyclic.Deploy.Tests.Model;

/// <summary>`x-recyclic.trusted-proxies` and `x-recyclic.timeouts`.</summary>
internal sealed class HttpSettingsTests
{
    [TestCase(
        """["203.0.113.7", "198.51.100.0/24", "203.0.113.7", "2001:db8::/32"]""",
        "198.51.100.0/24 2001:db8::/32 203.0.113.7"
    )]
    [TestCase("\"10.9.8.7/8\"", "10.0.0.0/8")]
    [TestCase("\"0.0.0.0/0\"", "0.0.0.0/0")]
    [TestCase("\"none\"", "none")]
    [TestCase("\"2001:DB8:0::1\"", "2001:db8::1")]
    public void Trusted_proxies_are_read_and_survive_the_journey_in_a_label(string given, string ranges)
    {
        var routes = App($$"""{ "trusted-proxies": {{given}} }""").Routes;
        routes.ShouldHaveSingleItem().TrustedProxies.ShouldBe(ranges);
        Route.FromLabel(Route.ToLabel(routes)).ShouldBe(routes);
    }

    [Test]
    public void Timeouts_are_read_and_survive_the_journey_in_a_label()
    {
        var routes = App("""{ "timeouts": { "response": "1h30m", "tunnel": "90s" } }""").Routes;
        var route = routes.ShouldHaveSingleItem();
        route.ResponseTimeout.ShouldBe(TimeSpan.FromMinutes(90));
        route.TunnelTimeout.ShouldBe(TimeSpan.FromSeconds(90));
        Route.FromLabel(Route.ToLabel(routes)).ShouldBe(routes);
    }

    [TestCase("""{ "trusted-proxies": [] }""", "x-recyclic.trusted-proxies is empty")]
    [TestCase("""{ "trusted-proxies": "front" }""", "x-recyclic.trusted-proxies has 'front', which is no address")]
    [TestCase("""{ "trusted-proxies": ["10.1"] }""", "'10.1'")]
    [TestCase("""{ "trusted-proxies": ["10.0.0.0/33"] }""", "'10.0.0.0/33'")]
    [TestCase("""{ "trusted-proxies": ["fe80::1%eth0"] }""", "'fe80::1%eth0'")]
    [TestCase("""{ "trusted-proxies": ["10.0.0.1 }\n    bind :1"] }""", "which is no address")]
    [TestCase("""{ "timeouts": "30m" }""", "x-recyclic.timeouts '30m' is not a map")]
    [TestCase("""{ "timeouts": { "idle": "30m" } }""", "x-recyclic.timeouts has no setting 'idle'")]
    [TestCase(
        """{ "timeouts": { "response": "30" } }""",
        "x-recyclic.timeouts.response '30' is not a duration from 1s to 24h"
    )]
    [TestCase("""{ "timeouts": { "response": "10ms" } }""", "x-recyclic.timeouts.response '10ms'")]
    [TestCase("""{ "timeouts": { "tunnel": "25h" } }""", "x-recyclic.timeouts.tunnel '25h'")]
    public void A_mistake_is_named(string settings, string what) =>
        Should
            .Throw<ConfigurationException>(() => App(settings))
            .Problems.ShouldHaveSingleItem()
            .What.ShouldContain(what);

    [TestCase(
        """[{"service":"a","target":1,"published":1,"mode":"Http","replicas":1,"trustedProxies":"10.0.0.1 }\n bind :1"}]"""
    )]
    [TestCase("""[{"service":"a","target":1,"published":1,"mode":"Http","replicas":1,"trustedProxies":""}]""")]
    [TestCase(
        """[{"service":"a","target":1,"published":1,"mode":"Http","replicas":1,"responseTimeout":"-00:00:01"}]"""
    )]
    [TestCase("""[{"service":"a","target":1,"published":1,"mode":"Http","replicas":1,"tunnelTimeout":"9.00:00:00"}]""")]
    public void A_label_that_says_what_no_file_can_say_is_left_out(string label) =>
        Route.FromLabel(label).ShouldBeEmpty();

    private static Application App(string settings) =>
        Given.App(
            $$"""{ "name": "a", "services": { "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": {{settings}}, "ports": [{ "target": 8000, "published": "80" }] } } }"""
        );
}
