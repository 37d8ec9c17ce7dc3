using System.Text.Json.Nodes;
using Recyclic.Components.GitHub;
using Recyclic.Components.GitHub.Adapters;
using Recyclic.Components.Tests.Registry;

namespace Recyclic.Components.Tests.GitHub;

/// <summary>GitHub as its documentation has it, on loopback.</summary>
[CancelAfter(20_000)]
public sealed class GitHubApiTests
{
    private const string Token = "ghp_t0ken";

    [Test]
    public async Task Every_request_says_who_we_are_and_which_interface_is_meant(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(200, """{"author":{"login":"bob"}}"""));
        using var client = Client(server);
        (await client.ReadAuthorAsync("c0ffee", cancellationToken)).ShouldBe("bob");
        server
            .Asked.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                ask => ask.Path.ShouldBe("/repos/team/shop/commits/c0ffee"),
                ask => ask.Authorization.ShouldBe($"Bearer {Token}")
            );
    }

    [Test]
    public async Task A_deployment_goes_through_its_states(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(201, """{"id":42}"""));
        using var client = Client(server);
        (await client.CreateDeploymentAsync("c0ffee", "staging", "x", cancellationToken)).ShouldBe(42);
        await client.SetDeploymentAsync(
            42,
            DeploymentState.InProgress,
            new string('x', 200),
            null,
            null,
            cancellationToken
        );
        await client.SetDeploymentAsync(
            42,
            DeploymentState.Success,
            "live",
            "https://shop.example",
            null,
            cancellationToken
        );
        await client.SetCommitStatusAsync("c0ffee", "recyclic/staging", "success", "live", null, cancellationToken);
        server
            .Asked.Select(ask => $"{ask.Method} {ask.Path[17..]}")
            .ShouldBe([
                "POST deployments",
                "POST deployments/42/statuses",
                "POST deployments/42/statuses",
                "POST statuses/c0ffee",
            ]);
        var bodies = server.Asked.Select(ask => JsonNode.Parse(ask.Body)!).ToList();
        bodies[0]["required_contexts"]!.AsArray().ShouldBeEmpty("the gates say what must be green");
        bodies[1]["state"]!.ToString().ShouldBe("in_progress");
        bodies[1]["description"]!.ToString().Length.ShouldBe(140, "GitHub takes no more");
        bodies[2]["environment_url"]!.ToString().ShouldBe("https://shop.example");
    }

    [Test]
    public async Task All_pages_are_read(CancellationToken cancellationToken)
    {
        PathServer? self = null;
        await using var server = self = new PathServer(ask =>
            ask.Path.Contains("page=2", StringComparison.Ordinal)
                ? new(200, """[{"number":2,"title":"two"},{"number":3,"title":"a pull request","pull_request":{}}]""")
                : new(
                    200,
                    """[{"number":1,"title":"one"}]""",
                    "application/json",
                    $"Link: <http://{self!.Host}/repos/team/shop/issues?page=2>; rel=\"next\", <http://{self.Host}/x>; rel=\"last\""
                )
        );
        using var client = Client(server);
        (await client.ReadOpenIssuesAsync(["P0"], cancellationToken)).ShouldBe(["#1 one", "#2 two"]);
    }

    [Test]
    public async Task A_page_elsewhere_is_not_followed_with_the_token(CancellationToken cancellationToken)
    {
        await using var elsewhere = new PathServer(_ => new(200, "[]"));
        await using var server = new PathServer(_ =>
            new(200, "[]", "application/json", $"Link: <http://{elsewhere.Host}/x>; rel=\"next\"")
        );
        using var client = Client(server);
        (
            await Should.ThrowAsync<GitHubException>(() => client.ReadOpenIssuesAsync(["P0"], cancellationToken))
        ).Message.ShouldContain("goes on at another address", customMessage: "half a list is no answer");
        elsewhere.Asked.ShouldBeEmpty();
    }

    [Test]
    public async Task Pages_without_end_are_given_up(CancellationToken cancellationToken)
    {
        PathServer? self = null;
        await using var server = self = new PathServer(_ =>
            new(
                200,
                "[]",
                "application/json",
                $"Link: <http://{self!.Host}/repos/team/shop/issues?page=9>; rel=\"next\""
            )
        );
        using var client = Client(server);
        (
            await Should.ThrowAsync<GitHubException>(() => client.ReadOpenIssuesAsync(["P0"], cancellationToken))
        ).Message.ShouldContain("more than 20 pages");
    }

    [TestCase(429, "Retry-After: 1")]
    [TestCase(403, "Retry-After: 1")]
    [TestCase(403, "x-ratelimit-remaining: 0")]
    public async Task A_rate_limit_is_waited_for_also_when_writing(
        int status,
        string header,
        CancellationToken cancellationToken
    )
    {
        var tried = 0;
        await using var server = new PathServer(_ =>
            ++tried == 1 ? new(status, "{}", "application/json", header) : new(201, """{"id":7}""")
        );
        using var client = Client(server);
        (await client.CreateDeploymentAsync("c0ffee", "staging", "x", cancellationToken)).ShouldBe(7);
        tried.ShouldBe(2);
    }

    [Test]
    public async Task A_limit_that_lasts_too_long_is_not_waited_for(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(429, "{}", "application/json", "Retry-After: 3600"));
        using var client = Client(server);
        (
            await Should.ThrowAsync<GitHubException>(() => client.ReadAuthorAsync("c0ffee", cancellationToken))
        ).Message.ShouldContain("takes no more requests");
        server.Asked.Count.ShouldBe(1);
    }

    [Test]
    public async Task Reading_is_tried_again_after_a_server_error_and_writing_is_not(
        CancellationToken cancellationToken
    )
    {
        var tried = 0;
        await using var server = new PathServer(ask =>
            ask.Method == "POST" || ++tried < 3 ? new(502, "<html>", "text/html") : new(200, """{"author":null}""")
        );
        using var client = Client(server);
        (await client.ReadAuthorAsync("c0ffee", cancellationToken)).ShouldBeNull();
        await Should.ThrowAsync<GitHubException>(() =>
            client.CreateDeploymentAsync("c0ffee", "staging", "x", cancellationToken)
        );
        server.Asked.Count(ask => ask.Method == "POST").ShouldBe(1);
    }

    [TestCase(401, "does not accept the token")]
    [TestCase(403, "give the job the permission")]
    [TestCase(404, "the token may not see it")]
    [TestCase(422, "status 422")]
    public async Task A_refusal_is_told_in_words_without_the_token(
        int status,
        string words,
        CancellationToken cancellationToken
    )
    {
        await using var server = new PathServer(_ => new(status, $$"""{"message":"no: {{Token}}"}"""));
        using var client = Client(server);
        var refused = await Should.ThrowAsync<GitHubException>(() =>
            client.CreateDeploymentAsync("c0ffee", "staging", "x", cancellationToken)
        );
        refused.Message.ShouldContain(words);
        refused.Message.ShouldNotContain(Token);
    }

    [Test]
    public async Task A_right_that_the_token_lacks_is_named(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ =>
            new(
                403,
                """{"message":"Resource not accessible by integration"}""",
                "application/json",
                "X-Accepted-GitHub-Permissions: deployments=write"
            )
        );
        using var client = Client(server);
        (
            await Should.ThrowAsync<GitHubException>(() =>
                client.CreateDeploymentAsync("c0ffee", "staging", "x", cancellationToken)
            )
        ).Message.ShouldBe(
            "POST /repos/team/shop/deployments: the token may not do that (403, \"Resource not accessible by integration\"); give the job the permission deployments:write"
        );
    }

    [Test]
    public async Task A_call_ends_with_its_cancellation(CancellationToken cancellationToken)
    {
        var asked = new TaskCompletionSource();
        await using var server = new PathServer(_ =>
        {
            asked.TrySetResult();
            return new(429, "{}", "application/json", "Retry-After: 50");
        });
        using var client = new GitHubApi(Settings($"http://{server.Host}"), TimeProvider.System);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = client.ReadAuthorAsync("c0ffee", cancellation.Token);
        await asked.Task.WaitAsync(cancellationToken);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Test]
    public async Task An_enterprise_address_with_a_path_is_kept(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(200, """{"author":{"login":"bob"}}"""));
        using var client = new GitHubApi(Settings($"http://{server.Host}/api/v3"), new Impatient());
        (await client.ReadAuthorAsync("c0ffee", cancellationToken)).ShouldBe("bob");
        server.Asked.ShouldHaveSingleItem().Path.ShouldBe("/api/v3/repos/team/shop/commits/c0ffee");
    }

    [Test]
    public async Task An_answer_of_another_shape_is_told_so(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(200, "[1,2"));
        using var client = Client(server);
        (
            await Should.ThrowAsync<GitHubException>(() => client.ReadAuthorAsync("c0ffee", cancellationToken))
        ).Message.ShouldContain("is not what GitHub's interface gives");
    }

    [Test]
    public async Task What_is_no_interface_is_told_so(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(200, "<html>", "text/html"));
        using var client = Client(server);
        (
            await Should.ThrowAsync<GitHubException>(() => client.ReadAuthorAsync("c0ffee", cancellationToken))
        ).Message.ShouldContain("is no JSON");
    }

    [Test]
    public async Task Checks_are_runs_and_statuses_but_not_our_own(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(ask =>
            ask.Path.Contains("check-runs", StringComparison.Ordinal)
                ? new(
                    200,
                    """{"check_runs":[{"name":"test","status":"completed","conclusion":"success"},{"name":"lint","status":"completed","conclusion":"skipped"},{"name":"slow","status":"in_progress","conclusion":null},{"name":"bad","status":"completed","conclusion":"timed_out"}]}"""
                )
                : new(
                    200,
                    """[{"context":"old-ci","state":"success"},{"context":"recyclic/staging","state":"failure"},{"context":"waits","state":"pending"},{"context":"old-ci","state":"failure"}]"""
                )
        );
        using var client = Client(server);
        var checks = await client.ReadChecksAsync("c0ffee", cancellationToken);
        checks.Passed.ShouldBe(["test", "lint", "old-ci"]);
        checks.Pending.ShouldBe(["slow", "waits"]);
        checks.Failed.ShouldBe(["bad"]);
    }

    [Test]
    public async Task A_gate_does_not_wait_for_the_jobs_of_its_own_run(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(ask =>
            ask.Path.Contains("check-runs", StringComparison.Ordinal)
                ? new(
                    200,
                    """
                    {"check_runs":[{"name":"images","status":"completed","conclusion":"success","details_url":"https://github.com/team/shop/actions/runs/77/job/1"},
                    {"name":"approve-production","status":"in_progress","conclusion":null,"details_url":"https://github.com/team/shop/actions/runs/77/job/2"},
                    {"name":"ci","status":"in_progress","conclusion":null,"details_url":"https://github.com/team/shop/actions/runs/7/job/3"}]}
                    """
                )
                : new(200, "[]")
        );
        using var client = new GitHubApi(Settings($"http://{server.Host}") with { Run = "77" }, new Impatient());
        var checks = await client.ReadChecksAsync("c0ffee", cancellationToken);
        (string.Join(' ', checks.Passed), string.Join(' ', checks.Pending)).ShouldBe(("images", "ci"));
    }

    [Test]
    public async Task The_reviewer_of_a_run_is_the_one_who_approved_this_environment(
        CancellationToken cancellationToken
    )
    {
        await using var server = new PathServer(_ =>
            new(
                200,
                """
                [{"state":"approved","user":{"login":"carl"},"environments":[{"name":"staging"}]},{"state":"rejected","user":{"login":"dora"},"environments":[{"name":"production"}]},
                 {"state":"approved","user":{"login":"ann"},"environments":[{"name":"Production-Approval"}]}]
                """
            )
        );
        using var client = Client(server);
        (await client.ReadReviewerAsync("7", ["production-approval", "production"], cancellationToken)).ShouldBe("ann");
        (await client.ReadReviewerAsync("7", ["test"], cancellationToken)).ShouldBeNull();
    }

    [Test]
    public void Without_a_token_it_is_said_why() =>
        GitHubSettings
            .From(new Dictionary<string, string> { ["GITHUB_REPOSITORY"] = "team/shop" })
            .Problem.ShouldBe("there is no GITHUB_TOKEN");

    [TestCase("GITHUB_REPOSITORY", "shop", "GITHUB_REPOSITORY is not owner/name")]
    [TestCase("GITHUB_REPOSITORY", "team/shop/../x", "GITHUB_REPOSITORY is not owner/name")]
    [TestCase("GITHUB_API_URL", "http://elsewhere.example", "GITHUB_API_URL is not an https address")]
    [TestCase("GITHUB_TOKEN", "two words", "GITHUB_TOKEN is not one word")]
    public void What_is_set_wrongly_is_named(string variable, string value, string problem)
    {
        var variables = new Dictionary<string, string>
        {
            ["GITHUB_TOKEN"] = Token,
            ["GITHUB_REPOSITORY"] = "team/shop",
            [variable] = value,
        };
        GitHubSettings.From(variables).Problem.ShouldBe(problem);
    }

    [Test]
    public void Settings_do_not_print_the_token() => Settings("https://api.example").ToString().ShouldNotContain(Token);

    private static GitHubApi Client(PathServer server) => new(Settings($"http://{server.Host}"), new Impatient());

    private static GitHubSettings Settings(string address) =>
        GitHubSettings.From(
            new Dictionary<string, string>
            {
                ["GITHUB_TOKEN"] = Token,
                ["GITHUB_REPOSITORY"] = "team/shop",
                ["GITHUB_API_URL"] = address,
            }
        );
}
