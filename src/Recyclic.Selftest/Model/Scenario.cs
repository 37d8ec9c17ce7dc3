using System.Collections.Immutable;

namespace Recyclic.Selftest.Model;

/// <summary>
/// What a deployer is doing when it is struck. Texts on the command line are the names in kebab case.
/// </summary>
internal enum Scenario
{
    /// <summary>The first deploy on a host that knows nothing of the application.</summary>
    First,

    /// <summary>A deploy of a good version, with the hand-over of an exclusive service.</summary>
    Upgrade,

    /// <summary>A rollback to a release that still runs.</summary>
    RollbackWarm,

    /// <summary>A rollback to a release whose containers are stopped.</summary>
    RollbackStopped,

    /// <summary>A deploy of a version that never becomes healthy.</summary>
    Broken,

    /// <summary>A deploy of a version whose exclusive service exits at once: the hand-over is undone.</summary>
    BrokenHandOver,

    /// <summary>
    /// A deploy of a version that turns unhealthy when users have it already: cutover and commit are undone.
    /// </summary>
    Sickening,

    /// <summary>The recovery of a deploy whose deployer was killed at its commit.</summary>
    Recovery,

    /// <summary>A deploy of a good version of an application with a migration, which its front waits for.</summary>
    OneOff,

    /// <summary>
    /// A deploy of a good version of an application whose front, with a port and a volume of which one process may have
    /// it, is stop-first.
    /// </summary>
    StopFirst,

    /// <summary>
    /// A deploy of a good version of an application that users reach by a proxy of the team's own, which calls the front
    /// by its name and keeps the address that it found: its door's.
    /// </summary>
    Door,
}

/// <summary>The versions of the throw-away application. All are good but those that their names tell.</summary>
internal static class Versions
{
    public const string Unhealthy = "unhealthy";
    public const string WorkerExits = "worker-exits";
    public const string Sickens = "sickens";

    public static ImmutableArray<string> Good { get; } = ["one", "two", "three"];

    public static ImmutableArray<string> All { get; } = [.. Good, Unhealthy, WorkerExits, Sickens];

    /// <summary>
    /// What the struck command brings: a good version, unless the scenario is about a bad one; null for a rollback or
    /// recovery.
    /// </summary>
    public static string? TargetOf(Scenario scenario, string? serving) =>
        scenario switch
        {
            Scenario.Broken => Unhealthy,
            Scenario.BrokenHandOver => WorkerExits,
            Scenario.Sickening => Sickens,
            Scenario.First or Scenario.Upgrade or Scenario.OneOff or Scenario.StopFirst or Scenario.Door => Other(
                serving
            ),
            _ => null,
        };

    /// <summary>The first good version that is none of these.</summary>
    public static string Other(params IEnumerable<string?> taken) => Good.First(version => !taken.Contains(version));

    /// <summary>Whether users may ever get it.</summary>
    public static bool MayServe(string version) => Good.Contains(version) || version == Sickens;
}
