using NUnit.Framework;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Shouldly;

namespace Recyclic.Contract;

/// <summary>What publishes ports, and how one edge takes the place of another.</summary>
internal abstract partial class PlatformContract
{
    [Test]
    public async Task A_port_is_published_once_and_exchanged_for_one_that_cannot_be_there_beside_it(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("gates", cancellationToken);
        var (app, host) = await ReadyForEdgeAsync(place, cancellationToken);
        await StartEdgeAsync(place, app, host, cancellationToken);
        var all = PortGate.Of(app.Routes).ShouldHaveSingleItem();
        var local = all with { Address = "127.0.0.1" };
        foreach (var gate in new[] { all, local })
            await host.ConfigureGateAsync(gate, cancellationToken);

        for (var time = 0; time < 2; time++)
            (await place.Platform.Edge.OpenGatesAsync(place.App, [all], [], cancellationToken)).ShouldBe(TimeSpan.Zero);
        (await OpenGatesAsync(place, cancellationToken)).ShouldBe([all]);
        (await place.Platform.Edge.OpenGatesAsync(place.App, [local], [all], cancellationToken)).ShouldBeGreaterThan(
            TimeSpan.Zero,
            "a gap that is told"
        );
        (await OpenGatesAsync(place, cancellationToken)).ShouldBe([local]);
        for (var time = 0; time < 2; time++)
            await place.Platform.Edge.CloseGatesAsync(place.App, [local], cancellationToken);
        (await place.ObserveAsync(cancellationToken)).Gates.ShouldBeEmpty();
    }

    [Test]
    public async Task An_edge_gives_its_place_to_another_one_and_goes(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("renew", cancellationToken);
        var (app, host) = await ReadyForEdgeAsync(place, cancellationToken);
        var before = await StartEdgeAsync(place, app, host, cancellationToken);
        var after = await ReplaceEdgeAsync(place, app, host, cancellationToken);
        after.ShouldNotBe(before);
        (await place.ObserveAsync(cancellationToken)).ReplacedEdges.ShouldHaveSingleItem().Id.ShouldBe(before);

        await place.Platform.Edge.RetireEdgesAsync(place.App, cancellationToken);
        await place.UntilAsync(now => now.ReplacedEdges.All(edge => !edge.IsRunning), cancellationToken);
        await place.Platform.Edge.RetireEdgesAsync(place.App, cancellationToken);
        var now = await place.ObserveAsync(cancellationToken);
        now.ReplacedEdges.ShouldBeEmpty();
        (now.Edge.Id, now.Edge.IsRunning).ShouldBe((after, true));
        await host.SetShareAsync(100, cancellationToken);
        (await host.ReadAsync(cancellationToken)).Share.ShouldBe(100, "it is the one that is asked");
    }

    [Test]
    public async Task An_edge_gets_its_place_back_from_one_that_was_to_replace_it(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("return", cancellationToken);
        var (app, host) = await ReadyForEdgeAsync(place, cancellationToken);
        var before = await StartEdgeAsync(place, app, host, cancellationToken);
        await ReplaceEdgeAsync(place, app, host, cancellationToken);

        for (var time = 0; time < 2; time++)
            await place.Platform.Edge.ReturnEdgeAsync(place.App, cancellationToken);
        await host.ReturnEdgeAsync(cancellationToken);
        var now = await place.ObserveAsync(cancellationToken);
        now.ReplacedEdges.ShouldBeEmpty();
        (now.Edge.Id, now.Edge.IsRunning).ShouldBe((before, true));
        // The other one had taken its connections already: it is started again.
        await place.Platform.Releases.StopContainersAsync([before], cancellationToken);
        (await StartEdgeAsync(place, app, host, cancellationToken)).ShouldBe(before);
    }

    private static async Task<(Application App, ILockedHost Host)> ReadyForEdgeAsync(
        ContractPlace place,
        CancellationToken cancellationToken
    )
    {
        var host = await place.HoldAsync(cancellationToken);
        var app = await place.ReadAsync("v1", cancellationToken);
        await place.Platform.Accessories.ConnectAsync(app, [], cancellationToken);
        return (app, host);
    }

    /// <returns>The new one's container; it answers.</returns>
    private static async Task<string> ReplaceEdgeAsync(
        ContractPlace place,
        Application app,
        ILockedHost host,
        CancellationToken cancellationToken
    )
    {
        await host.HandOverEdgeAsync(cancellationToken);
        await place.Platform.Edge.StartEdgeAsync(
            place.App,
            EdgeConfiguration.For(place.App, app.Routes, app.Routes),
            replace: true,
            cancellationToken
        );
        var edge = (await place.ObserveAsync(cancellationToken)).Edge.Id;
        while (
            (await host.ReadAsync(cancellationToken)).Edge is var said
            && (said.Length == 0 || !edge.StartsWith(said, StringComparison.Ordinal))
        )
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        return edge;
    }

    private static async Task<IEnumerable<PortGate>> OpenGatesAsync(
        ContractPlace place,
        CancellationToken cancellationToken
    ) => (await place.ObserveAsync(cancellationToken)).Gates.Where(gate => gate.IsRunning).Select(gate => gate.Gate);
}
