using System.Net;
using System.Net.Sockets;

namespace Recyclic.Load.Tests;

[CancelAfter(30_000)]
public sealed class FailureTests
{
    private static readonly TimeSpan HalfASecond = TimeSpan.FromSeconds(0.5);

    [TestCase(Reaction.ResetUnanswered, FailureReason.Reset)]
    [TestCase(Reaction.CloseUnanswered, FailureReason.Closed)]
    [TestCase(Reaction.HalfAnswer, FailureReason.Closed)]
    [TestCase(Reaction.Garbage, FailureReason.Malformed)]
    [TestCase(Reaction.Hang, FailureReason.Timeout)]
    [TestCase(Reaction.Status503, FailureReason.ServerError)]
    [TestCase(Reaction.Status404, FailureReason.UnexpectedStatus)]
    public async Task A_request_that_the_server_fails_counts_once_and_with_its_reason(
        object reaction,
        FailureReason reason,
        CancellationToken cancellationToken
    )
    {
        await using var server = new RawServer(_ => (Reaction)reaction);
        var plan = new LoadPlan(new LoadTarget(server.Url, 100)) { Timeout = HalfASecond };

        var summary = (await LoadClient.RunAsync(plan, HalfASecond, cancellationToken)).Summary();

        summary.Sent.ShouldBe(50);
        summary.Failed.ShouldBe(50);
        summary.Answered.ShouldBe(0);
        summary.FailedByReason.ShouldBe([new(reason, 50)]);
        summary.FirstFailures.Length.ShouldBe(20);
        summary.FirstFailures.ShouldAllBe(failure => failure.Detail != null);
        server.Requests.ShouldBe(50, "one request each: nothing is sent twice");
    }

    [Test]
    public async Task Nobody_listening_is_refused(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var plan = new LoadPlan(new LoadTarget(new Uri($"http://127.0.0.1:{port}/"), 100));
        var summary = (await LoadClient.RunAsync(plan, HalfASecond, cancellationToken)).Summary();

        summary.FailedByReason.ShouldBe([new(FailureReason.Refused, 50)]);
    }

    [Test]
    public async Task A_full_client_counts_the_overflow_as_failed_and_does_not_send_it(
        CancellationToken cancellationToken
    )
    {
        await using var server = new RawServer(_ => Reaction.Hang);
        var plan = new LoadPlan(new LoadTarget(server.Url, 100))
        {
            MaxInFlight = 10,
            Timeout = TimeSpan.FromSeconds(2),
        };

        var summary = (await LoadClient.RunAsync(plan, HalfASecond, cancellationToken)).Summary();

        summary.FailedByReason[FailureReason.Overflow].ShouldBe(40);
        summary.FailedByReason[FailureReason.Timeout].ShouldBe(10);
        server.Requests.ShouldBe(10);
    }

    [Test]
    public async Task A_server_that_fails_the_second_request_of_each_connection_is_not_asked_again_behind_the_users_back(
        CancellationToken cancellationToken
    )
    {
        // What a stale pooled connection looks like: the request is sent, and the connection closes without an answer.
        var closed = 0;
        await using var server = new RawServer(seen =>
        {
            if (seen.Request != 2)
                return Reaction.Answer;
            Interlocked.Increment(ref closed);
            return Reaction.CloseUnanswered;
        });
        var plan = new LoadPlan(new LoadTarget(server.Url, 100)) { NewConnectionShare = 0 };

        var summary = (await LoadClient.RunAsync(plan, TimeSpan.FromSeconds(1), cancellationToken)).Summary();

        // Half of them, where no request has to wait for another and so needs a connection of its own.
        closed.ShouldBeInRange(1, 50);
        server.Requests.ShouldBe(100);
        summary.Answered.ShouldBe(100 - closed);
        summary.FailedByReason.ShouldBe([new(FailureReason.Closed, closed)]);
    }

    [Test]
    public async Task Cancelling_ends_requests_under_way_and_does_not_call_them_failed(
        CancellationToken cancellationToken
    )
    {
        await using var server = new RawServer(_ => Reaction.Hang);
        await using var client = new LoadClient(new LoadPlan(new LoadTarget(server.Url, 100)));
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await client.StartAsync(impatience.Token);
        await Eventually.TrueAsync(() => server.Requests >= 20, cancellationToken);
        await impatience.CancelAsync();

        var summary = (await client.StopAsync(cancellationToken)).Summary();

        summary.Failed.ShouldBe(0);
        summary.Cancelled.ShouldBe(summary.Sent);
    }

    [Test]
    public async Task A_classifier_that_throws_ends_the_load_with_its_own_error(CancellationToken cancellationToken)
    {
        await using var server = new RawServer();
        var plan = new LoadPlan(new LoadTarget(server.Url, 100))
        {
            Classify = _ => throw new FormatException("my mistake"),
        };

        await Should.ThrowAsync<FormatException>(() => LoadClient.RunAsync(plan, HalfASecond, cancellationToken));
    }
}
