using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>What every step works with: the deploy's ports, and what several steps do with them.</summary>
internal sealed class StepTools
{
    public StepTools(
        DeployContext context,
        Platform platform,
        ILockedHost host,
        ContainerWatch watch,
        IDeployReporter reporter,
        TimeProvider time
    )
    {
        (Context, Platform, Host, Watch, Reporter, Time) = (context, platform, host, watch, reporter, time);
        Health = new HealthWaiter(platform.Health, watch, reporter, time);
        Edge = new EdgeCare(platform, host, context, reporter, time);
        Restarts = new RestartPolicies(platform, context.AppName);
        Gate = new SlotGate(this);
        Holding = new Holding(this);
    }

    public DeployContext Context { get; }

    public Platform Platform { get; }

    public ILockedHost Host { get; }

    public ContainerWatch Watch { get; }

    public IDeployReporter Reporter { get; }

    public TimeProvider Time { get; }

    public HealthWaiter Health { get; }

    public EdgeCare Edge { get; }

    public RestartPolicies Restarts { get; }

    public SlotGate Gate { get; }

    public Holding Holding { get; }

    public Application App =>
        Context.App
        ?? throw new InvalidOperationException(
            "This step needs the compose file, which a way back to a kept release does not read."
        );

    /// <summary>The application's things on the host, as they are now.</summary>
    public Task<Snapshot> ObserveAsync(CancellationToken cancellationToken) =>
        Platform.Host.ObserveAsync(Context.AppName, cancellationToken);
}
