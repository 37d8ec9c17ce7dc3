using NUnit.Framework;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Shouldly;

namespace Recyclic.Contract;

/// <summary>
/// What a deploy relies on, whatever platform it runs on: the same claims on the host in memory and on a Docker engine.
/// This part is about what is there and what releases do; see the others for the lock and for traffic.
/// </summary>
[CancelAfter(60_000)]
internal abstract partial class PlatformContract
{
    /// <summary>A place that has nothing of the application yet.</summary>
    /// <param name="name">Of the test's own, in letters.</param>
    protected abstract Task<ContractPlace> OpenAsync(string name, CancellationToken cancellationToken);

    [Test]
    public async Task A_place_that_is_new_to_an_application_has_nothing_of_it(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("new", cancellationToken);
        var seen = await place.ObserveAsync(cancellationToken);
        (seen.Blue.IsEmpty, seen.Green.IsEmpty, seen.Edge.Exists).ShouldBe((true, true, false));
        seen.Accessories.ShouldBeEmpty();
        seen.Networks.Intersect(new Naming(place.App).Networks).ShouldBeEmpty();
        (await place.Platform.Lock.IsKnownAsync(place.App, cancellationToken)).ShouldBeFalse();
        (await place.Platform.Lock.ReadHolderAsync(place.App, cancellationToken)).ShouldBeNull();
        var state = await place.Platform.Lock.PeekAsync(place.App, cancellationToken);
        (state.Generation, state.Share, state.FileShare).ShouldBe((0, null, null));
        state.Journal.Records.ShouldBeEmpty();
    }

    [Test]
    public async Task An_image_that_is_there_is_told_by_its_content_and_one_that_is_not_is_left_out(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("images", cancellationToken);
        await place.HoldAsync(cancellationToken);
        var images = place.Platform.Images;
        var absent = "sha256:" + new string('0', 64);
        await images.RemoveImagesAsync([absent], cancellationToken);
        var there = await images.InspectImagesAsync(
            [$"{ContractPlace.Image}:v1", $"{ContractPlace.Image}:v2", absent],
            cancellationToken
        );
        there.Keys.ShouldBe([$"{ContractPlace.Image}:v1", $"{ContractPlace.Image}:v2"], ignoreOrder: true);
        var (one, two) = (there[$"{ContractPlace.Image}:v1"].Id, there[$"{ContractPlace.Image}:v2"].Id);
        one.ShouldStartWith("sha256:");
        one.ShouldNotBe(two);
        // Services may share an image: it is asked for twice.
        (await images.InspectImagesAsync([one, one], cancellationToken))[one]
            .Id.ShouldBe(one);
        (await images.PullAsync(absent, cancellationToken)).ShouldNotBeNullOrWhiteSpace();
        (await images.RemoveImagesAsync([absent], cancellationToken)).ShouldBeEmpty("it is gone already");
    }

    [Test]
    public async Task An_image_that_a_container_uses_stays_and_the_place_says_why(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("used", cancellationToken);
        await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var refused = await place.Platform.Images.RemoveImagesAsync([$"{ContractPlace.Image}:v1"], cancellationToken);
        refused.ShouldHaveSingleItem().ShouldContain(ContractPlace.Image);
        (
            await place.Platform.Images.InspectImagesAsync([$"{ContractPlace.Image}:v1"], cancellationToken)
        ).Count.ShouldBe(1);
    }

    [Test]
    public async Task A_release_starts_in_its_slot_alone_and_what_must_not_run_twice_is_only_made(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("start", cancellationToken);
        var app = await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var release = await place.ReleaseAsync(app, "v1", cancellationToken);
        var seen = await place.ObserveAsync(cancellationToken);
        seen.Green.IsEmpty.ShouldBeTrue();
        seen.Blue.Holds(release).ShouldBeTrue();
        seen.Blue.Containers.Select(container => (container.Service, container.IsRunning))
            .ShouldBe([("web", true), ("bot", false)], ignoreOrder: true);
        seen.Blue.Containers.ShouldAllBe(container => container.Image == release.Images["web"].Digest);
        Of(seen.Blue, "web").IsRouted.ShouldBeTrue();
        Of(seen.Blue, "bot").IsExclusive.ShouldBeTrue();
        seen.Blue.Containers.ShouldAllBe(container => !container.RestartsByItself, "nobody serves yet");
    }

    [Test]
    public async Task Starting_a_release_again_leaves_its_containers_as_they_are(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("again", cancellationToken);
        await place.StartAsync("v1", Slot.Green, cancellationToken);
        var before = Ids((await place.ObserveAsync(cancellationToken)).Green);
        await place.StartAsync("v1", Slot.Green, cancellationToken);
        Ids((await place.ObserveAsync(cancellationToken)).Green).ShouldBe(before, ignoreOrder: true);
    }

