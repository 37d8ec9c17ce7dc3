using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Contract;

/// <summary>
/// A place that the contract is tried on, with one application of its own: `web`, to which a port leads, `bot`, which
/// must not run twice, and the accessory `db`.
/// </summary>
internal abstract class ContractPlace : IAsyncDisposable
{
    /// <summary>The image of all services; of the release, `v1` and `v2` are healthy and `sick` is not.</summary>
    public const string Image = "recyclic-compose-test/contract";

    private ILockedHost? _held;

    public abstract Platform Platform { get; }

    /// <summary>Another deployer's way to the same place.</summary>
    public abstract Platform Another { get; }

    public abstract string App { get; }

    public abstract string ComposeFile { get; }

    public async Task<Application> ReadAsync(string tag, CancellationToken cancellationToken) =>
        ComposeReader.Read(
            await Platform.Files.ReadComposeAsync(ComposeFile, App, ReleaseTag.Parse(tag), null, cancellationToken),
            engineIsLocal: true
        );

    /// <summary>The release of a tag, by the images that the place has.</summary>
    public async Task<Release> ReleaseAsync(Application app, string tag, CancellationToken cancellationToken)
    {
        var image = $"{Image}:{tag}";
        var there = await Platform.Images.InspectImagesAsync([image], cancellationToken);
        return Release.Of(
            tag,
            app.Services.ToDictionary(service => service.Name, _ => new ImageRef(image, there[image].Id))
        );
    }

    /// <summary>The deploy lock, from now on until the place is left: without it nothing is changed.</summary>
    public async Task<ILockedHost> HoldAsync(CancellationToken cancellationToken) =>
        _held ??= await Platform.Lock.TakeAsync(App, "ann", null, cancellationToken);

    public Task<Snapshot> ObserveAsync(CancellationToken cancellationToken) =>
        Platform.Host.ObserveAsync(App, cancellationToken);

    /// <summary>Networks are there, and a release is started in a slot; the lock is held.</summary>
    public async Task<Application> StartAsync(string tag, Slot slot, CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        var app = await ReadAsync(tag, cancellationToken);
        await Platform.Accessories.ConnectAsync(app, [], cancellationToken);
        await Platform.Releases.StartReleaseAsync(
            app,
            slot,
            await ReleaseAsync(app, tag, cancellationToken),
            [],
            TimeSpan.FromSeconds(0.5),
            cancellationToken
        );
        return app;
    }

    /// <summary>Looks until it is so; the test's own limit ends a wait in vain.</summary>
    public async Task<Snapshot> UntilAsync(Func<Snapshot, bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = await ObserveAsync(cancellationToken);
            if (isSo(now))
                return now;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_held is not null)
            await _held.DisposeAsync();
        await LeaveAsync();
    }

    /// <summary>Takes away what the claim has made.</summary>
    protected abstract ValueTask LeaveAsync();
}
