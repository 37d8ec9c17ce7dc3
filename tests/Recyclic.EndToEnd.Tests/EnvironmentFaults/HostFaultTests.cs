using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>What breaks is a host: one of the test's own, on which the application is.</summary>
public abstract class HostFaultTests : FaultTests
{
    private protected override bool IsForAllFaultsOnly => true;

    private PrivateHost? _host;

    private protected PrivateHost Host => _host!;

    [OneTimeTearDown]
    public override async Task RemoveAsync()
    {
        // With its host goes all that is on it.
        if (_host is not null)
            await _host.DisposeAsync();
    }

    /// <summary>Sets the deployer of the application to this host.</summary>
    private protected abstract Task ReachAsync(CancellationToken cancellationToken);

    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        HostNeeds.OrIgnore();
        var images = await Images.OfSampleAsync(cancellationToken, One, Two);
        _host = await PrivateHost.StartAsync(cancellationToken);
        await Host.Engine.LoadAsync(images, cancellationToken);
        Stack = new Stack(1, Host.Engine.Docker, Host.Network.Address);
        await ReachAsync(cancellationToken);
        await base.PrepareAsync(cancellationToken);
    }
}
