namespace Recyclic.Deploy.Tests.Model;

internal sealed class PortGateTests
{
    [TestCase("80", null, 80)]
    [TestCase("127.0.0.1:9501", "127.0.0.1", 9501)]
    public void It_is_written_as_compose_writes_it(string text, string? address, int port)
    {
        PortGate.Parse(text).ShouldBe(new PortGate(address, port));
        new PortGate(address, port).ToString().ShouldBe(text);
    }

    [TestCase(null), TestCase(""), TestCase("0"), TestCase("65536"), TestCase("::1:80"), TestCase("host:80")]
    [TestCase("1.2.3.4:"), TestCase("127.0.0.1:80/tcp")]
    public void Anything_else_is_none(string? text) => PortGate.Parse(text).ShouldBeNull();

    [TestCase("80", "80", false)]
    [TestCase("80", "81", false)]
    [TestCase("80", "127.0.0.1:80", true)]
    [TestCase("0.0.0.0:80", "127.0.0.1:80", true)]
    [TestCase("0.0.0.0:80", "80", true)]
    [TestCase("127.0.0.2:80", "127.0.0.1:80", false)]
    public void The_kernel_refuses_a_port_on_all_addresses_beside_one_on_a_single_one(
        string one,
        string other,
        bool refuses
    )
    {
        PortGate.Parse(one)!.IsInTheWayOf(PortGate.Parse(other)!).ShouldBe(refuses);
        PortGate.Parse(other)!.IsInTheWayOf(PortGate.Parse(one)!).ShouldBe(refuses);
    }

    [Test]
    public void It_hands_connections_on_to_the_edge_by_a_socket_that_no_service_can_have()
    {
        var gate = new PortGate("127.0.0.1", 9501);
        gate.ConfigurationFile.ShouldBe("/var/lib/recyclic/doors/_127.0.0.1-9501.cfg");
        gate.Configuration.ShouldStartWith($"# {gate.Hash}\n");
        gate.Configuration.ShouldContain(
            "listen port-9501\n    bind :9501\n    server edge unix@/var/lib/recyclic/doors/_127.0.0.1-9501 send-proxy-v2\n"
        );
        Route.IsServiceName(gate.Name).ShouldBeFalse();
        new Naming("shop").GateContainer(gate).ShouldBe("shop-gate-127.0.0.1-9501");
    }

    [Test]
    public void Both_releases_answer_by_either_gate_while_one_goes_for_the_other()
    {
        var text = EdgeConfiguration.For("shop", [At(null)], [At("127.0.0.1") with { Target = 9000 }]).Text;
        foreach (var frontend in new[] { "frontend port-9501\n", "frontend port-127.0.0.1-9501\n" })
            text[text.IndexOf(frontend, StringComparison.Ordinal)..]
                .ShouldMatch(
                    @"\A[^\n]+\n(    [^\n]+\n)+?    use_backend blue-web-80 if !green\n    use_backend green-web-9000 if green\n"
                );
        text.ShouldNotContain("closed");
    }

    [Test]
    public void Two_addresses_that_can_be_there_at_once_lead_to_their_own_services()
    {
        var text = EdgeConfiguration
            .For("shop", [At("127.0.0.1"), At("127.0.0.2") with { Service = "admin" }], [])
            .Text;
        var second = text[text.IndexOf("frontend port-127.0.0.2-9501", StringComparison.Ordinal)..];
        second[..second.IndexOf("\nbackend", StringComparison.Ordinal)].ShouldNotContain("web");
    }

    [Test]
    public void A_port_that_a_release_does_not_have_answers_that_nobody_is_there()
    {
        var text = EdgeConfiguration.For("shop", [At(null)], []).Text;
        text.ShouldContain("    use_backend closed if green\n    default_backend nowhere\n");
        text.ShouldContain("backend closed\n    http-request return status 503 content-type text/plain");
    }

    private static Route At(string? address) => new("web", 80, 9501, address, RouteMode.Http, null, null, 1);
}
