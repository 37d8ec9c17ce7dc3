namespace Recyclic.Deploy.Tests.Model;

/// <summary>What says that a service is ready: its file, its image, a question from outside, or time.</summary>
internal sealed class ReadinessTests
{
    private static readonly HealthCheck OfImage = new()
    {
        Test = ["CMD", "/probe"],
        Interval = TimeSpan.FromSeconds(20),
        Retries = 5,
        StartPeriod = TimeSpan.FromMinutes(1),
    };

    [Test]
    public void Without_a_health_check_a_port_is_asked_and_without_a_port_time_counts()
    {
        var app = Given.App(
            """
            { "name": "a", "services": {
                "web": { "image": "web:${TAG}", "ports": [{ "target": 80, "published": "8000" }], "x-recyclic": { "host": "shop.example.org" } },
                "mail": { "image": "mail:${TAG}", "ports": [{ "target": 25, "published": "25" }], "x-recyclic": { "mode": "tcp" } },
                "api": { "image": "api:${TAG}", "ports": [{ "target": 81, "published": "8001" }], "x-recyclic": { "health": "/healthz?deep=1" } },
                "inner": { "image": "inner:${TAG}", "expose": ["53/udp", "9000"], "x-recyclic": { "health": "/up" } },
                "patient": { "image": "patient:${TAG}", "ports": [{ "target": 82, "published": "8002" }], "x-recyclic": { "settle": "20s" } },
                "both": { "image": "both:${TAG}", "ports": [{ "target": 83, "published": "8003" }], "healthcheck": { "test": ["CMD", "true"] } },
                "worker": { "image": "worker:${TAG}" } } }
            """
        );
        app.Services.Select(service => (service.Name, service.Probe?.ToLabel(), service.Settle?.TotalSeconds))
            .ShouldBe(
                [
                    ("web", "http 80 / shop.example.org", null),
                    ("mail", "tcp 25 /", null),
                    ("api", "health 81 /healthz?deep=1", null),
                    ("inner", "health 9000 /up", null),
                    ("patient", null, 20),
                    ("both", null, null),
                    ("worker", null, 10),
                ],
                ignoreOrder: true
            );
        var labels = SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming(app.Name), "t.1")[
            "services"
        ]!;
        labels["web"]!["labels"]![Naming.ProbeLabel]!.GetValue<string>().ShouldBe("http 80 / shop.example.org");
        labels["worker"]!["labels"]![Naming.SettleLabel]!.GetValue<string>().ShouldBe("10000ms");
        labels["patient"]!["labels"]!.AsObject().ContainsKey(Naming.ProbeLabel).ShouldBeFalse();
    }

    [TestCase(
        """{ "interval": "5s" }""",
        """{"interval":"5000ms","start_period":"80000ms","start_interval":"100ms"}""",
        60 + 25 + 15
    )]
    [TestCase(
        """{ "retries": 2, "start_period": "3m", "start_interval": "2s" }""",
        """{"retries":2,"start_period":"200000ms","start_interval":"2000ms","interval":"20000ms"}""",
        180 + 40 + 15
    )]
    [TestCase(null, """{"interval":"20000ms","start_period":"140000ms","start_interval":"100ms"}""", 60 + 100 + 15)]
    public void The_files_health_check_is_laid_over_the_images_field_by_field(string? check, string made, int patience)
    {
        var app = Given.App(
            $$"""{ "name": "a", "services": { "web": { "image": "web:${TAG}"{{(check is null ? "" : ", \"healthcheck\": " + check)}} } } }"""
        );
        app.Services[0].HasHealthCheck.ShouldBeFalse();
        app = app.With(new Dictionary<string, HealthCheck?> { ["web"] = OfImage });
        app.Services[0].HasHealthCheck.ShouldBeTrue();
        app.Services[0].Settle.ShouldBeNull();
        app.Services[0].Patience.ShouldBe(TimeSpan.FromSeconds(patience));
        var web = SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming(app.Name), "t.1")[
            "services"
        ]!["web"]!;
        web["healthcheck"]!.ToJsonString().ShouldBe(made);
        web["labels"]![Naming.PatienceLabel]!.GetValue<string>().ShouldBe($"{patience}000ms");
    }

    [TestCase("""{ "disable": true }""")]
    [TestCase("""{ "test": ["NONE"] }""")]
    public void A_file_can_switch_the_images_health_check_off(string check)
    {
        var app = Given
            .App($$"""{ "name": "a", "services": { "web": { "image": "web:${TAG}", "healthcheck": {{check}} } } }""")
            .With(new Dictionary<string, HealthCheck?> { ["web"] = OfImage });
        app.Services[0].HasHealthCheck.ShouldBeFalse();
        app.Services[0].Settle.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [TestCase("""{ "health": "healthz" }""", "x-recyclic.health 'healthz' is not a path")]
    [TestCase("""{ "health": "/a b" }""", "x-recyclic.health '/a b' is not a path")]
    [TestCase("""{ "health": "/a\r\nX: 1" }""", "is not a path")]
    [TestCase("""{ "health": true }""", "x-recyclic.health 'true' is not a path")]
    [TestCase("""{ "health": "/up" }""", "it has x-recyclic.health, but no port on which it could be asked")]
    public void A_health_path_that_cannot_be_asked_for_is_refused(string extension, string why) =>
        Should
            .Throw<ConfigurationException>(() =>
                Given.App(
                    $$"""{ "name": "a", "services": { "web": { "image": "web:${TAG}", "x-recyclic": {{extension}} } } }"""
                )
            )
            .Message.ShouldContain(why);

    [Test]
    public void Where_nothing_is_published_no_edge_could_ask() =>
        Should
            .Throw<ConfigurationException>(() =>
                Given.App(
                    """{ "name": "a", "services": { "web": { "image": "web:${TAG}", "expose": ["80"], "x-recyclic": { "health": "/up" } } } }"""
                )
            )
            .Message.ShouldContain("there is no edge that could ask it");

    [TestCase(ProbeKind.Http, "HTTP/1.1 200 OK", null)]
    [TestCase(ProbeKind.Http, "HTTP/1.0 404 Not Found", null)]
    [TestCase(ProbeKind.Http, "HTTP/1.1 503 Service Unavailable", "answers 503 to GET / on port 80")]
    [TestCase(ProbeKind.Health, "HTTP/1.1 302 Found", null)]
    [TestCase(ProbeKind.Health, "HTTP/1.1 404 Not Found", "answers 404 to GET / on port 80")]
    [TestCase(ProbeKind.Health, "HTTP/1.1 204", null)]
    [TestCase(
        ProbeKind.Http,
        "220 mail ESMTP",
        "answers on port 80, but not in HTTP (if that is right: x-recyclic: { mode: tcp })"
    )]
    [TestCase(ProbeKind.Http, "", "ends connections to port 80 without an answer")]
    [TestCase(ProbeKind.Tcp, "", null)]
    public void An_answer_from_outside_is_judged_by_what_was_asked(ProbeKind kind, string line, string? silence) =>
        new OutsideProbe(kind, 80).Judge(true, line, "").ShouldBe(silence);

    [TestCase(
        "2026/11/28 socat[7] E connect(5, AF=2 10.0.0.3:80, 16): Connection refused",
        "does not listen on port 80"
    )]
    [TestCase("", "does not answer on port 80")]
    public void What_does_not_answer_is_told_apart_from_what_does_not_listen(string error, string silence)
    {
        new OutsideProbe(ProbeKind.Http, 80).Judge(false, "", error).ShouldBe(silence);
        new OutsideProbe(ProbeKind.Tcp, 80).Judge(false, "", error).ShouldBe(silence);
    }

    [TestCase("http 80 /", true)]
    [TestCase("health 8080 /up?a=1 shop.example.org", true)]
    [TestCase("tcp 65535 /", true)]
    [TestCase("tcp 65536 /", false)]
    [TestCase("http 80", false)]
    [TestCase("http 80 / a b", false)]
    [TestCase("http 80 /\r\nHost:x", false)]
    [TestCase("http 80 / a,readbytes=0", false)]
    [TestCase("exec 80 /", false)]
    [TestCase(null, false)]
    public void A_label_that_is_no_question_asks_nothing(string? label, bool isOne) =>
        OutsideProbe.FromLabel(label)?.ToLabel().ShouldBe(isOne ? label : null);
}
