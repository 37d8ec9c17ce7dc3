using Recyclic.Deploy.Tests.Model;

namespace Recyclic.Deploy.Tests.Planning;

internal sealed class ProxyNotesTests
{
    private static readonly Application App = Doors.Added(Given.App(ProxyLabelsTests.Labelled));

    [Test]
    public void A_plan_says_in_a_line_where_the_labels_went() =>
        ProxyNotes
            .Of(App, Snapshot.Empty("shop"))
            .ShouldBe([
                "what web says to proxies (traefik.*) is on its door, not on its containers: a proxy sees one container of it at all times",
                "what api says to proxies (caddy*) is on its door, not on its containers: a proxy sees one container of it at all times",
                "what blog says to proxies (HSTS, LETSENCRYPT_*, VIRTUAL_*) is on its door, not on its containers: a proxy sees one container of it at all times",
            ]);

    [Test]
    public void Other_labels_are_said_with_what_they_mean_for_the_address()
    {
        var now = Host.Serving(App, "1", Slot.Blue) with
        {
            Doors = [new DoorState("web", "id", "shop-door-web", true, [])],
        };
        var other = Doors.Added(
            Given.App(ProxyLabelsTests.Labelled.Replace("a.example", "new.example", StringComparison.Ordinal))
        );
        ProxyNotes
            .Of(other, now)
            .First()
            .ShouldBe(
                "web says something else to proxies: once users are moved, its door is made anew beside the old one, and has another address; a program that keeps the address that it found, as nginx does, has to be started again"
            );
        ProxyNotes.Of(App, now).ShouldNotContain(note => note.Contains("something else", StringComparison.Ordinal));
    }

    [Test]
    public void Labels_that_nothing_can_be_led_to_by_stay_where_they_are_and_what_to_write_is_said()
    {
        const string exposed = "\"expose\": [\"8000\"],";
        Note(Labelled.Replace(exposed, "", StringComparison.Ordinal))
            .ShouldBe(
                "what web says to proxies (traefik.*) stays on its containers, which a deploy replaces: no port of it is known. Name it: expose: [\"8000\"]"
            );
        Note(
                Labelled.Replace(
                    "\"networks\": { \"proxy\": null }",
                    "\"networks\": { \"alone\": null }",
                    StringComparison.Ordinal
                )
            )
            .ShouldBe(
                "what web says to proxies (traefik.*) stays on its containers, which a deploy replaces: no network is there without its containers. Name one that the proxy is on: networks: [proxy], and below networks: { proxy: { external: true } }"
            );
        Note(
                Labelled.Replace(
                    "\"traefik.enable\": \"true\"",
                    "\"traefik.enable\": \"false\"",
                    StringComparison.Ordinal
                )
            )
            .ShouldBeNull("it is harmless");
        Note(Labelled)!.ShouldContain("is on its door");
    }

    [Test]
    public void A_proxy_of_the_release_that_could_reach_no_door_is_refused()
    {
        const string socket =
            "\"volumes\": [{ \"type\": \"bind\", \"source\": \"/var/run/docker.sock\", \"target\": \"/s\" }]";
        var front =
            $"\"front\": {{ \"image\": \"traefik:${{TAG}}\", \"expose\": [\"80\"], {socket}, \"healthcheck\": {{ \"test\": [\"CMD\", \"true\"] }} }}, ";
        var refused = Should.Throw<ConfigurationException>(() =>
            ProxyNotes.RefuseInSlot(Doors.Added(Given.App(With(front))))
        );
        refused.Message.ShouldContain("in a slot it would not reach web");
        refused.Message.ShouldContain("x-recyclic: { release: false }");
        ProxyNotes.RefuseInSlot(
            Doors.Added(
                Given.App(
                    With(
                        front.Replace(
                            "\"expose\"",
                            "\"networks\": { \"proxy\": null }, \"expose\"",
                            StringComparison.Ordinal
                        )
                    )
                )
            )
        );
        ProxyNotes.RefuseInSlot(
            Doors.Added(Given.App(With(front.Replace(socket, "\"tty\": true", StringComparison.Ordinal))))
        );
        ProxyNotes.RefuseInSlot(App);
    }

    private const string Labelled = """
        {
          "name": "shop",
          "services": {
            "web": { "image": "team/web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "expose": ["8000"],
                     "labels": { "traefik.enable": "true" }, "networks": { "proxy": null } }
          },
          "networks": { "proxy": { "name": "proxy", "external": true }, "alone": { "name": "shop_alone" } }
        }
        """;

    private static string With(string service) =>
        Labelled.Replace("\"web\": {", service + "\"web\": {", StringComparison.Ordinal);

    private static string? Note(string model) =>
        ProxyNotes.Of(Doors.Added(Given.App(model)), Snapshot.Empty("shop")).SingleOrDefault();
}
