using Recyclic.Deploy.Tests.Planning;

namespace Recyclic.Deploy.Tests.Running;

internal sealed class ReplacementCheckTests
{
    private static readonly Application Blog = Given.App(
        """
        { "name": "shop", "services": { "blog": { "image": "team/blog:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "ports": [{ "target": 80, "published": "8000", "protocol": "tcp" }] } } }
        """
    );

    private static readonly Application Moved = Given.App(
        Given.ShopModel.Replace("\"published\": \"8000\"", "\"published\": \"9000\"", StringComparison.Ordinal)
    );

    private static readonly Application Closed = Given.App(
        """
        { "name": "shop", "services": { "api": { "image": "team/api:${TAG}", "healthcheck": { "test": ["CMD", "true"] } } } }
        """
    );

    private static Snapshot Serving => Host.Serving(Given.Shop, "1", Slot.Blue);

    [Test]
    public void Another_set_of_services_is_refused_and_the_error_says_both_ways_out()
    {
        var refused = Should.Throw<ConfigurationException>(() => ReplacementCheck.Check(Blog, Serving, null)).Message;
        refused.ShouldContain("none of its services would be left: users have api, and this is blog");
        refused.ShouldContain("--project <name>");
        refused.ShouldContain("--replace shop");
    }

    [Test]
    public void The_loss_of_all_ports_is_refused()
    {
        foreach (var app in new[] { Moved, Closed })
            Should
                .Throw<ConfigurationException>(() => ReplacementCheck.Check(app, Serving, null))
                .Message.ShouldContain("nothing would answer any more on port 8000");
    }

    [Test]
    public void Who_names_the_application_may_replace_it()
    {
        foreach (var app in new[] { Blog, Moved, Closed })
            Should.NotThrow(() => ReplacementCheck.Check(app, Serving, "shop"));
    }

    [Test]
    public void The_name_of_another_application_is_refused_even_where_nothing_is_replaced() =>
        Should
            .Throw<ConfigurationException>(() => ReplacementCheck.Check(Given.Shop, Serving, "store"))
            .Message.ShouldContain("it names store, but this deploys shop");

    [Test]
    public void A_first_release_and_what_keeps_a_service_and_a_port_pass()
    {
        Should.NotThrow(() => ReplacementCheck.Check(Given.Shop, Serving, null));
        Should.NotThrow(() =>
            ReplacementCheck.Check(Given.Shop with { Name = "store" }, Host.Serving(Given.Store, "1", Slot.Blue), null)
        );
        Should.NotThrow(() => ReplacementCheck.Check(Blog, Snapshot.Empty("shop"), null));
    }
}
