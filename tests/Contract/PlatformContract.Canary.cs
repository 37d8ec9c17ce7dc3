using NUnit.Framework;
using Recyclic.Deploy.Model;
using Shouldly;

namespace Recyclic.Contract;

/// <summary>What a canary needs: a share in between, and a word that reaches the holder of the lock.</summary>
internal abstract partial class PlatformContract
{
    [Test]
    public async Task An_edge_takes_what_a_canary_needs_and_keeps_a_share_in_between(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("canary", cancellationToken);
        var app = await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var host = await place.HoldAsync(cancellationToken);
        var edge = await StartEdgeAsync(place, app, host, cancellationToken);
        Route[] routes =
        [
            .. app.Routes,
            new("any", 9000, 29_000, null, RouteMode.Auto, null, null, 1),
            new("mqtt", 1883, 29_001, null, RouteMode.Tcp, null, null, 1),
            new("one", 8001, 29_002, null, RouteMode.Auto, null, null, 1),
            new("one", 8002, 29_003, null, RouteMode.Tcp, null, null, 1),
            new("one", 8003, 29_004, null, RouteMode.Http, null, null, 1),
        ];
        foreach (var fresh in Enum.GetValues<Slot>())
            await host.ConfigureAsync(
                EdgeConfiguration.For(
                    place.App,
                    [.. routes],
                    [.. routes],
                    new CanaryRouting(fresh)
                    {
                        InOneSlot = ["one"],
                        ForTesters = true,
                        VisitorHeader = "X-User-Id",
                    }
                ),
                cancellationToken
            );
        await host.ReloadAsync(cancellationToken);
        await AnsweredAsync(host, cancellationToken);

        await host.SetShareAsync(5, cancellationToken);
        await place.Platform.Releases.StopContainersAsync([edge], cancellationToken);
        await place.Platform.Releases.StartContainersAsync([edge], cancellationToken);
        await AnsweredAsync(host, cancellationToken);
        var state = await host.ReadAsync(cancellationToken);
        (state.Share, state.FileShare).ShouldBe((5, 5));
    }

    [Test]
    public async Task A_word_is_heard_once_and_by_the_deploy_that_it_is_for(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("word", cancellationToken);
        var app = await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var host = await place.HoldAsync(cancellationToken);
        await StartEdgeAsync(place, app, host, cancellationToken);
        (await host.HearAsync("d1", cancellationToken)).ShouldBeNull();
        var order = new CanaryOrder(CanaryWord.Hold, "Änn; rm -rf / @laptop");
        await place.Platform.Lock.SayAsync(place.App, "d1", new(CanaryWord.Abort, "bob"), cancellationToken);
        await place.Platform.Lock.SayAsync(place.App, "d1", order, cancellationToken);
        (await host.HearAsync("d1", cancellationToken)).ShouldBe(order);
        (await host.HearAsync("d1", cancellationToken)).ShouldBeNull();
        await place.Platform.Lock.SayAsync(place.App, "d1", order, cancellationToken);
        (await host.HearAsync("d2", cancellationToken)).ShouldBeNull();
    }
}
