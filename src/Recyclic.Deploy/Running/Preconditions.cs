using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>Pure: what on the host must hold before a plan is made. Anything that does not is refused with nothing touched.</summary>
public static class Preconditions
{
    public const long LeastFreeMegabytes = 200;

    /// <exception cref="ConfigurationException">An accessory that exists does not work, or a port changes its kind.</exception>
    public static void Check(Application app, Snapshot now)
    {
        if (now.FreeMegabytes < LeastFreeMegabytes) throw DiskFull(now.FreeMegabytes);
        var accessories = app.Accessories
            .SelectMany(accessory => now.Accessories.Where(container => container.Service == accessory.Name && (!container.IsRunning || container.Health == "unhealthy") && !HasDoneItsWork(app, container)))
            .Select(container => new ConfigurationProblem($"accessory {container.Service}",
                $"{container.Name} is {(container.IsRunning ? container.Health : $"{container.State} (exit code {container.ExitCode})")}",
                $"See `docker logs {container.Name}`, mend it and start it: `docker start {container.Name}`. A deploy never restarts an accessory by itself."));
        var serving = now.Current is { } current ? now[current.Slot].Routes : [];
        var changed = from route in app.Routes
                      where serving.Any(old => old.Published == route.Published && old.Mode != route.Mode)
                      group route by route.Published into port
                      select new ConfigurationProblem($"port {port.Key}", $"{port.First().Service} serves it as {port.First().Mode.ToString().ToLowerInvariant()}, but the release that users have now does not; one port cannot be both",
                          "Publish the new kind on another port.");
        var problems = accessories.Concat(changed).ToImmutableArray();
        if (!problems.IsEmpty) throw new ConfigurationException(problems);
    }

    /// <exception cref="ConfigurationException">Somebody else has a port that the edge is to publish.</exception>
    public static void CheckPorts(IReadOnlyCollection<string> holders)
    {
        if (holders.Count > 0)
            throw new ConfigurationException([.. holders.Select(holder => new ConfigurationProblem("published port", holder, "Stop it, or publish another port in the compose file."))]);
    }

    /// <summary>An accessory that others wait for to complete, and that has.</summary>
    private static bool HasDoneItsWork(Application app, Container container) =>
        container is { State: "exited", ExitCode: 0 } && app.Document["services"] is JsonObject services && ComposeReader.MustComplete(services, container.Service);

    public static ConfigurationException DiskFull(long freeMegabytes) => new("engine's disk",
        $"only {freeMegabytes} MB are free, fewer than {LeastFreeMegabytes}", "Free some space, for example `docker image prune` and `docker builder prune`.");
}
