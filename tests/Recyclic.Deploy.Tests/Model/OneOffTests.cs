namespace Recyclic.Deploy.Tests.Model;

/// <summary>Which services of a release do their work once and end, and in which order.</summary>
internal sealed class OneOffTests
{
    private const string Waiting = "\"depends_on\": { \"job\": { \"condition\": \"service_completed_successfully\" } }";

    [TestCase("", Waiting, true, TestName = "What_another_service_waits_for_to_complete_is_one")]
    [TestCase("\"restart\": \"always\"", Waiting, true, TestName = "Also_one_that_would_be_restarted")]
    [TestCase("\"restart\": \"no\"", "", true, TestName = "What_is_not_to_be_restarted_is_one")]
    [TestCase(
        "\"deploy\": { \"restart_policy\": { \"condition\": \"none\" } }",
        "",
        true,
        TestName = "Also_by_its_restart_policy"
    )]
    [TestCase(
        "\"restart\": \"no\", \"healthcheck\": { \"test\": [\"CMD\", \"true\"] }",
        "",
        false,
        TestName = "What_has_a_health_check_stays_up"
    )]
    [TestCase(
        "\"restart\": \"no\", \"ports\": [{ \"target\": 80, \"published\": \"80\" }], \"healthcheck\": { \"test\": [\"CMD\", \"true\"] }",
        "",
        false,
        TestName = "What_publishes_a_port_stays_up"
    )]
    [TestCase(
        "\"restart\": \"no\", \"x-recyclic\": { \"settle\": \"1s\" }",
        "",
        false,
        TestName = "What_settles_stays_up"
    )]
    [TestCase(
        "\"restart\": \"no\", \"x-recyclic\": { \"one-off\": false, \"settle\": \"1s\" }",
        "",
        false,
        TestName = "The_file_may_say_that_it_stays_up"
    )]
    [TestCase("\"x-recyclic\": { \"one-off\": true }", "", true, TestName = "The_file_may_say_that_it_is_one")]
    [TestCase("\"x-recyclic\": { \"settle\": \"1s\" }", "", false, TestName = "Nothing_else_is_one")]
    [TestCase(
        "\"command\": [\"/bin/chown\", \"-R\", \"9999\", \"/media\"]",
        "",
        true,
        TestName = "What_only_sets_something_up_is_one"
    )]
    [TestCase(
        "\"command\": [\"chown\", \"9999\", \"/media\"], \"restart\": \"always\"",
        "",
        false,
        TestName = "Unless_it_is_to_be_restarted"
    )]
    [TestCase("\"command\": [\"chowned\"]", "", false, TestName = "Another_command_is_none")]
    public void What_is_one(string job, string web, bool isOne) =>
        App(job, web).OneOffs.Select(service => service.Name).ShouldBe(isOne ? ["job"] : []);

    [TestCase("minio/mc:RELEASE.2024", true)]
    [TestCase("quay.io/minio/mc@sha256:0123", true)]
    [TestCase("migrate/migrate", true)]
    [TestCase("team/migrate:1", false)]
    [TestCase("team/mc", false)]
    public void An_image_that_is_known_to_do_its_work_and_end_is_one(string image, bool isOne) =>
        Given
            .App(
                $$"""{ "name": "shop", "services": { "job": { "image": "{{image}}" }, "web": { "image": "web:1" } } }"""
            )
            .OneOffs.Any()
            .ShouldBe(isOne);

    [TestCase("", 600)]
    [TestCase(", \"deadline\": \"1h\"", 3600)]
    public void How_long_one_may_take(string deadline, int seconds) =>
        App($"\"x-recyclic\": {{ \"one-off\": true{deadline} }}", "")
            .OneOffs.ShouldHaveSingleItem()
            .OneOff.ShouldBe(TimeSpan.FromSeconds(seconds));

