namespace Recyclic.Deploy.Model;

/// <summary>
/// One of the two places of a release on the host. The serving slot gets the traffic, the idle one does not.
/// </summary>
public enum Slot
{
    /// <summary>The first release's.</summary>
    Blue,

    /// <summary>The second release's, and every other one's after it.</summary>
    Green,
}

/// <summary>What follows from a slot alone.</summary>
public static class Slots
{
    /// <summary>Where the next release goes when this one serves.</summary>
    public static Slot Other(this Slot slot) => slot == Slot.Blue ? Slot.Green : Slot.Blue;

    /// <summary>In lower case, as labels, networks and containers have it.</summary>
    public static string Name(this Slot slot) => slot == Slot.Blue ? "blue" : "green";

    /// <summary>The share that sends all traffic to this slot: the green share in percent, 0 or 100.</summary>
    public static int FullShare(this Slot slot) => slot == Slot.Blue ? 0 : 100;

    /// <summary>Exactly what <see cref="Name"/> gives; null: anything else.</summary>
    public static Slot? Parse(string? name) =>
        name switch
        {
            "blue" => Slot.Blue,
            "green" => Slot.Green,
            _ => null,
        };
}
