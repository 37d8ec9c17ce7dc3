using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Testing;

/// <summary>Its containers, as an engine has them.</summary>
internal sealed partial class MemoryCluster
{
    public void Start(string id)
    {
        var container = Find(id);
        if (container is null || container.IsRunning)
            return;
        Volumes.Write(container);
        Replace(
            container with
            {
                Addresses = container.Networks.ToImmutableDictionary(network => network, _ => AddressOf(container)),
                State = "running",
                Health = container.Health == "none" ? "none" : "starting",
                StartedAt = time.GetUtcNow(),
                ExitCode = 0,
            }
        );
        Publish(container, ContainerEventKind.Started);
    }

    /// <summary>Not the form of an address, but as much its container's own.</summary>
    private static string AddressOf(Container container) => $"address of {container.Id}";

    public void StartExisting(string id)
    {
        var container = Find(id) ?? throw new EngineException($"No such container: {id}");
        if (container.Networks.Except(Networks).FirstOrDefault() is { } missing)
            throw new EngineException($"network {missing} not found");
        Start(id);
    }

    public void StopExisting(string id) => Stop((Find(id) ?? throw new EngineException($"No such container: {id}")).Id);

    public void Create(Container container)
    {
        if (Find(container.Name) is not null)
            return;
        if (RemovedImages.Contains(container.Image))
            throw new EngineException($"No such image: {container.Image}");
        if (container.Networks.Except(Networks).FirstOrDefault() is { } missing)
            throw new EngineException($"network {missing} not found");
        // A container that is made again is another one: what is still told of the first says nothing about it.
        var (id, again) = (container.Id, 1);
        while (!_ids.Add(id))
            id = $"{container.Id}~{++again}";
        container = container with { Id = id };
        Containers.Add(container with { Mounts = Volumes.Mount(container) });
        Restarts[id] = "no";
    }

    public void Remove(string id)
    {
        Stop(id, 137);
        var gone = Find(id);
        Containers.RemoveAll(container => container.Id == id);
        if (gone is { RenewsVolumes: true })
            Volumes.RemoveAnonymousOf(gone, Containers);
    }

    public void SetRestart(string id, string policy) =>
        Restarts[(Find(id) ?? throw new EngineException($"No such container: {id}")).Id] = policy;

    /// <summary>An image that a container was made from stays, as with the engine.</summary>
    public bool RemoveImage(string reference)
    {
        var digest = MemoryImages.DigestOf(reference);
        if (Containers.Any(container => container.Image == digest))
            return false;
        RemovedImages.UnionWith([reference, digest]);
        return true;
    }

    /// <summary>
    /// A container ends by itself: unlike one that was stopped it starts again if its policy says so.
    /// </summary>
    public void Crash(string id, int exitCode = 137)
    {
        Stop(id, exitCode);
        Crashed.Add(id);
    }

    public void Stop(string id, int exitCode = 0)
    {
        var container = Find(id);
        if (container is not null)
            Crashed.Remove(container.Id);
        if (container is not { IsRunning: true })
            return;
        Replace(container with { State = "exited", ExitCode = exitCode });
        Publish(container, ContainerEventKind.Died, exitCode);
    }

    private Container? Find(string id) => Containers.Find(container => container.Id == id || container.Name == id);

    private void Replace(Container container) =>
        Containers[Containers.FindIndex(other => other.Id == container.Id)] = container;

    public ImmutableArray<Container> Of(Slot slot) =>
        [
            .. Containers
                .Where(container => container.Label(Naming.SlotLabel) == slot.Name())
                .Select(container => container with { Restart = Restarts.GetValueOrDefault(container.Id, "no") }),
        ];

    public Dictionary<string, string> Restarts { get; } = [];

    /// <summary>By a container's id: ended by itself, so that its restart policy applies.</summary>
    public HashSet<string> Crashed { get; } = [];

    public HashSet<string> RemovedImages { get; } = [];

    /// <summary>Whether there is a registry that has all images, but for those that are lost.</summary>
    public bool HasRegistry { get; init; }

    /// <summary>Images that a registry does not have either, by its digest of them.</summary>
    public HashSet<string> LostImages { get; } = [];

    public bool IsLost(string reference) =>
        LostImages.Contains(
            reference.Contains('@') ? MemoryImages.DigestOf(reference) : MemoryImages.RegistryDigestOf(reference)
        );
}
