using System.Collections.Immutable;
using Recyclic.Load;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// Users of both ports: an open-loop load that sends nothing twice, on kept and on new connections, some of it slow.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private const double SlowMilliseconds = 1500;
    private const double ClockSlack = 5;
    private static readonly TimeSpan LongerThanAnyTest = TimeSpan.FromHours(3);
    private readonly LoadClient _client;

    private Site(LoadClient client) => _client = client;

    public static Task<Site> OpenAsync(Stack stack, CancellationToken cancellationToken) =>
        OpenAsync(stack.Api, stack.Frontend, cancellationToken);

    public static async Task<Site> OpenAsync(Uri api, Uri frontend, CancellationToken cancellationToken)
    {
        var client = new LoadClient(
            new LoadPlan(
                Target("api", api, "/version", "/slow?ms=1500"),
                Target("frontend", frontend, "/api/version", "/api/slow?ms=1500")
            )
            {
                NewConnectionShare = 0.2,
                Timeout = TimeSpan.FromSeconds(20),
                MaxDuration = LongerThanAnyTest,
                Classify = Versions,
            }
        );
        await client.StartAsync(cancellationToken);
        return new Site(client);
    }

    /// <summary>
    /// Ends the load and asserts what every test claims: no failed request, no answer put together from two versions.
    /// </summary>
    public async Task<LoadResult> CloseFlawlesslyAsync(CancellationToken cancellationToken)
    {
        var result = await _client.StopAsync(cancellationToken);
        var summary = result.Summary();
        TestContext.Out.WriteLine(
            $"{summary.Sent} requests, {summary.Failed} failed, {summary.MixedAnswers} mixed, p99 {summary.FastLatency.P99Ms:0} ms; "
                + string.Join(", ", summary.Versions.Select(seen => $"{seen.Version}: {seen.Count}"))
        );
        summary.Sent.ShouldBeGreaterThan(0);
        if (summary.Failed > 0)
            Assert.Fail(
                $"{summary.Failed} of {summary.Sent} requests failed:\n{string.Join('\n', summary.FirstFailures)}"
            );
        summary.MixedAnswers.ShouldBe(0, "answers with more than one version in them");
        result
            .Records.Count(record => record.Answered && record.Versions.IsEmpty)
            .ShouldBe(0, "answers that did not say their version");
        return result;
    }

    /// <summary>Ends the load and asserts that all other ports than one have answered every request.</summary>
    public async Task CloseWithFailuresOnlyOfAsync(string target, CancellationToken cancellationToken)
    {
        var result = await _client.StopAsync(cancellationToken);
        var (its, others) = (
            result.Records.Where(record => record.Target == target).ToList(),
            result.Records.Where(record => record.Target != target).ToList()
        );
        TestContext.Out.WriteLine(
            $"{target}: {its.Count} requests, {its.Count(record => record.Failed)} failed; others: {others.Count} requests, {others.Count(record => record.Failed)} failed"
        );
        others.ShouldNotBeEmpty();
        others.Where(record => record.Failed).Take(5).ShouldBeEmpty();
    }

    /// <summary>
    /// Ends the load where a fault costs requests: asserts that users were served again by themselves, for good, within
    /// a time of it.
    /// </summary>
    public async Task<LoadResult> CloseAfterOutageAsync(TimeSpan backWithin, CancellationToken cancellationToken)
    {
        var result = await _client.StopAsync(cancellationToken);
        var summary = result.Summary();
        var failed = result.Records.Where(record => record.Failed).ToList();
        var outage =
            failed.Count == 0
                ? TimeSpan.Zero
                : TimeSpan.FromMilliseconds(
                    failed.Max(record => record.EndedUnixMs) - failed.Min(record => record.StartedUnixMs)
                );
        TestContext.Out.WriteLine(
            $"{summary.Sent} requests, {summary.Failed} failed within {outage.TotalSeconds:0.0} s, {summary.MixedAnswers} mixed; "
                + string.Join(", ", summary.Versions.Select(seen => $"{seen.Version}: {seen.Count}"))
        );
        summary.MixedAnswers.ShouldBe(0, "answers with more than one version in them");
        outage.ShouldBeLessThan(backWithin);
        var end = result.Records.Max(record => record.EndedUnixMs);
        failed.ShouldAllBe(record => record.EndedUnixMs < end - 500, "the last half second is without failure");
        return result;
    }

    /// <summary>Asserts that whoever was answered by a version asked while that version was live.</summary>
    public static void ShouldHaveSeenOnlyLiveVersions(LoadResult result, IReadOnlyList<JournalLine> journal)
    {
        var periods = LivePeriods.Of(journal).ToLookup(period => period.Version);
        var wrong = result
            .Records.Where(record =>
                record.Answered
                && !record.Versions.All(version => periods[version].Any(period => MayAnswer(period, record)))
            )
            .ToList();
        if (wrong.Count > 0)
            Assert.Fail(
                $"{wrong.Count} requests were answered by a version that was not live:\n{string.Join('\n', wrong.Take(20))}\n{string.Join('\n', periods.SelectMany(period => period))}"
            );
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <summary>
    /// The edge chooses somewhere between a request's start and its answer; a slow one's answer takes known time.
    /// </summary>
    private static bool MayAnswer(Live period, RequestRecord record) =>
        record.StartedUnixMs <= period.UntilUnixMs + ClockSlack
        && record.EndedUnixMs - (record.Slow ? SlowMilliseconds - ClockSlack : 0) >= period.FromUnixMs - ClockSlack;

    private static LoadTarget Target(string name, Uri root, string path, string slow) =>
        new(new Uri(root, path), Settings.Rate)
        {
            Name = name,
            SlowPath = slow,
            SlowShare = 0.05,
        };

    private static ImmutableArray<string> Versions(LoadResponse response) =>
        [
            .. VersionClassifiers
                .Json(response)
                .Append(response.Header("X-Version"))
                .Append(response.Header("X-Frontend-Version"))
                .OfType<string>()
                .Distinct(),
        ];
}