    [TestCase(
        "\"x-recyclic\": { \"one-off\": \"maybe\", \"settle\": \"1s\" }",
        "",
        "x-recyclic.one-off 'maybe' is neither true nor false"
    )]
    [TestCase(
        "\"x-recyclic\": { \"one-off\": false, \"settle\": \"1s\" }",
        Waiting,
        "x-recyclic.one-off is false, but another service waits for it to complete"
    )]
    [TestCase(
        "\"x-recyclic\": { \"one-off\": true, \"deadline\": \"soon\" }",
        "",
        "x-recyclic.deadline 'soon' is not a duration above zero"
    )]
    [TestCase(
        "\"x-recyclic\": { \"one-off\": true, \"deadline\": \"0s\" }",
        "",
        "x-recyclic.deadline '0s' is not a duration above zero"
    )]
    [TestCase(
        "\"x-recyclic\": { \"deadline\": \"1m\", \"settle\": \"1s\" }",
        "",
        "says how long a one-off may take, but it stays up"
    )]
    public void What_is_refused(string job, string web, string what) =>
        Problems(job, web).ShouldHaveSingleItem().What.ShouldContain(what);

    [Test]
    public void One_that_publishes_a_port_gets_no_route_and_a_note()
    {
        var app = App("\"ports\": [{ \"target\": 81, \"published\": \"81\" }]", Waiting);
        app.Routes.ShouldBeEmpty();
        app.Warnings.ShouldContain(
            "job is a one-off: it has ended before anybody is sent to it, so the edge does not publish its ports"
        );
    }

    [Test]
    public void Something_must_stay_up() =>
        Should
            .Throw<ConfigurationException>(() =>
                Given.App(
                    """
                    { "name": "jobs", "services": { "job": { "image": "team/job:${TAG}", "restart": "no" } } }
                    """
                )
            )
            .Problems.ShouldHaveSingleItem()
            .What.ShouldBe("no release service stays up: job ends by itself, once for each release");

    [Test]
    public void They_run_in_the_order_in_which_they_wait_for_each_other_also_by_way_of_others()
    {
        var app = Given.App(
            """
            {
              "name": "jobs",
              "services": {
                "seed": { "image": "team/seed:${TAG}", "restart": "no", "depends_on": { "api": { "condition": "service_healthy" } } },
                "check": { "image": "team/check:${TAG}", "restart": "no" },
                "api": { "image": "team/api:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "migrate": { "condition": "service_completed_successfully" } } },
                "migrate": { "image": "team/migrate:${TAG}" }
              }
            }
            """
        );
        app.DescribeChoice()
            .ShouldBe(
                "released: api; accessories: none; one-off: migrate (once, before api), seed (once), check (once)"
            );
    }

    [Test]
    public void In_a_slot_nothing_starts_one_for_the_sake_of_another_and_nothing_restarts_it()
    {
        var app = App("\"restart\": \"always\"", Waiting + ", \"links\": [\"job\"]");
        var services = SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming("jobs"), "t.1")[
            "services"
        ]!;
        services["web"]!["depends_on"].ShouldBeNull();
        services["web"]!["links"]!.AsArray().ShouldBeEmpty();
        services["job"]!["restart"]!.GetValue<string>().ShouldBe("no");
        services["job"]!["labels"]![Naming.RestartLabel]!.GetValue<string>().ShouldBe("no");
        services["job"]!["labels"]![Naming.OneOffLabel]!.GetValue<string>().ShouldBe("true");
        services["web"]!["labels"]![Naming.OneOffLabel].ShouldBeNull();
    }

    private static Application App(string job, string web) => Given.App(Model(job, web));

    private static ImmutableArray<ConfigurationProblem> Problems(string job, string web) =>
        Should.Throw<ConfigurationException>(() => Given.App(Model(job, web))).Problems;

    private static string Model(string job, string web) =>
        $$"""
            {
              "name": "jobs",
              "services": {
                "web": { "image": "team/web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }{{(
                web.Length > 0 ? ", " : ""
            )}}{{web}} },
                "job": { "image": "team/job:${TAG}"{{(job.Length > 0 ? ", " : "")}}{{job}} }
              }
            }
            """;
}
