using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>Pure: what on the host must hold before a plan is made. Anything that does not is refused with nothing touched.</summary>
public static class Preconditions
{
    public const long LeastFreeMegabytes = 200;

    /// <exception cref="ConfigurationException">An accessory that exists does not work.</exception>
    public static void Check(Application app, Snapshot now)
    {
        var problems = app.Accessories
            .SelectMany(accessory => now.Accessories.Where(container => container.Service == accessory.Name && (!container.IsRunning || container.Health == "unhealthy")))
            .Select(container => new ConfigurationProblem($"accessory {container.Service}",
                $"{container.Name} is {(container.IsRunning ? container.Health : $"{container.State} (exit code {container.ExitCode})")}",
                $"See `docker logs {container.Name}`, mend it and start it: `docker start {container.Name}`. A deploy never restarts an accessory by itself."))
            .ToList();
        if (problems.Count > 0) throw new ConfigurationException([.. problems]);
    }

    /// <exception cref="ConfigurationException">Somebody else has a port that the edge is to publish.</exception>
    public static void CheckPorts(IReadOnlyCollection<string> holders)
    {
        if (holders.Count > 0)
            throw new ConfigurationException([.. holders.Select(holder => new ConfigurationProblem("published port", holder, "Stop it, or publish another port in the compose file."))]);
    }

    public static ConfigurationException DiskFull(long freeMegabytes) => new("engine's disk",
        $"only {freeMegabytes} MB are free, fewer than {LeastFreeMegabytes}", "Free some space, for example `docker image prune` and `docker builder prune`.");
}
