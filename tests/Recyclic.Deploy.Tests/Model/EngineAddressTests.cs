namespace Recyclic.Deploy.Tests.Model;

internal sealed class EngineAddressTests
{
    [TestCase("local", "local")]
    [TestCase("ssh://deploy@shop.example:2222", "ssh://deploy@shop.example:2222")]
    [TestCase("unix:///run/other.sock", "unix:///run/other.sock")]
    [TestCase("shop-host", "context shop-host")]
    public void An_engine_is_named_by_address_or_context(string text, string shown)
    {
        var address = EngineAddress.Parse(text);
        address.WhyInvalid().ShouldBeNull();
        address.ToString().ShouldBe(shown);
    }

    [TestCase("ssh://-oProxyCommand=touch@x")]
    [TestCase("ssh://a b")]
    [TestCase("ssh://x;reboot")]
    [TestCase("ftp://x")]
    [TestCase("--help")]
    [TestCase("")]
    public void What_a_program_could_take_for_something_else_is_no_address(string text) =>
        EngineAddress.Parse(text).WhyInvalid().ShouldNotBeNull();

    [Test]
    public void A_context_wins_over_an_inherited_address() =>
        EngineAddress
            .OnContext("shop")
            .Variables()
            .OrderBy(variable => variable.Key)
            .Select(variable => $"{variable.Key}={variable.Value}")
            .ShouldBe(["DOCKER_CONTEXT=shop", "DOCKER_HOST="]);

    [Test]
    public void The_local_engine_sets_nothing() => EngineAddress.Local.Variables().ShouldBeEmpty();
}
