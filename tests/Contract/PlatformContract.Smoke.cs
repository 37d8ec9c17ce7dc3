using NUnit.Framework;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Deploy.Smoke;
using Shouldly;

namespace Recyclic.Contract;

/// <summary>By what ways a release is tried.</summary>
internal abstract partial class PlatformContract
{
    [Test]
    public async Task A_release_is_asked_by_http_in_its_container_and_at_the_gate_of_its_port(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("smoke", cancellationToken);
        var app = await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var host = await place.HoldAsync(cancellationToken);
        await StartEdgeAsync(place, app, host, cancellationToken);
        var published = PortGate.Of(app.Routes).ShouldHaveSingleItem();
        await host.ConfigureGateAsync(published, cancellationToken);
        await place.Platform.Edge.OpenGatesAsync(place.App, [published], [], cancellationToken);
        var now = await place.UntilAsync(now => Of(now.Blue, "web").IsHealthy, cancellationToken);
        await host.SetShareAsync(0, cancellationToken);
        while ((await host.UsableServersAsync(cancellationToken)).Values.All(servers => servers.IsEmpty))
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);

        var web = new SmokePlace(Of(now.Blue, "web").Id, 8080);
        var gate = new SmokePlace(now.Gates.ShouldHaveSingleItem().Id, published.Port) { IsGate = true };
        foreach (var asked in new[] { web, gate })
            (await AskAsync(asked)).Status.ShouldBe(200, $"{asked}");

        await place.Platform.Releases.StopContainersAsync([web.ContainerId], cancellationToken);
        (await Should.ThrowAsync<StepFailedException>(() => AskAsync(web))).Message.ShouldBe("is exited");

        Task<HttpAnswer> AskAsync(SmokePlace asked) =>
            place.Platform.Health.AskAsync(
                asked,
                new HttpQuestion("GET", "/", "localhost", [], null),
                cancellationToken
            );
    }

    [Test]
    public async Task A_command_runs_to_its_end_beside_the_release_and_is_removed(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("command", cancellationToken);
        var app = await place.StartAsync("v1", Slot.Blue, cancellationToken);
        var release = await place.ReleaseAsync(app, "v1", cancellationToken);
        await place.Platform.Releases.StartCommandAsync(app, Slot.Blue, release, "web", ["true"], cancellationToken);
        var now = await place.UntilAsync(
            now => now.Blue.Of(Naming.SmokeService).Any(container => container.State == "exited"),
            cancellationToken
        );
        var command = now.Blue.Of(Naming.SmokeService).ShouldHaveSingleItem();
        (command.ExitCode, command.IsOneOff, command.IsRouted).ShouldBe((0, true, false));
        for (var time = 0; time < 2; time++)
            await place.Platform.Releases.RemoveCommandAsync(place.App, Slot.Blue, cancellationToken);
        (await place.ObserveAsync(cancellationToken))
            .Blue.Containers.Select(container => container.Service)
            .ShouldBe(["web", "bot"], ignoreOrder: true);
    }
}
