using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>All the verbs of a deploy. A step is data: what it does is in <c>Running/StepExecutor</c>; every one is idempotent.</summary>
public abstract record DeployStep
{
    private protected DeployStep()
    {
    }

    /// <summary>The step in the imperative, as a plan prints it.</summary>
    public abstract string Describe();

    public sealed override string ToString() => Describe();

    private protected static string List(IEnumerable<string> names) => string.Join(", ", names);

    private protected static string Time(TimeSpan time) => time.TotalSeconds >= 120 ? $"{time.TotalMinutes:0.#} min" : $"{time.TotalSeconds:0.#} s";
}

/// <summary>Creates accessories that do not exist yet; existing ones are left alone.</summary>
public sealed record StartAccessories(ImmutableArray<string> Services) : DeployStep
{
    public override string Describe() => $"start accessories {List(Services)}";
}

/// <summary>Removes accessories that this very deploy created, with the volumes that it created for them.</summary>
public sealed record RemoveAccessories(ImmutableArray<string> Services) : DeployStep
{
    public override string Describe() => $"remove accessories {List(Services)}";
}

/// <summary>Creates the slot networks and the edge's, and connects accessories to the slots under their own names.</summary>
public sealed record ConnectNetworks(ImmutableArray<string> Accessories) : DeployStep
{
    public override string Describe() => Accessories.IsEmpty ? "create networks" : $"connect {List(Accessories)} to both slots";
}

public sealed record RemoveNetworks : DeployStep
{
    public override string Describe() => "remove networks";
}

/// <summary>Joins containers to their networks anew, under the names that they have there, where the edge does not find them any more.</summary>
public sealed record RestoreNames(Slot Slot) : DeployStep
{
    public override string Describe() => $"connect {Slot.Name()} and the accessories to their networks again";
}

public enum EdgeChange
{
    Create,
    Replace,
    Start,
    Reload,
}

/// <summary>Makes the edge run this configuration.</summary>
public sealed record PrepareEdge(EdgeChange Change, EdgeConfiguration Configuration) : DeployStep
{
    public override string Describe() => Change switch
    {
        EdgeChange.Create => $"start edge on {List(Configuration.Ports)}",
        EdgeChange.Replace => $"replace edge to publish {List(Configuration.Ports)} (about a second without service)",
        EdgeChange.Start => $"start the stopped edge on {List(Configuration.Ports)}",
        _ => "reload edge with new routes (no connection is closed)",
    };
}

/// <summary>Starts the edge's container again, with the configuration that it has.</summary>
public sealed record ResumeEdge : DeployStep
{
    public override string Describe() => "start the stopped edge";
}

public sealed record RemoveEdge : DeployStep
{
    public override string Describe() => "remove edge";
}

/// <summary>Removes what an earlier release left in the idle slot.</summary>
public sealed record ClearSlot(Slot Slot, string? Was) : DeployStep
{
    public override string Describe() => $"clear {Slot.Name()}{(Was is null ? "" : $" (held {Was})")}";
}

/// <summary>Starts a release in a slot; exclusive services are created but not started.</summary>
public sealed record StartRelease(Slot Slot, Release Release) : DeployStep
{
    /// <summary>Where its services keep what they write without the file naming a volume; made if they are not there.</summary>
    public ImmutableArray<DataVolume> Volumes { get; init; } = [];

    public override string Describe() => $"start {Slot.Name()} with {Release.Tag}";
}

/// <summary>Starts the stopped containers of a slot again.</summary>
public sealed record ResumeRelease(Slot Slot, Release Release) : DeployStep
{
    public override string Describe() => $"start {Slot.Name()} again with {Release.Tag}";
}

/// <summary>The health gate: all containers of these services healthy and known to the edge, or a reason why not.</summary>
public sealed record AwaitHealthy(Slot Slot, ImmutableArray<string> Services, TimeSpan Deadline) : DeployStep
{
    public override string Describe() => $"gate: {List(Services)} in {Slot.Name()} healthy (in {Time(Deadline)})";
}

/// <summary>Hands an exclusive service over: the old one stops, then the new one starts and passes the gate.</summary>
public sealed record HandOver(string Service, Slot? From, Slot To, TimeSpan Deadline) : DeployStep
{
    public override string Describe() => From is { } from
        ? $"hand over {Service}: stop in {from.Name()}, start in {To.Name()}, healthy (in {Time(Deadline)})"
        : $"start {Service} in {To.Name()}, healthy (in {Time(Deadline)})";
}

/// <summary>Moves all new traffic of all services to a slot, by the one number that the edge obeys.</summary>
public sealed record CutOver(Slot Slot) : DeployStep
{
    public override string Describe() => $"cut over: all traffic to {Slot.Name()}";
}

/// <summary>Records a release as the one that users get; from here on its containers restart by themselves.</summary>
public sealed record Commit(Release Release, Slot Slot) : DeployStep
{
    public override string Describe() => $"commit {Release.Tag} on {Slot.Name()}";
}

/// <summary>Gives the containers of the slot that serves their restart policy, and takes it from the others: what a commit does besides, when that was cut short.</summary>
public sealed record SetRestarts(Slot Slot) : DeployStep
{
    public override string Describe() => $"let {Slot.Name()} restart by itself, {Slot.Other().Name()} not";
}

/// <summary>Takes the first commit of all back: there is no release before it.</summary>
public sealed record Withdraw(Release Release) : DeployStep
{
    public override string Describe() => $"withdraw the commit of {Release.Tag}";
}

/// <summary>Waits until a slot has no open session, at most this long; what is still open then is cut when the slot stops.</summary>
public sealed record Drain(Slot Slot, TimeSpan Deadline) : DeployStep
{
    public override string Describe() => $"drain {Slot.Name()} (at most {Time(Deadline)})";
}

/// <summary>Watches a slot that serves until its containers have lived this long and passed a health check at that age.</summary>
public sealed record Watch(Slot Slot, TimeSpan Age) : DeployStep
{
    public override string Describe() => $"watch {Slot.Name()} until it has been up {Time(Age)} and is healthy";
}

public sealed record StopRelease(Slot Slot) : DeployStep
{
    public override string Describe() => $"stop {Slot.Name()} (its containers stay)";
}

public sealed record RemoveRelease(Slot Slot) : DeployStep
{
    public override string Describe() => $"remove {Slot.Name()}";
}

/// <summary>Removes image tags of releases beyond those kept.</summary>
public sealed record PruneImages(ImmutableArray<string> References, int Keep) : DeployStep
{
    public override string Describe() => $"remove images {List(References)} (keeping {Keep} releases)";
}
