using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Steps;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Pure: the docker commands of a plan, step by step, before it runs. Requests to the lock's agent stand as `agent: …`.
/// </summary>
public static class CommandPreview
{
    /// <summary>Stands for what tells ours from others': it is random, and new each time.</summary>
    private const string Mark = "…";

    /// <summary>A command a line, each with the number of its step.</summary>
    /// <param name="app">Null for a way back that needs no compose file; steps that do have no line then.</param>
    public static IEnumerable<string> Of(DeployPlan plan, Application? app) =>
        plan.Steps.SelectMany(
            (step, index) => For(step.Action, plan, app).Select(command => $"{index + 1, 3}. {command}")
        );

    private static IEnumerable<string> For(DeployStep step, DeployPlan plan, Application? app)
    {
        var now = plan.BasedOn;
        var naming = now.Names;
        return step switch
        {
            StartAccessories { AfterRelease: true } late when app is not null =>
            [
                Docker(DockerCommands.ComposeUp(now.App, late.Services, start: false, dependencies: false)),
                .. Networks(new ConnectNetworks(late.JoinedBy(app)), now, app, naming),
                Docker(DockerCommands.ComposeUp(now.App, late.Services, start: true, dependencies: true)),
            ],
            StartAccessories { OnlyMade: true } made =>
            [
                Docker(DockerCommands.ComposeUp(now.App, made.Services, start: false, dependencies: false)),
            ],
            OpenDoors open => Doors(open.Doors, now, naming),
            RelabelDoors relabel => relabel.Doors.SelectMany(door => Relabelled(door, now, naming)),
            CloseDoors close => Closing(close.Services.Select(naming.DoorContainer)),
            StartAccessories accessories =>
            [
                Docker(DockerCommands.ComposeUp(now.App, accessories.Services, start: true, dependencies: true)),
            ],
            ConnectNetworks connect when app is not null => Networks(connect, now, app, naming),
            PutCertificates put => put.Certificates.Select(one => $"agent: certificate {one.Name} {one.Fingerprint}"),
            PutStandIns standIns => standIns.Certificates.Select(one => $"agent: certificate {one.Name} (self-signed)"),
            ObtainCertificates obtain =>
            [
                Docker(EdgeCommands.Acme(naming, Mark)),
                .. obtain.Wanted.Select(one =>
                    $"agent: challenges, then adopt {one.Certificate.Name}, for {one.Certificate.Host}"
                ),
            ],
            PrepareEdge edge => Edge(edge, now, naming),
            OpenGates open => Gates(open, now, naming),
            TakeOverPorts take => TakeOver(take, naming),
            StopAdopted stop => [Docker(DockerCommands.Stop(stop.Containers.Select(container => container.Name)))],
            CloseGates close => Closing(close.Gates.Select(naming.GateContainer)),
            ClearSlot clear => DockerCommands
                .RemoveRelease([
                    .. now[clear.Slot].Containers.Select(container => (container.Name, container.RenewsVolumes)),
                ])
                .Select(Docker),
            RunOneOff run =>
            [
                Docker(
                    DockerCommands.ComposeUp(
                        naming.SlotProject(run.Slot),
                        [run.Service],
                        start: true,
                        dependencies: true
                    )
                ),
            ],
            StartFirst first =>
            [
                Docker(
                    DockerCommands.ComposeUp(
                        naming.SlotProject(first.Slot),
                        [first.Service],
                        start: true,
                        dependencies: true
                    )
                ),
            ],
            StartRelease start when app is not null => DataVolumes
                .New(start.Volumes, now)
                .Select(volume => Docker(DockerCommands.CreateVolume(now.App, volume)))
                .Concat(Files(start, app, naming))
                .Concat(Joined(start, app, naming))
                .Concat(Release(start, app, naming)),
            ResumeRelease resume => now.Together(resume.Slot)
                .Select(container => Docker(DockerCommands.Start(container.Name))),
            HandOver handOver => HandOverOf(handOver, now, app, naming),
            ShiftShare shift => [$"agent: share {shift.Share}"],
            CutOver cutOver => [$"agent: share {cutOver.Slot.FullShare()}"],
            Commit commit => CommitOf(commit, now, app, naming),
            StopRelease stop =>
            [
                Docker(
                    DockerCommands.Stop(
                        Names(now[stop.Slot].Containers.Where(container => container.IsRunning && container.IsGated))
                    )
                ),
            ],
            PruneImages prune => prune.References.Select(reference => Docker(DockerCommands.RemoveImage(reference))),
            _ => [],
        };
    }

