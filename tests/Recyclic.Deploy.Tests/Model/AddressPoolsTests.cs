namespace Recyclic.Deploy.Tests.Model;

public sealed class AddressPoolsTests
{
    [Test]
    public void An_engine_without_a_setting_of_its_own_has_room_for_31_networks() =>
        AddressPools.Free([], []).ShouldBe(31);

    [TestCase(30, "172.17.0.0/16")]
    [TestCase(30, "172.17.5.0/24")]
    [TestCase(15, "192.168.0.0/16")]
    [TestCase(16, "172.16.0.0/12", Description = "wider than the pools that it covers")]
    [TestCase(31, "10.0.0.0/8")]
    [TestCase(31, "fd00::/64")]
    [TestCase(31, "nonsense")]
    [TestCase(31, "")]
    public void A_network_takes_what_its_subnet_touches(int free, string subnet) =>
        AddressPools.Free([], [subnet]).ShouldBe(free);

    [Test]
    public void The_engines_own_pools_count_where_it_has_some() =>
        AddressPools.Free([("10.200.0.0/16", 24)], ["10.200.7.0/24", "172.17.0.0/16"]).ShouldBe(255);

    [TestCase("fd00::/48", 64), TestCase("10.0.0.0/8", 30), TestCase("10.0.0.0/8", 0)]
    public void A_pool_that_cannot_be_counted_is_not_judged(string range, int size) =>
        AddressPools.Free([(range, size)], []).ShouldBeNull();
}