    [Test]
    public async Task A_container_that_works_becomes_healthy_and_whoever_watches_is_told(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("healthy", cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var told = FirstAsync(place, ContainerEventKind.Healthy, watching.Token);
        await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var seen = await place.UntilAsync(now => Of(now.Blue, "web").Health == "healthy", cancellationToken);
        var web = Of(seen.Blue, "web");
        (await told).ContainerId.ShouldBe(web.Id);
        web.IsHealthy.ShouldBeTrue();
        (await place.Platform.Health.ProbeNowAsync(web.Id, cancellationToken)).ShouldBeTrue();
        (await place.Platform.Health.ReadLogAsync(web.Id, 1, cancellationToken)).ShouldHaveSingleItem();
    }

    [Test]
    public async Task A_container_that_does_not_is_unhealthy_and_runs_on(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("sick", cancellationToken);
        var told = FirstAsync(place, ContainerEventKind.Unhealthy, cancellationToken);
        await place.StartAsync("sick", Slot.Blue, cancellationToken);
        var seen = await place.UntilAsync(now => Of(now.Blue, "web").Health == "unhealthy", cancellationToken);
        var web = Of(seen.Blue, "web");
        (await told).ContainerId.ShouldBe(web.Id);
        (web.IsRunning, web.IsHealthy).ShouldBe((true, false));
        (await place.Platform.Health.ProbeNowAsync(web.Id, cancellationToken)).ShouldBeFalse();
        (await place.Platform.Health.ReadProbeAsync(web.Id, cancellationToken))!.Passed.ShouldBeFalse();
    }

    [Test]
    public async Task What_is_stopped_stays_in_its_slot_and_can_be_started_again(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("stop", cancellationToken);
        await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var web = Of((await place.ObserveAsync(cancellationToken)).Blue, "web").Id;
        for (var time = 0; time < 2; time++)
            await place.Platform.Releases.StopContainersAsync([web], cancellationToken);
        var stopped = (await place.ObserveAsync(cancellationToken)).Blue;
        (stopped.IsEmpty, Of(stopped, "web").State).ShouldBe((false, "exited"));
        for (var time = 0; time < 2; time++)
            await place.Platform.Releases.StartContainersAsync([web], cancellationToken);
        var started = Of((await place.ObserveAsync(cancellationToken)).Blue, "web");
        (started.Id, started.IsRunning).ShouldBe((web, true));
    }

    [Test]
    public async Task What_serves_restarts_as_its_file_says_and_what_is_idle_does_not(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("restart", cancellationToken);
        await place.StartAsync("v1", Slot.Blue, cancellationToken);
        await place.StartAsync("v2", Slot.Green, cancellationToken);
        var seen = await place.ObserveAsync(cancellationToken);
        await place.Platform.Releases.SetRestartsAsync(seen.Green.Containers, seen.Blue.Containers, cancellationToken);
        var now = await place.ObserveAsync(cancellationToken);
        now.Green.Containers.ShouldAllBe(container => container.RestartsByItself);
        now.Blue.Containers.ShouldAllBe(container => !container.RestartsByItself);
    }

    [Test]
    public async Task Removing_a_release_empties_its_slot_and_no_other(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("remove", cancellationToken);
        await place.StartAsync("v1", Slot.Blue, cancellationToken);
        await place.StartAsync("v2", Slot.Green, cancellationToken);
        var green = Ids((await place.ObserveAsync(cancellationToken)).Green);
        for (var time = 0; time < 2; time++)
            await place.Platform.Releases.RemoveReleaseAsync(place.App, Slot.Blue, cancellationToken);
        var now = await place.ObserveAsync(cancellationToken);
        now.Blue.IsEmpty.ShouldBeTrue();
        Ids(now.Green).ShouldBe(green, ignoreOrder: true);
    }

    protected static Container Of(SlotState slot, string service) =>
        slot.Containers.Single(container => container.Service == service);

    private static IEnumerable<string> Ids(SlotState slot) => [.. slot.Containers.Select(container => container.Id)];

    private static async Task<ContainerEvent> FirstAsync(
        ContractPlace place,
        ContainerEventKind kind,
        CancellationToken cancellationToken
    )
    {
        // From the beginning of time: what is over by the time that the engine listens counts as well.
        await foreach (
            var happened in place.Platform.Health.WatchAsync(place.App, DateTimeOffset.UnixEpoch, cancellationToken)
        )
            if (
                happened.Kind == kind
                && happened.Service == "web"
                && happened.Name.Contains(place.App, StringComparison.Ordinal)
            )
                return happened;
        throw new AssertionException("the events ended");
    }
}
