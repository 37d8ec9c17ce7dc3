using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>Which services are stop-first: of two releases one alone may write.</summary>
internal sealed class OneWriterTests
{
    private const string Data = """, "volumes": [{ "type": "volume", "source": "data", "target": "/data" }]""";

    [Test]
    public void Where_the_file_is_the_release_what_writes_to_a_volume_or_folder_is_stop_first()
    {
        StopFirst(File(Data)).ShouldBe(["web"]);
        StopFirst(File(""", "volumes": [{ "type": "bind", "source": "/srv/wiki", "target": "/data" }]"""))
            .ShouldBe(["web"]);
        File(Data).DescribeChoice().ShouldBe("released: web; accessories: none; stop-first: web");
        StopFirst(File("")).ShouldBeEmpty();
        StopFirst(File(""", "volumes": [{ "type": "bind", "source": "/etc/localtime", "target": "/etc/localtime" }]"""))
            .ShouldBeEmpty();
        StopFirst(
                File(
                    """, "volumes": [{ "type": "bind", "source": "/srv/conf", "target": "/conf", "read_only": true }]"""
                )
            )
            .ShouldBeEmpty();
    }

    [Test]
    public void Where_the_team_builds_the_images_it_is_start_first_as_it_was() =>
        StopFirst(File(Data, image: "team/wiki:${TAG}")).ShouldBeEmpty();

    [Test]
    public void What_the_file_says_of_overlap_wins_both_ways()
    {
        StopFirst(File(Data + """, "x-recyclic": { "overlap": true }""")).ShouldBeEmpty();
        StopFirst(File(""", "x-recyclic": { "overlap": false }""")).ShouldBe(["web"]);
        StopFirst(File(Data + """, "x-recyclic": { "overlap": false }""", image: "team/wiki:${TAG}")).ShouldBe(["web"]);
    }

    [TestCase("", true)]
    [TestCase(""", "x-recyclic": { "renew-volumes": true }""", false)]
    [TestCase(""", "x-recyclic": { "overlap": true }""", false)]
    [TestCase(""", "deploy": { "replicas": 2 }""", false)]
    public void A_volume_that_only_the_image_names_counts_once_it_is_known(string more, bool isStopFirst)
    {
        var app = File(more);
        StopFirst(app).ShouldBeEmpty();
        StopFirst(app.With(ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("web", ["/data"])))
            .Any()
            .ShouldBe(isStopFirst);
    }

    [Test]
    public void What_needs_a_stop_first_service_is_stop_first_too_and_comes_after_it()
    {
        var app = File(
            Data,
            """
            "runner": { "image": "runner:2", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "page": { "condition": "service_started" } } },
            "page": { "image": "page:2", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "web": { "condition": "service_healthy" } } },
            "lone": { "image": "lone:2", "healthcheck": { "test": ["CMD", "true"] } },
            "bold": { "image": "bold:2", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "web": { "condition": "service_healthy" } }, "x-recyclic": { "overlap": true } },
            """
        );
        app.Exclusives.ToDictionary(service => service.Name, service => service.HandOverOrder)
            .ShouldBe(
                new Dictionary<string, int>
                {
                    ["runner"] = 2,
                    ["page"] = 1,
                    ["web"] = 0,
                },
                ignoreOrder: true
            );
        Given
            .Containers(app, Slot.Blue, Given.Release(app, "1"))
            .Single(container => container.Service == "runner")
            .HandOverOrder.ShouldBe(2);
    }

    [Test]
    public void In_a_file_with_a_tag_what_depends_on_it_stays_start_first() =>
        StopFirst(
                File(
                    """, "x-recyclic": { "overlap": false }""",
                    """
                    "page": { "image": "page:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "web": { "condition": "service_started" } } },
                    """,
                    "team/wiki:${TAG}"
                )
            )
            .ShouldBe(["web"]);

    [Test, CancelAfter(10_000)]
    public void Many_services_that_need_each_other_are_ordered_in_no_time()
    {
        var services = new JsonObject();
        for (var i = 0; i < 60; i++)
            services[$"s{i}"] = new JsonObject
            {
                ["image"] = "s:1",
                ["healthcheck"] = new JsonObject { ["test"] = new JsonArray("CMD", "true") },
                ["x-recyclic"] = new JsonObject { ["overlap"] = false },
                ["depends_on"] = new JsonObject(
                    Enumerable
                        .Range(0, i)
                        .Select(other =>
                            KeyValuePair.Create(
                                $"s{other}",
                                (JsonNode?)new JsonObject { ["condition"] = "service_started" }
                            )
                        )
                ),
            };
        Given
            .App(new JsonObject { ["name"] = "many", ["services"] = services }.ToJsonString())
            .Services[59]
            .HandOverOrder.ShouldBe(59);
    }

    private static IEnumerable<string> StopFirst(Application app) => app.Exclusives.Select(service => service.Name);

    private static Application File(string more, string others = "", string image = "gitea/gitea:1.21") =>
        Given.App(
            $$"""
            {
              "name": "wiki",
              "services": {
                {{others}}
                "web": { "image": "{{image}}", "healthcheck": { "test": ["CMD", "true"] }, "ports": [{ "target": 3000, "published": "3000", "protocol": "tcp" }]{{more}} }
              },
              "volumes": { "data": { "name": "wiki_data" } }
            }
            """
        );
}
