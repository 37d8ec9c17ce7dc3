using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Testing;

/// <summary>What plain compose runs of the application, beside its accessories.</summary>
internal sealed partial class MemoryCluster
{
    /// <summary>What users see of it.</summary>
    public const string PlainCompose = "plain compose";

    /// <summary>Has plain compose run the whole application, the services of its release too.</summary>
    /// <param name="file">The compose file that its containers say they are of.</param>
    public void RunUnderCompose(Application app, string file = "/srv/store/docker-compose.yml") =>
        Change(
            "compose up",
            () =>
            {
                foreach (var accessory in app.Accessories)
                    Accessories.Add(
                        MemoryContainers.Accessory(app, accessory.Name) with
                        {
                            Networks = [$"{app.Name}_default"],
                        }
                    );
                foreach (var service in app.Services.Where(service => service.OneOff is null))
                    Accessories.Add(
                        MemoryContainers.Accessory(app, service.Name) with
                        {
                            Id = $"{service.Name}-plain",
                            Restart = "always",
                            Networks = [$"{app.Name}_default"],
                            Labels = ImmutableDictionary<string, string>
                                .Empty.Add("com.docker.compose.project", app.Name)
                                .Add("com.docker.compose.project.config_files", file),
                            Published =
                            [
                                .. PortGate
                                    .Of(app.Routes.Where(route => route.Service == service.Name))
                                    .Select(gate => $"{gate}"),
                            ],
                        }
                    );
            }
        );

    public void StopAdopted(string id) => Adopted(id, container => container with { State = "exited" });

    public void StartAdopted(string id) =>
        Adopted(
            id,
            container =>
                Gates.FirstOrDefault(gate => gate.IsRunning && container.Published.Contains($"{gate.Gate}")) is { } gate
                    ? throw new EngineException($"port {gate.Gate} is already allocated")
                    : container with
                    {
                        State = "running",
                    }
        );

    public void SetAdoptedRestart(string id, string policy) =>
        Adopted(id, container => container with { Restart = policy });

    /// <summary>That no gate gets a port that a container of plain compose still has.</summary>
    public void RefuseTakenPorts(IEnumerable<PortGate> gates)
    {
        if (
            gates.FirstOrDefault(gate =>
                Accessories.Any(container => container.IsRunning && container.Published.Contains($"{gate}"))
            ) is
            { } taken
        )
            throw new EngineException($"port {taken} is already allocated");
    }

    /// <summary>Whether all ports that plain compose published lead to its containers.</summary>
    private bool IsServedByPlainCompose =>
        Accessories.Where(container => !container.Published.IsEmpty).ToList() is { Count: > 0 } publishing
        && publishing.TrueForAll(container => container.IsRunning);

    private bool RunsTwiceBesidePlainCompose =>
        Containers.Any(container =>
            container.IsRunning
            && container.IsExclusive
            && Accessories.Any(other => other.IsRunning && other.Service == container.Service)
        );

    private void Adopted(string id, Func<Container, Container> change)
    {
        var index = Accessories.FindIndex(container => container.Id == id);
        if (index < 0)
            throw new EngineException($"No such container: {id}");
        Accessories[index] = change(Accessories[index]);
    }
}
