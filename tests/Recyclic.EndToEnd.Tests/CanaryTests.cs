using System.Net;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>Releases that earn their traffic share by share, with visitors who keep cookies and programs that keep none.</summary>
[CancelAfter(900_000)]
public sealed class CanaryTests : StackTests
{
    private const int Visitors = 300;

    /// <summary>As docs/progressive-delivery.md says.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan StepDeadline = TimeSpan.FromMinutes(3);

    [Test]
    public async Task Each_visitor_has_one_version_on_all_ports_while_the_shares_rise_and_no_request_fails()
    {
        await Stack.EnsureAsync(One, Token);
        await using var site = await Site.OpenAsync(Stack, Token);
        // Nobody waits for the judge here: the test says when it goes on.
        await using var canary = await StartAsync("10,50", "10m");
        await using var visitors = new Party(Stack, Visitors);

        var first = await visitors.VisitAsync(Token);
        Share(first).ShouldBe(10, 7);
        (await PromoteAsync("bake 50%")).ShouldExitWith(0).All.ShouldContain("has heard: promote to the next share");
        var second = await visitors.VisitAsync(Token);
        Share(second).ShouldBe(50, 12);
        first
            .Zip(second)
            .Count(visit => visit.First == Two && visit.Second != Two)
            .ShouldBe(0, "visitors who were moved back");

        (await Stack.RunAsync(Token, "Promote")).ShouldExitWith(0);
        (await canary.EndAsync(Token)).ShouldExitWith(0);
        (await visitors.VisitAsync(Token)).ShouldAllBe(version => version == Two);
        await site.CloseFlawlesslyAsync(Token);
        await Stack.ShouldServeAsync(Two, Token);
        await Stack.ShouldHaveOneBotAsync(Token);
        (await Stack.HistoryAsync(Token))[0]!["canary"]!.ToJsonString().ShouldBe("[10,50]");
    }

    [Test]
    public async Task A_killed_deployer_leaves_the_share_as_it_is_and_Abort_takes_everybody_back()
    {
        await Stack.EnsureAsync(One, Token);
        await using var site = await Site.OpenAsync(Stack, Token);
        await using var canary = await StartAsync("50", "10m");
        await canary.SignalAsync("KILL", Token);
        (await canary.EndAsync(Token)).ExitCode.ShouldNotBe(0);

        await using var visitors = new Party(Stack, Visitors);
        Share(await visitors.VisitAsync(Token)).ShouldBe(50, 12);
        var status = await Stack.StatusAsync(Token);
        status["canary"]!["percent"]!.GetValue<int>().ShouldBe(50);
        status["canary"]!["tag"]!.GetValue<string>().ShouldBe(Two);
        status["canary"]!["running"]!.GetValue<bool>().ShouldBeFalse();

        (await Stack.RunAsync(Token, "Abort")).ShouldExitWith(0).All.ShouldContain($"users have {One}");
        (await visitors.VisitAsync(Token)).ShouldAllBe(version => version == One);
        await site.CloseFlawlesslyAsync(Token);
        await Stack.ShouldServeAsync(One, Token);
        await Stack.ShouldHaveOneBotAsync(Token);
    }

    [Test]
    public async Task Abort_from_another_terminal_takes_everybody_back_and_the_new_release_is_drained_before_it_stops()
    {
        await Stack.EnsureAsync(One, Token);
        await using var site = await Site.OpenAsync(Stack, Token);
        await using var canary = await StartAsync("50", "10m");
        (await Stack.RunAsync(Token, "Abort")).ShouldExitWith(0).All.ShouldContain("has heard: abort");
        (await canary.EndAsync(Token)).ShouldExitWith(1).All.ShouldContain("the canary at 50% was aborted by");
        await site.CloseFlawlesslyAsync(Token);
        await Stack.ShouldServeAsync(One, Token);
        (await Stack.JournalAsync(Token))
            .Where(line => line.Kind == "UndoBegun")
            .TakeLast(3)
            .Select(line => line.Step!.Split(' ')[0])
            .ShouldBe(["cut", "drain", "remove"]);
    }

