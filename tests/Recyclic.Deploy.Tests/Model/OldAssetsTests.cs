using System.Text.Json.Nodes;
using Recyclic.Deploy.Tests.Planning;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>For some paths the release before is asked where the one that serves says 404; what is not asked for is off.</summary>
internal sealed class OldAssetsTests
{
    private static readonly Application App = Doors.Added(Given.App(Of("\"/assets/*\"")));

    [TestCase("\"/assets/*\"", "/assets/*")]
    [TestCase("[\"/assets/*\", \"/app.js\"]", "/assets/* /app.js")]
    [TestCase("\"/\"", null)]
    [TestCase("\"/*\"", null, Description = "it would make every 404 the old release's")]
    [TestCase("\"assets\"", null)]
    [TestCase("\"/a b\"", null)]
    [TestCase("\"/assets/*\\n  bind :1\"", null)]
    [TestCase("[]", null)]
    [TestCase("true", null)]
    [TestCase("{}", null)]
    public void A_setting_is_one_path_or_some(string given, string? read) =>
        OldAssets.Read(JsonNode.Parse(given)).ShouldBe(read);

    [Test]
    public void What_is_no_path_is_refused_with_what_to_write()
    {
        var refused = Should.Throw<ConfigurationException>(() => Given.App(Of("\"assets\"")));
        refused.Message.ShouldContain("x-recyclic.old-assets 'assets' is no path");
        refused.Message.ShouldContain("/assets/*");
    }

    [Test]
    public void The_release_that_serves_is_asked_first_and_the_one_before_only_after_its_404()
    {
        var text = EdgePlan.For(App, Planning.Host.Serving(App, "1", Slot.Blue), Slot.Green).Text;
        text.ShouldContain(
            "use_backend assets-green-web-8000 if green assets1 { method GET HEAD } { nbsrv(blue-web-8000) gt 0 }\n    use_backend green-web-8000 if green\n"
        );
        var relay = text[text.IndexOf("\nbackend assets-green-web-8000\n", StringComparison.Ordinal)..];
        relay.ShouldContain("    retry-on 404\n    retries 1\n    use-server serving if { always_true }\n");
        relay.ShouldContain("default_backend green-web-8000\n");
        relay.ShouldContain("default_backend blue-web-8000\n");
    }

    [Test]
    public void Before_it_serves_nobody_asks_the_new_release()
    {
        var text = EdgePlan.For(App, Planning.Host.Serving(App, "1", Slot.Blue), Slot.Green).Text;
        text.ShouldNotContain("assets-blue");
        PrepareEdge
            .AsItIs(Planning.Host.Serving(App, "1", Slot.Blue).Holding(App, Slot.Green, "0"))
            .Text.ShouldNotContain("assets-green");
    }

    [Test]
    public void Without_the_setting_the_configuration_has_none_of_it() =>
        EdgePlan
            .For(Doors.Added(Given.Store), Planning.Host.Serving(Given.Store, "1", Slot.Blue), Slot.Green)
            .Text.ShouldNotContain("assets");

    [Test]
    public void It_survives_the_journey_in_a_label_and_a_label_that_was_spoilt_is_left_out()
    {
        var label = Route.ToLabel(App.Routes);
        Route.FromLabel(label).ShouldBe(App.Routes);
        Route.FromLabel(label.Replace("/assets/*", "/x\\n bind :1", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Test]
    public void A_plan_says_it_and_for_how_long()
    {
        Note(new())
            .ShouldEndWith(
                "until that is stopped at the end of this deploy (--keep-assets 30m: half an hour later); such an answer has the header X-Recyclic-Release: previous"
            );
        Note(new() { KeepWarm = true }).ShouldContain("asks the release before, until the next deploy or Retire;");
        Note(new() { KeepWarm = true, KeepAssets = TimeSpan.FromMinutes(30) })
            .ShouldContain("asks the release before, for 30 min;");

        static string Note(DeployOptions options) => AssetNotes.Of(App, options).ShouldHaveSingleItem();
    }

    private static string Of(string paths) =>
        $$"""
            {
              "name": "shop",
              "services": {
                "web": { "image": "team/web:${TAG}", "healthcheck": { "test": ["CMD", "true"] },
                         "ports": [{ "target": 8000, "published": "80", "protocol": "tcp" }], "x-recyclic": { "old-assets": {{paths}} } }
              }
            }
            """;
}
