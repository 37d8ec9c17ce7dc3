using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Whether two releases at a time fit.</summary>
internal enum ResourceVerdict
{
    /// <summary>Nothing is known, of the host or of what is started.</summary>
    Unknown,

    /// <summary>They do.</summary>
    Fits,

    /// <summary>They do, but the host will swap.</summary>
    Swaps,

    /// <summary>They do not.</summary>
    TooLittle,
}

/// <summary>What was found out of a host's memory for a deploy.</summary>
/// <param name="Needed">For what is started, beside what runs.</param>
/// <param name="Room">For it, without swap.</param>
internal sealed record ResourceJudgement(
    ResourceVerdict Verdict,
    long Needed,
    long Room,
    HostMemory Host,
    ImmutableArray<MemoryNeed> Needs
)
{
    /// <summary>The figures in one line, with what matters first.</summary>
    public string Describe(long freeMegabytes)
    {
        var disk = freeMegabytes == long.MaxValue ? "" : $"; disk: {MemoryText.Of(freeMegabytes * 1024 * 1024)} free";
        return !Host.IsRead ? $"memory: how much the host has free could not be read{disk}"
            : Needs.IsEmpty ? $"memory: {Free}; what is started says no limit, and nothing of it runs yet{disk}"
            : $"memory: about {MemoryText.Of(Needed)} more for a while, {Free}{(Verdict == ResourceVerdict.Swaps ? ", so the host will swap" : "")}{disk} ({Listed})";
    }

    /// <exception cref="ConfigurationException">They do not fit.</exception>
    public void ThrowIfTooLittle(Release release)
    {
        if (Verdict != ResourceVerdict.TooLittle)
            return;
        var biggest = Needs.MaxBy(need => need.Bytes)!.Service;
        throw new ConfigurationException(
            "host's memory",
            $"{release.Tag} needs about {MemoryText.Of(Needed)} beside what runs, and {(Host.IsWhole ? $"the host has {MemoryText.Of(Host.Total)} in all" : $"{MemoryText.Of(Room)} of {MemoryText.Of(Host.Limit ?? Host.Total)} are free")}{(Host.Swap > 0 ? $", with {MemoryText.Of(Host.Swap)} of swap" : "")}; {MemoryText.Of(ResourceJudge.Kept(Host))} are to stay free: {Listed}",
            $"Free some memory on the host, or give it more. If {biggest} takes less than that, write so in the compose file: mem_limit, or deploy.resources.limits.memory, is what it may take, mem_reservation what it usually takes. To deploy all the same: --allow-low-memory."
        );
    }

    private string Free =>
        Host.IsWhole ? $"the host has {MemoryText.Of(Host.Total)} in all" : $"{MemoryText.Of(Room)} free";

    private string Listed => string.Join("; ", Needs.Select(need => need.Describe()));
}

/// <summary>Pure: whether what a deploy starts fits into the host's memory beside what runs.</summary>
internal static class ResourceJudge
{
    private const long MostKept = 128L << 20;

    /// <summary>What is to stay free: a twentieth of the host's memory, 128 MB at most.</summary>
    public static long Kept(HostMemory host) => Math.Min(MostKept, (host.Limit ?? host.Total) / 20);

    /// <param name="uses">What containers of the application take now, by id; those of which nothing is known are not
    /// in it.</param>
    public static ResourceJudgement Judge(
        Application app,
        Snapshot now,
        HostMemory host,
        ImmutableDictionary<string, long> uses
    )
    {
        var needs = MemoryNeed.Of(app, now, uses);
        // What the slot holds that the release goes to is removed first.
        var returned = now[now.Idle].Containers.Sum(container => uses.GetValueOrDefault(container.Id));
        var room = host.Available;
        // A limit around all containers counts with what is known to be in it.
        if (host.Limit is { } limit)
            room = Math.Min(room, Math.Max(0, limit - uses.Values.Sum()));
        room += returned;
        var once = app
            .OneOffs.Select(service =>
                MemoryText.Parse(app.Document["services"].At(service.Name).At("mem_limit")?.ToString()) ?? 0
            )
            .DefaultIfEmpty()
            .Max();
        // A one-off ends before the services start that wait for it.
        var needed = Math.Max(once, needs.Sum(need => need.Bytes));
        var verdict =
            !host.IsRead || needs.IsEmpty ? ResourceVerdict.Unknown
            : needed + Kept(host) <= room ? ResourceVerdict.Fits
            : needed + Kept(host) <= room + host.Swap ? ResourceVerdict.Swaps
            : ResourceVerdict.TooLittle;
        return new ResourceJudgement(verdict, needed, room, host, needs);
    }
}
