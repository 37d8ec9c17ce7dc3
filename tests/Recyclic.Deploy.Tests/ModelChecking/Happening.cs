namespace Recyclic.Deploy.Tests.ModelChecking;

/// <summary>One thing that happens to a host: a person's command, or something that breaks or is mended.</summary>
internal abstract record Happening;

internal enum Verb
{
    Deploy,
    Rollback,
    Retire,
    Recover,
    Status,
    Promote,
    Abort,
}

/// <param name="Tag">The release; null for commands that need none, and for a rollback to the previous one.</param>
internal sealed record Does(Verb Verb, string? Tag = null, bool KeepWarm = false, Fault? Fault = null) : Happening
{
    /// <summary>Whether users get the release share by share.</summary>
    public bool Canary { get; init; }

    public override string ToString() =>
        $"{Verb}{(Tag is null ? "" : " " + Tag)}{(KeepWarm ? " --keep-warm" : "")}{(Canary ? " --canary" : "")}{(Fault is null ? "" : $", {Fault}")}";
}

internal sealed record Breaks(Damage Damage, string Subject) : Happening
{
    public override string ToString() =>
        Damage switch
        {
            Damage.Crashes => $"a serving container of {Subject} crashes",
            Damage.Sickens => $"the serving {Subject} turns unhealthy",
            Damage.IsRemoved => $"the serving {Subject} is removed by hand",
            Damage.IdleIsRemoved => $"the idle {Subject} is removed by hand",
            Damage.EdgeStops => "the edge is stopped by hand",
            Damage.EdgeIsRemoved => "the edge is removed by hand",
            Damage.EdgeAges => "Recyclic brings another image of the edge",
            Damage.GateIsRemoved => "a gate is removed by hand",
            Damage.EdgeIsDisconnected => $"the edge is disconnected from {Subject}",
            Damage.AccessoryStops => "the database is stopped by hand",
            Damage.AccessoryStarts => "the database is started by hand",
            Damage.ImagesGo => $"the images of {Subject} are removed by hand",
            Damage.ImagesAreBuilt => $"the images of {Subject} are built",
            _ => $"{Damage} {Subject}",
        };
}

internal enum Damage
{
    Crashes,
    Sickens,
    IsRemoved,
    IdleIsRemoved,
    EdgeStops,
    EdgeIsRemoved,
    EdgeAges,
    GateIsRemoved,
    EdgeIsDisconnected,
    AccessoryStops,
    AccessoryStarts,
    ImagesGo,
    ImagesAreBuilt,
}

internal enum FaultKind
{
    Killed,
    Cancelled,
    Fails,
    LosesLock,
    Damaged,
}

/// <summary>What goes wrong while a command runs.</summary>
/// <param name="Call">At which of its calls to engine or host, from 1; a command that makes fewer is not met by
/// it.</param>
/// <param name="Done">How much of that call has happened all the same, in percent.</param>
internal sealed record Fault(FaultKind Kind, int Call, int Done, Breaks? Damage = null)
{
    public override string ToString() =>
        Kind switch
        {
            FaultKind.Killed => $"killed at call {Call} ({Done}% of it done)",
            FaultKind.Cancelled => $"Ctrl-C at call {Call}",
            FaultKind.Fails => $"call {Call} fails ({Done}% of it done)",
            FaultKind.LosesLock => $"the lock is lost at call {Call}",
            _ => $"meanwhile, at call {Call}: {Damage}",
        };
}

/// <summary>A course of events. Printed, it is what a person types and what goes wrong, in order.</summary>
internal sealed record Trace(ImmutableArray<Happening> Happenings)
{
    public override string ToString() =>
        "\n" + string.Join("\n", Happenings.Select((happening, index) => $"  {index + 1, 3}. {happening}"));
}

/// <summary>
/// Releases named after what becomes of them: g… is good, x… exits, u… turns unhealthy, s… sickens in service, b… has a
/// bot that exits.
/// </summary>
internal static class Tags
{
    public static readonly string[] Good = ["g1", "g2", "g3", "g4"];
    public static readonly string[] Broken = ["x1", "u1", "s1", "b1"];

    public static bool IsGood(string tag) => tag.StartsWith('g');

    public static void Fate(MemoryCluster cluster)
    {
        cluster.Fates["sha256:api-x1"] = Testing.Fate.Exits;
        cluster.Fates["sha256:web-u1"] = Testing.Fate.TurnsUnhealthy;
        cluster.Fates["sha256:api-s1"] = Testing.Fate.SickensInService;
        cluster.Fates["sha256:bot-b1"] = Testing.Fate.Exits;
    }
}
