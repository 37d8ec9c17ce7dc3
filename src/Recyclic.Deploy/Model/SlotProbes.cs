using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: how often the engine asks a slot's containers how they are.</summary>
public static class SlotProbes
{
    /// <summary>What one probe takes of a processor, roughly: a process is started in the container.</summary>
    private static readonly TimeSpan ProbeCost = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan ShortestStartInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStartInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often Docker probes each of so many containers while they start: all probes together keep about one
    /// processor busy at most.
    /// </summary>
    public static TimeSpan StartIntervalFor(int containers) =>
        TimeSpan.FromTicks(
            Math.Clamp((ProbeCost * containers).Ticks, ShortestStartInterval.Ticks, LongestStartInterval.Ticks)
        );

    /// <summary>
    /// How often the engine probes a container while it starts whose port tells when that is of use: a probe is a
    /// process in it, and takes as much of the host as a hundred requests.
    /// </summary>
    internal static readonly TimeSpan QuietStartInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The port at which it can be seen from outside that a container has come as far as to pass its health check; null:
    /// there is none, or another service of the slot waits for what the engine says of it.
    /// </summary>
    internal static int? ListeningPort(Application app, ReleaseService service, JsonObject model) =>
        !service.HasHealthCheck || app.Routes.IsEmpty || NetworkModes.IsOwn(model) || IsWaitedFor(app, service.Name)
            ? null
            : app.Routes.Where(route => route.Service == service.Name)
                .OrderBy(route => route.IsInside)
                .Select(route => (int?)route.Target)
                .FirstOrDefault()
                ?? HealthCheckPorts
                    .Of(model["healthcheck"]?["test"], service.Name)
                    .Keys.Order()
                    .Select(port => (int?)port)
                    .FirstOrDefault();

    private static bool IsWaitedFor(Application app, string name) =>
        app.Services.Any(other =>
            app.Document["services"].At(other.Name)?["depends_on"].At(name)?["condition"].AsText() == "service_healthy"
        );

    /// <param name="startInterval">Between probes of a container that starts; null: the engine cannot tell the two
    /// apart.</param>
    internal static void Set(JsonObject model, HealthCheck said, TimeSpan? maximumInterval, TimeSpan? startInterval)
    {
        var check = model["healthcheck"] as JsonObject;
        if (check is null)
            model["healthcheck"] = check = [];
        // The engine's defaults, from its documentation: 30 s between probes, 3 retries, no start period.
        var interval = said.Interval ?? TimeSpan.FromSeconds(30);
        if (maximumInterval is { } most && most < interval)
            interval = most;
        var retries = said.Retries ?? 3;
        if (startInterval is not null && said.StartInterval is { } own)
            startInterval = maximumInterval < own ? maximumInterval : own;
        // As long as the file allows a start to take, failures do not count; what it says after that stays as it is.
        var patience = (said.StartPeriod ?? TimeSpan.Zero) + interval * (retries - 1);
        check["interval"] = Text(interval);
        check["start_period"] = Text(startInterval is { } least && patience < least ? least : patience);
        if (startInterval is { } fast)
            check["start_interval"] = Text(fast);
        else
            check.Remove("start_interval");
    }

    internal static string Text(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";
}
