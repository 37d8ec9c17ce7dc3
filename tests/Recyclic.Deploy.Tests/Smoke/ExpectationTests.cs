using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Tests.Smoke;

/// <summary>What an answer is held to. Pure.</summary>
[CancelAfter(20_000)]
internal sealed class ExpectationTests
{
    [Test]
    public void Nothing_said_means_200()
    {
        Why(test => test, 200, "").ShouldBeNull();
        Why(test => test, 302, "").ShouldBe("status 302, expected 200");
        Why(test => test.Status(302), 302, "").ShouldBeNull();
        Why(test => test.Status(302).Status(404), 302, "").ShouldBe("status 302, expected 404");
    }

    [TestCase("$.status", "ok", "{\"status\":\"ok\"}")]
    [TestCase("$.checks[0].name", "db", "{\"checks\":[{\"name\":\"db\"}]}")]
    [TestCase(
        "$.checks[?(@.name=='db')].up",
        true,
        "{\"checks\":[{\"name\":\"a\",\"up\":false},{\"name\":\"db\",\"up\":true}]}"
    )]
    [TestCase("$.count", 3, "{\"count\":3}")]
    [TestCase("$.at", "2026-01-02T03:04:05Z", "{\"at\":\"2026-01-02T03:04:05Z\"}")]
    [TestCase("$.none", null, "{\"none\":null}")]
    [TestCase("$.version", "{tag}", "{\"version\":\"v7\"}")]
    public void A_value_in_json_is_found_by_its_path(string path, object? value, string body) =>
        Why(test => test.JsonPath(path, value), 200, body).ShouldBeNull();

    [TestCase("{\"status\":\"down\"}", "$.status is \"down\", expected \"ok\"")]
    [TestCase("{\"other\":1}", "$.status is not there, expected \"ok\"")]
    [TestCase("{\"status\":1}", "$.status is 1, expected \"ok\"")]
    public void What_is_there_instead_is_said(string body, string why) =>
        Why(test => test.JsonPath("$.status", "ok"), 200, body).ShouldBe(why);

    [TestCase("<html>")]
    [TestCase("")]
    [TestCase("{\"status\":")]
    public void An_answer_that_is_no_json_says_so(string body) =>
        Why(test => test.JsonPath("$.status", "ok"), 200, body)!.ShouldStartWith("the answer is no JSON: ");

    [Test]
    public void Json_a_million_levels_deep_is_no_json_either() =>
        Why(test => test.JsonPath("$.a", 1), 200, new string('[', 1_000_000))!.ShouldStartWith("the answer is no JSON");

    [Test]
    public void A_text_and_a_pattern_are_looked_for_anywhere()
    {
        Why(test => test.Contains("tag {tag}!").Matches("^tag {tag}!$"), 200, "tag v7!").ShouldBeNull();
        Why(test => test.Contains("bye"), 200, "hello").ShouldBe("the answer does not hold \"bye\"");
        Why(test => test.Matches("^b"), 200, "hello").ShouldBe("the answer does not match \"^b\"");
    }

    [Test]
    public void A_pattern_that_would_take_for_ever_is_given_up() =>
        Why(test => test.Matches("^(a+)+$"), 200, new string('a', 60) + "!")!.ShouldStartWith("it could not be told");

    [Test]
    public void A_header_is_found_whatever_the_case_of_its_name()
    {
        Why(test => test.Header("X-Version", "{tag}"), 200, "", ("x-version", "v7")).ShouldBeNull();
        Why(test => test.Header("X-Version", "v8"), 200, "", ("x-version", "v7"))
            .ShouldBe("the header X-Version does not hold \"v8\"");
        Why(test => test.Header("X-Version", "v8"), 200, "")
            .ShouldBe("there is no header X-Version, expected \"v8\" in it");
    }

    [Test]
    public void An_answer_may_be_too_late() =>
        new HttpTest("/")
            .Within(TimeSpan.FromSeconds(2))
            .Judge(new HttpAnswer(200, [], "", TimeSpan.FromSeconds(2.5)), "v7")
            .ShouldBe("the answer took 2.5 s, expected at most 2 s");

    [Test]
    public void A_test_says_in_one_line_what_it_asks_for() =>
        new HttpTest("/health")
            .JsonPath("$.status", "ok")
            .Contains("up")
            .Within(TimeSpan.FromMilliseconds(500))
            .Retry(2, TimeSpan.FromSeconds(3))
            .Describe()
            .ShouldBe(
                "smoke test GET /health: status 200, $.status is \"ok\", the answer holds \"up\", within 500 ms; 2 tries of at most 15 s"
            );

    [Test]
    public void How_long_a_test_takes_at_most_is_bounded() =>
        new HttpTest("/").Retry(3, TimeSpan.FromSeconds(2)).Longest.ShouldBe(TimeSpan.FromSeconds(49));

    [TestCase("health", "'health' is no path that begins with '/'")]
    [TestCase("/a b", "'/a b' is no path that begins with '/'")]
    public void A_path_that_is_none_is_refused(string path, string problem) =>
        new HttpTest(path).Problem.ShouldBe(problem);

    [Test]
    public void What_could_never_be_met_is_refused()
    {
        new HttpTest("/").Status(42).Problem.ShouldBe("42 is no status of HTTP");
        new HttpTest("/").Matches("(").Problem!.ShouldStartWith("\"(\" is no regular expression");
        new HttpTest("/").JsonPath("$.[", 1).Problem!.ShouldStartWith("\"$.[\" is no JSONPath");
        new HttpTest("/").Within(TimeSpan.Zero).Problem.ShouldBe("no answer takes no time");
        new HttpTest("/").Retry(0, TimeSpan.Zero).Problem.ShouldBe("it is tried 0 times");
        new HttpTest("/").Limit(TimeSpan.Zero).Problem.ShouldBe("a try has 0 s");
        SmokeTests.None.Command("api").All[0].Problem.ShouldBe("it has no command");
    }

    [Test]
    public void Two_tests_of_one_name_are_told_apart() =>
        SmokeTests
            .None.Http("/health", test => test.At("api"))
            .Http("/health", test => test.At("web"))
            .Command("api", "dotnet", "Smoke.dll")
            .All.Select(test => test.Name)
            .ShouldBe(["GET /health", "GET /health (2)", "api: dotnet Smoke.dll"]);

    private static string? Why(
        Func<HttpTest, HttpTest> with,
        int status,
        string body,
        params (string Name, string Value)[] headers
    ) =>
        with(new HttpTest("/"))
            .Judge(
                new HttpAnswer(
                    status,
                    [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))],
                    body,
                    TimeSpan.FromMilliseconds(5)
                ),
                "v7"
            );
}