    [Test]
    public async Task One_that_fails_more_often_is_taken_back_at_its_first_share_and_the_others_have_seen_nothing()
    {
        await Stack.EnsureAsync(One, Token);
        var failing = await Images.DeriveAsync("errors", Token, "error-rate=8%");
        await using var visitors = new Party(Stack, Visitors);
        await using var canary = Stack.Start("AtomicDeploy", "--tag", failing, "--canary", "25,50", "--bake", "10m");
        var deploy = canary.EndAsync(Token);
        var answers = await visitors.BrowseAsync(deploy, Token);

        (await deploy).ShouldExitWith(1).All.ShouldContain("the canary at 25% is worse than the release beside it");
        var fresh = answers.Where(answer => answer.Version == failing).ToList();
        TestContext.Out.WriteLine(
            $"{answers.Count} requests, {fresh.Count} to the canary, {fresh.Count(answer => answer.Status == 500)} of them failed"
        );
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer.Version == failing);
        fresh.Count.ShouldBeInRange(answers.Count / 20, answers.Count / 2);
        fresh.Count(answer => answer.Status == 500).ShouldBeInRange(1, fresh.Count / 5);
        await Stack.ShouldServeAsync(One, Token);
        (await Stack.JournalAsync(Token))
            .Last(line => line.Kind == "Canary")
            .Judgement.ShouldNotBeNull("what the judge's word came from is kept")
            .ShouldContain("more_errors");
    }

    [Test]
    public async Task Errors_that_begin_when_all_have_the_release_take_them_back_within_an_interval_and_a_second()
    {
        await Stack.EnsureAsync(One, Token);
        var failing = await Images.DeriveAsync("late-errors", Token, "error-rate=8%,45s");
        await using var visitors = new Party(Stack, Visitors);
        // The watch compares with what was before: a minute and a half of it.
        await visitors.BrowseAsync(Task.Delay(TimeSpan.FromSeconds(90), Token), Token);
        await using var tool = Stack.Start("AtomicDeploy", "--tag", failing, "--watch-for", "10m");
        var deploy = tool.EndAsync(Token);
        await visitors.BrowseAsync(deploy, Token);

        var ended = (await deploy).ShouldExitWith(1).All;
        ended.ShouldContain("the watch found high_error_rate", customMessage: ended);
        var journal = await Stack.JournalAsync(Token);
        var found = journal.Last(line => line.Kind == "Watch");
        TestContext.Out.WriteLine(
            $"first error {visitors.FirstFailure:HH:mm:ss.fff}, breach {found.At:HH:mm:ss.fff}, back by {journal.Last(line => line.Kind == "End").At:HH:mm:ss.fff}"
        );
        visitors.FirstFailure.ShouldNotBeNull();
        visitors
            .LastSeen[failing]
            .ShouldBeLessThan(
                visitors.FirstFailure.Value + WatchInterval + TimeSpan.FromSeconds(1),
                "users had the new release for too long"
            );
        found.Judgement.ShouldNotBeNull();
        await Stack.ShouldServeAsync(One, Token);
        await Stack.ShouldHaveOneBotAsync(Token);
        (await Stack.HistoryAsync(Token))[0]!["trigger"]!.GetValue<string>().ShouldBe("high_error_rate");
    }

    private double Share(IReadOnlyCollection<string> versions) =>
        100.0 * versions.Count(version => version == Two) / versions.Count;

    private async Task<Tool> StartAsync(string shares, string bake)
    {
        Tool? tool = null;
        await Stack.NextAsync(
            line => line.Begins("bake "),
            StepDeadline,
            () => tool = Stack.Start("AtomicDeploy", "--tag", Two, "--canary", shares, "--bake", bake),
            Token
        );
        return tool!;
    }

    private async Task<ToolResult> PromoteAsync(string until)
    {
        Task<ToolResult>? promoting = null;
        await Stack.NextAsync(
            line => line.Begins(until),
            StepDeadline,
            () => promoting = Stack.RunAsync(Token, "Promote"),
            Token
        );
        return await promoting!;
    }

    /// <summary>People with a browser each, who look at both ports.</summary>
    private sealed class Party(Stack stack, int people) : IAsyncDisposable
    {
        private const int AtOnce = 8;

        /// <summary>When the first answer was not 200; null: none was.</summary>
        public DateTimeOffset? FirstFailure { get; private set; }

        /// <summary>When a request was last begun that a version answered.</summary>
        public System.Collections.Concurrent.ConcurrentDictionary<string, DateTimeOffset> LastSeen { get; } = [];

        private readonly HttpClient[] _browsers =
        [
            .. Enumerable
                .Range(0, people)
                .Select(_ => new HttpClient(
                    new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseCookies = true }
                )
                {
                    Timeout = TimeSpan.FromSeconds(20),
                }),
        ];

        /// <summary>All answers of the api, page after page, until something is over.</summary>
        public async Task<IReadOnlyCollection<(int Status, string? Version)>> BrowseAsync(
            Task until,
            CancellationToken cancellationToken
        )
        {
            var seen = new System.Collections.Concurrent.ConcurrentQueue<(int, string?)>();
            while (!until.IsCompleted)
                await Parallel.ForAsync(
                    0,
                    _browsers.Length,
                    new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken },
                    async (person, token) =>
                    {
                        // As browsers do, they come back at once: all are behind one address, which alone says little.
                        for (var page = 0; page < 2; page++)
                        {
                            var begun = DateTimeOffset.UtcNow;
                            using var answer = await _browsers[person].GetAsync(new Uri(stack.Api, "/version"), token);
                            if (answer.StatusCode != HttpStatusCode.OK)
                                FirstFailure ??= begun;
                            if (answer.Headers.TryGetValues("X-Version", out var names))
                                LastSeen[names.First()] = begun;
                            seen.Enqueue(
                                (
                                    (int)answer.StatusCode,
                                    answer.Headers.TryGetValues("X-Version", out var versions) ? versions.First() : null
                                )
                            );
                        }
                    }
                );
            return seen;
        }

        /// <summary>The version that each of them saw, by every page alike.</summary>
        public async Task<IReadOnlyList<string>> VisitAsync(CancellationToken cancellationToken)
        {
            var seen = new string[_browsers.Length];
            await Parallel.ForAsync(
                0,
                _browsers.Length,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (person, token) =>
                {
                    var versions = new HashSet<string>();
                    foreach (var page in Pages().Concat(Pages()))
                    {
                        using var answer = await _browsers[person].GetAsync(page, token);
                        if (answer.StatusCode != HttpStatusCode.OK)
                            throw new InvalidOperationException($"{page} answered {(int)answer.StatusCode}");
                        foreach (var header in new[] { "X-Version", "X-Frontend-Version" })
                            if (answer.Headers.TryGetValues(header, out var values))
                                versions.UnionWith(values);
                    }
                    seen[person] = string.Join('+', versions.Order(StringComparer.Ordinal));
                }
            );
            seen.ShouldAllBe(version => !version.Contains('+'));
            return seen;
        }

        public ValueTask DisposeAsync()
        {
            foreach (var browser in _browsers)
                browser.Dispose();
            return ValueTask.CompletedTask;
        }

        private Uri[] Pages() =>
            [new(stack.Api, "/version"), new(stack.Frontend, "/"), new(stack.Frontend, "/api/version")];
    }
}