    private static IEnumerable<string> Networks(ConnectNetworks step, Snapshot now, Application app, Naming naming)
    {
        string[] slots = [naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green)];
        foreach (var network in naming.Networks.Where(network => !now.Networks.Contains(network)))
            yield return Docker(DockerCommands.CreateNetwork(now.App, network, Mark, SlotNetworks.OptionsOf(app)));
        foreach (var network in slots)
        foreach (var service in step.Accessories)
            yield return Docker(
                DockerCommands.Connect(
                    network,
                    now.Accessories.FirstOrDefault(container => container.Service == service)?.Name
                        ?? $"{now.App}-{service}-1",
                    ServiceNames.NamesOf(app.Document, service)
                )
            );
    }

    private static IEnumerable<string> Edge(PrepareEdge step, Snapshot now, Naming naming)
    {
        yield return $"agent: configure {step.Configuration.Hash}";
        if (step.Change == EdgeChange.Reload)
            yield return "agent: reload";
        if (step.Change == EdgeChange.Replace)
        {
            yield return "agent: handover";
            yield return Docker(DockerCommands.Rename(naming.EdgeContainer, naming.ReplacedEdge(now.Edge.Id)));
        }
        if (step.Change is EdgeChange.Create or EdgeChange.Replace)
        {
            var before = now.ReplacedEdges.Select(edge => edge.Id).Append(now.Edge.Id).Where(id => id.Length > 0);
            yield return Docker(EdgeCommands.Create(naming, Mark, before));
            foreach (var network in naming.Networks.Skip(1))
                yield return Docker(DockerCommands.Connect(network, naming.EdgeContainer));
        }
        if (step.Change is not (EdgeChange.Reload or EdgeChange.Settle))
            yield return Docker(DockerCommands.Start(naming.EdgeContainer));
        if (step.Change == EdgeChange.Replace && now.Edge.Ports.IsEmpty)
        {
            yield return Docker(DockerCommands.SetRestart("no", [naming.ReplacedEdge(now.Edge.Id)]));
            yield return Docker(DockerCommands.EndSoftly(naming.ReplacedEdge(now.Edge.Id)));
        }
    }

    private static IEnumerable<string> TakeOver(TakeOverPorts step, Naming naming)
    {
        foreach (var gate in step.Gates)
            yield return Docker(EdgeCommands.Gate(naming, gate, Mark));
        if (!step.From.IsEmpty)
            yield return Docker(DockerCommands.Stop(step.From.Select(container => container.Name)));
        foreach (var gate in step.Gates)
            yield return Docker(DockerCommands.Start(naming.GateContainer(gate)));
    }

    private static IEnumerable<string> Closing(IEnumerable<string> containers) =>
        [Docker(DockerCommands.Stop(containers)), Docker(DockerCommands.Remove(containers))];

    private static IEnumerable<string> Gates(OpenGates step, Snapshot now, Naming naming)
    {
        foreach (var gate in step.Gates)
        {
            yield return $"agent: door {gate.Name} {gate.Hash}";
            if (now.Gates.All(there => there.Gate != gate))
                yield return Docker(EdgeCommands.Gate(naming, gate, Mark));
        }
        IEnumerable<string> instead = step.FromEdge
            ? [naming.ReplacedEdge(now.Edge.Id)]
            : step.Instead.Select(naming.GateContainer);
        if (step.HasGap)
            yield return Docker(DockerCommands.Kill(instead));
        foreach (var gate in step.Gates)
            yield return Docker(
                now.Gates.Any(there => there.Gate == gate && there.IsRunning)
                    ? DockerCommands.TakeUp(naming.GateContainer(gate))
                    : DockerCommands.StartNow(naming.GateContainer(gate))
            );
        if (step.HasGap)
            yield return Docker(DockerCommands.Remove(instead));
    }

    private static IEnumerable<string> Files(StartRelease step, Application app, Naming naming)
    {
        if (app.Files.IsEmpty || app.Files.Kept is not null)
            yield break;
        yield return Docker(
            DockerCommands.CreateVolume(naming, app.Files, naming.FilesVolume(step.Release.Id), step.Release.Id, Mark)
        );
        yield return Docker(
            DockerCommands.CreateFiller(
                naming,
                naming.FilesVolume(step.Release.Id),
                "/files",
                EdgeImage.Reference,
                Mark
            )
        );
        yield return Docker(DockerCommands.CopyInto(Mark, "/files"));
    }

    private static IEnumerable<string> Doors(ImmutableArray<Door> doors, Snapshot now, Naming naming)
    {
        foreach (var door in doors)
        {
            yield return $"agent: door {door.Service} {door.Hash}";
            var there = now.Doors.FirstOrDefault(found => found.Service == door.Service);
            if (there is null)
                yield return Docker(EdgeCommands.Door(naming, door, Mark));
            foreach (var network in door.ToJoin(there))
                yield return Docker(DockerCommands.Connect(network, naming.DoorContainer(door.Service)));
            yield return Docker(
                there?.IsRunning == true
                    ? DockerCommands.TakeUp(naming.DoorContainer(door.Service))
                    : DockerCommands.StartNow(naming.DoorContainer(door.Service))
            );
        }
    }

    private static IEnumerable<string> Relabelled(Door door, Snapshot now, Naming naming)
    {
        var (name, aside) = (naming.DoorContainer(door.Service), $"{naming.DoorContainer(door.Service)}.{Mark}");
        return Doors([door], now with { Doors = [] }, naming)
            .Prepend(Docker(DockerCommands.Rename(name, aside)))
            .Append(Docker(DockerCommands.Remove([aside])));
    }

    /// <summary>Containers whose names on other networks are their doors' are made first and then put there.</summary>
    private static IEnumerable<string> Joined(StartRelease step, Application app, Naming naming)
    {
        if (Model.Doors.NamelessNetworks(app) is not { Count: > 0 } networks)
            yield break;
        yield return Docker(
            DockerCommands.ComposeUp(
                naming.SlotProject(step.Slot),
                app.Overlapping.Concat(app.Exclusives).Select(service => service.Name),
                start: false,
                dependencies: false
            )
        );
        foreach (var service in app.Services.Where(service => networks.Contains(service.Name)))
        foreach (var number in Enumerable.Range(1, service.Replicas))
        foreach (var network in networks[service.Name])
            yield return Docker(
                DockerCommands.Connect(
                    network,
                    ServiceNames.ContainerName(app, service.Name, step.Slot, naming, number)
                )
            );
    }

    private static IEnumerable<string> Release(StartRelease step, Application app, Naming naming)
    {
        var project = naming.SlotProject(step.Slot);
        if (app.Overlapping.Any())
            yield return Docker(
                DockerCommands.ComposeUp(
                    project,
                    app.Overlapping.Select(service => service.Name),
                    start: true,
                    dependencies: true
                )
            );
        if (app.Exclusives.Concat(app.OneOffs).ToList() is { Count: > 0 } created)
            yield return Docker(
                DockerCommands.ComposeUp(
                    project,
                    created.Select(service => service.Name),
                    start: false,
                    dependencies: false
                )
            );
    }

    private static IEnumerable<string> HandOverOf(HandOver step, Snapshot now, Application? app, Naming naming)
    {
        if (step.From is { } from)
            yield return Docker(
                DockerCommands.Stop(
                    Names(now[from].Containers.Where(container => step.Services.Contains(container.Service)))
                )
            );
        foreach (var name in NewNames(step.To, now, app, naming, service => step.Services.Contains(service)))
            yield return Docker(DockerCommands.Start(name));
    }

    private static IEnumerable<string> CommitOf(Commit step, Snapshot now, Application? app, Naming naming)
    {
        yield return $"agent: commit {now.Generation} {step.Release.Id}";
        var policies = app is null
            ? now[step.Slot]
                .Containers.Where(container => !container.IsOneOff)
                .GroupBy(
                    container => container.Label(Naming.RestartLabel) ?? "unless-stopped",
                    container => container.Service
                )
            : app.Services.Except(app.OneOffs).GroupBy(service => service.Restart, service => service.Name);
        foreach (var policy in policies)
            yield return Docker(
                DockerCommands.SetRestart(policy.Key, NewNames(step.Slot, now, app, naming, policy.Contains))
            );
        if (!now[step.Slot.Other()].IsEmpty)
            yield return Docker(DockerCommands.SetRestart("no", Names(now[step.Slot.Other()].Containers)));
    }

    /// <summary>
    /// The containers of the slot that is being filled: those that are there for a way back, those that compose will
    /// make otherwise.
    /// </summary>
    private static IEnumerable<string> NewNames(
        Slot slot,
        Snapshot now,
        Application? app,
        Naming naming,
        Func<string, bool> isWanted
    ) =>
        app is null
            ? Names(now[slot].Containers.Where(container => isWanted(container.Service)))
            : app
                .Services.Where(service => isWanted(service.Name))
                .SelectMany(service =>
                    Enumerable
                        .Range(1, service.Replicas)
                        .Select(number => ServiceNames.ContainerName(app, service.Name, slot, naming, number))
                );

    private static IEnumerable<string> Names(IEnumerable<Container> containers) =>
        containers.Select(container => container.Name);

    private static string Docker(IEnumerable<string> arguments) => Command.Of("docker", arguments).ToString();
}
