using Recyclic.Deploy.Model;

namespace Recyclic.Components.Reports;

/// <summary>Pure: what users get, by what the edge itself says and not by what was meant.</summary>
internal static class ServedReport
{
    /// <summary>For example `v1 on blue`, or `no answer: the edge does not run`.</summary>
    public static string Of(Snapshot now)
    {
        if (now is { IsRouted: false, Current: { } current })
            return OfSlot(now, current.Slot, [.. now[current.Slot].Containers.Where(container => !container.IsOneOff)]);
        if (!now.Edge.IsRunning)
            return $"no answer: the edge {(now.Edge.Exists ? "does not run" : "is not there")}";
        if (now.Share is not { } share)
            return "no answer that could be told: the edge does not say where it sends requests";
        if (share is not (0 or 100))
            return $"{share}% of them green, the others blue";
        var slot = share == 0 ? Slot.Blue : Slot.Green;
        var containers = now[slot].Needed.ToList();
        if (containers.Count == 0)
            return $"no answer: the edge sends requests to {slot.Name()}, which is empty";
        if (now.Unreached is { IsEmpty: false } unreached)
            return $"no answer from {string.Join(", ", unreached)}: the edge does not find the containers of {slot.Name()}";
        return OfSlot(now, slot, containers);
    }

    private static string OfSlot(Snapshot now, Slot slot, List<Container> containers)
    {
        if (containers.Count == 0)
            return $"nothing runs: {slot.Name()} is empty";
        var tag = PrintableText.Of(now[slot].Labelled?.Tag ?? containers[0].Label(Naming.TagLabel) ?? "?", 130);
        var broken = containers.Where(container => !container.IsHealthy).ToList();
        return broken.Count == 0
            ? $"{tag} on {slot.Name()}"
            : $"{tag} on {slot.Name()}, where {string.Join(", ", broken.Select(container => $"{PrintableText.Of(container.Service, 60)} is {(container.IsRunning ? container.Health : container.State)}"))}";
    }
}
