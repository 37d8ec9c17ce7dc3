using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Planning;

/// <summary>How a deploy goes about it.</summary>
public sealed record DeployOptions
{
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(120);

    private readonly TimeSpan? _timeout;

    /// <summary>
    /// How long the health gate waits in all; default 120 s, or longer where a service's own health check allows its
    /// start to take longer.
    /// </summary>
    public TimeSpan DeployTimeout
    {
        get => _timeout ?? UsualTimeout;
        init => _timeout = value;
    }

    /// <summary>
    /// The same, with a gate that waits as long as these starts may take. What was asked for stays as it is.
    /// </summary>
    /// <param name="patiences">Null: nothing is known of that one.</param>
    public DeployOptions Allowing(IEnumerable<TimeSpan?> patiences) =>
        _timeout is null && patiences.Max() is { } longest && longest > UsualTimeout
            ? this with
            {
                DeployTimeout = longest,
            }
            : this;

    /// <summary>
    /// The same for a deploy of an application: a gate that waits as long as its services may take to start, and
    /// nothing is left running of a release that its contract migration leaves without its database.
    /// </summary>
    internal DeployOptions For(Application app)
    {
        var options = Allowing(app.Services.Select(service => service.Patience));
        return app.Services.Any(service => service.IsContract) ? options with { KeepWarm = false } : options;
    }

    /// <summary>At most this long between health probes; default: as the compose file says.</summary>
    public TimeSpan? HealthCheckInterval { get; init; }

    /// <summary>How long open sessions of the old release may last after the cutover; default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How old, counted from its start, a healthy container must be before its deploy is over; default 2.5 s, 0: no
    /// watch.
    /// </summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// How long after the cutover a release is judged by what the one before it did in its last hour; on a breach
    /// everybody goes back. Default 0: it is not. Only a deploy has it.
    /// </summary>
    public TimeSpan WatchFor { get; init; }

    /// <summary>
    /// Leave the previous release running, without traffic, until the next deploy or `Retire`; default false.
    /// </summary>
    public bool KeepWarm { get; init; }

    /// <summary>
    /// How long the previous release is left running for the sake of pages that were open before; whoever asked for it
    /// retires it then. Null: nobody asked.
    /// </summary>
    public TimeSpan? KeepAssets { get; init; }

    /// <summary>
    /// Whether it goes on where the host seems to have too little memory for two releases at a time, and where something
    /// else than the new release is killed for want of it; default false.
    /// </summary>
    public bool AllowLowMemory { get; init; }

    /// <summary>What is tried of a new release before it has traffic and after; default: nothing.</summary>
    public SmokeTests SmokeTests { get; init; } = SmokeTests.None;

    /// <summary>What else runs before and after the phases; default: nothing.</summary>
    public DeployHooks Hooks { get; init; } = DeployHooks.None;

    /// <summary>How a release earns its traffic; null: it gets all of it at once. Only a deploy has one.</summary>
    public CanaryTerms? Canary { get; init; }

    /// <summary>
    /// How many releases' images stay on the host; default 5. What serves and what a rollback needs always stays.
    /// </summary>
    public int KeepReleases { get; init; } = 5;
}
