namespace Recyclic.Deploy.Tests.Model;

internal sealed class CanaryRulesTests
{
    private static readonly Route Http = new("api", 8000, 80, null, RouteMode.Http, null, null, 1);
    private static readonly Route Tcp = new("mqtt", 1883, 1883, null, RouteMode.Tcp, null, null, 1);
    private static readonly Route Auto = new("any", 9000, 9000, null, RouteMode.Auto, null, null, 1);

    [Test]
    public void Without_a_canary_an_edge_knows_nothing_of_one()
    {
        var text = EdgeConfiguration.For("shop", [Http, Tcp, Auto], [Http, Tcp, Auto]).Text;
        foreach (var word in new[] { "canary", "cook", "visitors", "Set-Cookie", "xxh32" })
            text.ShouldNotContain(word);
    }

    /// <summary>Each rule of it asks whether the share is between 0 and 100, or for a variable that is set then alone.</summary>
    [Test]
    public void With_one_nothing_of_it_applies_to_a_share_of_0_or_100() =>
        Text(new CanaryRouting(Slot.Green) { ForTesters = true, VisitorHeader = "X-User-Id" })
            .Split('\n')
            .Except(EdgeConfiguration.For("shop", [Http, Tcp, Auto], [Http, Tcp, Auto]).Text.Split('\n'))
            .Where(line =>
                line.Contains("-request ", StringComparison.Ordinal)
                || line.Contains("-response ", StringComparison.Ordinal)
            )
            .Where(line => !line.Contains(".green) bool(true) if { var(txn.draw),sub", StringComparison.Ordinal))
            .ShouldAllBe(line =>
                line.Contains(" if canary", StringComparison.Ordinal)
                || line.Contains(" if unnumbered", StringComparison.Ordinal)
                || line == "    http-request set-var(txn.draw) rand(100)"
            );

    [Test]
    public void What_is_in_one_slot_alone_is_asked_there_until_the_cutover()
    {
        var text = Text(new CanaryRouting(Slot.Green) { InOneSlot = ["mqtt", "any"] });
        text.ShouldContain("acl settled-green var(sess.share) -m int ge 100\n");
        text.ShouldContain("use_backend blue-mqtt-1883 if !settled-green\n");
        text.ShouldContain("use_backend blue-any-9000-tcp if !http !settled-session-green\n");
        text.ShouldContain("use_backend blue-any-9000 if http !settled-green\n");
        text.ShouldContain("use_backend blue-api-8000 if !green\n");
        Text(new CanaryRouting(Slot.Blue) { InOneSlot = ["mqtt"] })
            .ShouldContain("acl settled-green var(sess.share) -m int ge 1\n");
    }

    [TestCase(Slot.Green, 0, 99)]
    [TestCase(Slot.Blue, 99, 0)]
    public void A_tester_gets_the_side_that_is_asked_for(Slot fresh, int newest, int serving)
    {
        var text = Text(new CanaryRouting(fresh) { ForTesters = true });
        text.ShouldContain($"set-var(txn.draw) int({newest}) if canary {{ req.hdr(X-Recyclic-Release) -m str new }}\n");
        text.ShouldContain(
            $"set-var(txn.draw) int({serving}) if canary {{ req.cook(recyclic-release) -m str serving }}\n"
        );
    }

    [Test]
    public void Whoever_asks_for_a_side_gets_none_where_nobody_said_that_testers_may() =>
        Text(new CanaryRouting(Slot.Green)).ShouldNotContain("recyclic-release");

    private static string Text(CanaryRouting canary) =>
        EdgeConfiguration.For("shop", [Http, Tcp, Auto], [Http, Tcp, Auto], canary).Text;
}
