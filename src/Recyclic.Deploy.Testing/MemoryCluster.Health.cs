using System.Threading.Channels;

namespace Recyclic.Deploy.Testing;

/// <summary>How its containers fare, and what is told of it.</summary>
internal sealed partial class MemoryCluster
{
    /// <summary>By an image's digest, for example `sha256:api-1.4.2`.</summary>
    public Dictionary<string, Fate> Fates { get; } = [];

    /// <summary>What containers log, by an image's digest; default: a good-bye.</summary>
    public Dictionary<string, string> Says { get; } = [];

    /// <summary>A slot in which routed containers sicken in service, whatever their image.</summary>
    public Slot? SickSlot { get; set; }

    /// <summary>How often containers were asked from outside, by id.</summary>
    public Dictionary<string, int> Asked { get; } = [];

    /// <summary>The health checks of images, by reference.</summary>
    public Dictionary<string, HealthCheck> ImageChecks { get; } = [];

    /// <summary>The kernel kills something in a container for want of memory; it runs on.</summary>
    public void RunOutOfMemory(Container container)
    {
        lock (Gate)
            Publish(container, ContainerEventKind.OutOfMemory);
    }

    public void Sicken(string id) => SetHealth(Find(id)!, "unhealthy", ContainerEventKind.Unhealthy);

    /// <summary>Time passes for containers that are starting: each meets its fate.</summary>
    public void Pass()
    {
        foreach (var id in Crashed.Where(id => Restarts.GetValueOrDefault(id, "no") != "no").ToList())
        {
            Crashed.Remove(id);
            Start(id);
        }
        foreach (var container in Containers.Where(container => container.IsRunning).ToList())
        {
            var fate = Fates.GetValueOrDefault(container.Image);
            if (fate == Fate.Exits)
                Crash(container.Id, 1);
            else if (container.IsOneOff && fate != Fate.StaysStarting)
                Stop(
                    container.Id,
                    container.Service == Naming.SmokeService ? CommandCodes.GetValueOrDefault(container.Image) : 0
                );
            else if (container.Health == "starting" && fate is (Fate.BecomesHealthy or Fate.SickensInService))
                SetHealth(container, "healthy", ContainerEventKind.Healthy);
            else if (container.Health == "starting" && fate == Fate.TurnsUnhealthy)
                SetHealth(container, "unhealthy", ContainerEventKind.Unhealthy);
        }
    }

    public bool Probe(string id)
    {
        if (Find(id) is not { IsRunning: true } container)
            return false;
        if (container.Health == "none")
            return true;
        if (
            Fates.GetValueOrDefault(container.Image) == Fate.SickensInService
            || container.Label(Naming.SlotLabel) == SickSlot?.Name()
        )
            SetHealth(container, "unhealthy", ContainerEventKind.Unhealthy);
        return Find(id)!.IsHealthy;
    }

    /// <summary>Asks from the edge: why a container does not do its work, or null.</summary>
    public string? Ask(string id, OutsideProbe probe)
    {
        lock (Gate)
        {
            if (Find(id) is not { } container)
                return "is gone";
            if (!container.IsRunning)
                return $"is {container.State}";
            if (!Edge.IsRunning)
                return "cannot be asked: the edge does not run";
            if (!container.Networks.Intersect(Edge.Networks).Any())
                return "cannot be asked: it shares no network with the edge";
            Asked[container.Id] = Asked.GetValueOrDefault(container.Id) + 1;
            var works = Fates.GetValueOrDefault(container.Image) switch
            {
                Fate.BecomesHealthy => true,
                Fate.SickensInService => Asked[container.Id] <= probe.Needed,
                _ => false,
            };
            return works ? null : probe.Judge(false, "HTTP/1.1 503 Service Unavailable", "");
        }
    }

    /// <summary>The events since a moment and from now on.</summary>
    public ChannelReader<ContainerEvent> Listen(DateTimeOffset since)
    {
        lock (Gate)
        {
            var channel = Channel.CreateUnbounded<ContainerEvent>();
            foreach (var happened in _events.Where(happened => happened.At >= since))
                channel.Writer.TryWrite(happened);
            _watchers.Add(channel);
            return channel.Reader;
        }
    }

    private void SetHealth(Container container, string health, ContainerEventKind kind)
    {
        Replace(container with { Health = health });
        Publish(container, kind);
    }

    private void Publish(Container container, ContainerEventKind kind, int exitCode = 0)
    {
        var happened = new ContainerEvent(
            container.Id,
            container.Name,
            container.Service,
            Slots.Parse(container.Label(Naming.SlotLabel)),
            kind,
            exitCode,
            time.GetUtcNow()
        );
        _events.Add(happened);
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(happened);
    }
}
