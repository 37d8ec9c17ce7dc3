using NUnit.Framework;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Shouldly;

namespace Recyclic.Contract;

/// <summary>What releases share, and what users' requests go through.</summary>
internal abstract partial class PlatformContract
{
    [Test]
    public async Task An_accessory_is_made_once_and_joined_to_both_slots(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("joined", cancellationToken);
        await place.HoldAsync(cancellationToken);
        var app = await place.ReadAsync("v1", cancellationToken);
        var naming = new Naming(place.App);
        var ids = new HashSet<string>();
        for (var time = 0; time < 2; time++)
        {
            await place.Platform.Accessories.StartAccessoriesAsync(app, ["db"], start: true, cancellationToken);
            await place.Platform.Accessories.ConnectAsync(app, ["db"], cancellationToken);
            var seen = await place.ObserveAsync(cancellationToken);
            naming.Networks.Except(seen.Networks).ShouldBeEmpty();
            var db = seen.Accessories.ShouldHaveSingleItem();
            (db.Service, db.IsRunning).ShouldBe(("db", true));
            db.Networks.ShouldContain(naming.SlotNetwork(Slot.Blue));
            db.Networks.ShouldContain(naming.SlotNetwork(Slot.Green));
            ids.Add(db.Id);
        }
        ids.Count.ShouldBe(1);
    }

    [Test]
    public async Task What_a_first_deploy_made_for_all_releases_can_be_taken_back(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("back", cancellationToken);
        await place.HoldAsync(cancellationToken);
        var app = await place.ReadAsync("v1", cancellationToken);
        await place.Platform.Accessories.StartAccessoriesAsync(app, ["db"], start: true, cancellationToken);
        await place.Platform.Accessories.ConnectAsync(app, ["db"], cancellationToken);
        for (var time = 0; time < 2; time++)
        {
            await place.Platform.Accessories.RemoveAccessoriesAsync(app, ["db"], cancellationToken);
            (await place.Platform.Accessories.RemoveNetworksAsync(place.App, cancellationToken)).ShouldBeEmpty(
                "nothing stays"
            );
        }
        var seen = await place.ObserveAsync(cancellationToken);
        seen.Accessories.ShouldBeEmpty();
        seen.Networks.Intersect(new Naming(place.App).Networks).ShouldBeEmpty();
    }

    [Test]
    public async Task Traffic_goes_where_the_share_says_also_after_the_edge_was_stopped(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("share", cancellationToken);
        var app = await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var host = await place.HoldAsync(cancellationToken);
        var edge = await StartEdgeAsync(place, app, host, cancellationToken);
        (await host.ReadAsync(cancellationToken)).Share.ShouldBe(0);

        await host.SetShareAsync(100, cancellationToken);
        var state = await host.ReadAsync(cancellationToken);
        (state.Share, state.FileShare).ShouldBe((100, 100));

        await place.Platform.Releases.StopContainersAsync([edge], cancellationToken);
        await Should.ThrowAsync<StepFailedException>(() => host.SetShareAsync(0, cancellationToken));
        await Should.ThrowAsync<StepFailedException>(() => host.OpenSessionsAsync(Slot.Blue, cancellationToken));
        (await host.ReadAsync(cancellationToken)).Share.ShouldBeNull("the edge does not run");

        await place.Platform.Releases.StartContainersAsync([edge], cancellationToken);
        await AnsweredAsync(host, cancellationToken);
        var after = await host.ReadAsync(cancellationToken);
        after.Share.ShouldBe(after.FileShare);
        await host.SetShareAsync(0, cancellationToken);
        (await host.ReadAsync(cancellationToken)).Share.ShouldBe(0);
        (await host.OpenSessionsAsync(Slot.Blue, cancellationToken)).ShouldBe(0);
    }

    [Test]
    public async Task The_edge_finds_what_runs_and_asks_it_from_outside(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("outside", cancellationToken);
        var app = await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var web = Of((await place.ObserveAsync(cancellationToken)).Blue, "web").Id;
        var host = await place.HoldAsync(cancellationToken);
        await StartEdgeAsync(place, app, host, cancellationToken);
        var probe = OutsideProbe.Of(app.Routes[0]);
        await place.UntilAsync(now => Of(now.Blue, "web").IsHealthy, cancellationToken);
        (await place.Platform.Health.AskAsync(web, probe, cancellationToken)).ShouldBeNull();
        while ((await host.UsableServersAsync(cancellationToken)).Values.All(servers => servers.IsEmpty))
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);

        await place.Platform.Releases.StopContainersAsync([web], cancellationToken);
        (await place.Platform.Health.AskAsync(web, probe, cancellationToken)).ShouldBe("is exited");
    }

    [Test]
    public async Task Without_its_edge_an_application_keeps_its_records(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("edge", cancellationToken);
        var app = await place.ReadAsync("v1", cancellationToken);
        var host = await place.HoldAsync(cancellationToken);
        await place.Platform.Accessories.ConnectAsync(app, [], cancellationToken);
        await host.CommitAsync(0, Committed("d1"), cancellationToken);
        await StartEdgeAsync(place, app, host, cancellationToken);
        var seen = await place.ObserveAsync(cancellationToken);
        seen.Edge.Networks.ShouldContain(new Naming(place.App).SlotNetwork(Slot.Blue));
        seen.Edge.Networks.ShouldContain(new Naming(place.App).SlotNetwork(Slot.Green));
        for (var time = 0; time < 2; time++)
            await place.Platform.Edge.RemoveEdgeAsync(place.App, cancellationToken);
        (await place.ObserveAsync(cancellationToken)).Edge.Exists.ShouldBeFalse();
        var state = await host.ReadAsync(cancellationToken);
        (state.Generation, state.Journal.Records.Length).ShouldBe((1, 1));
    }

    /// <returns>The edge's container.</returns>
    private static async Task<string> StartEdgeAsync(
        ContractPlace place,
        Application app,
        ILockedHost host,
        CancellationToken cancellationToken
    )
    {
        var configuration = EdgeConfiguration.For(place.App, app.Routes, app.Routes);
        await host.ConfigureAsync(configuration, cancellationToken);
        await place.Platform.Edge.StartEdgeAsync(place.App, configuration, replace: false, cancellationToken);
        await AnsweredAsync(host, cancellationToken);
        var edge = (await place.ObserveAsync(cancellationToken)).Edge;
        edge.IsRunning.ShouldBeTrue();
        return edge.Id;
    }

    private static async Task AnsweredAsync(ILockedHost host, CancellationToken cancellationToken)
    {
        while ((await host.ReadAsync(cancellationToken)).Share is null)
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
    }
}
