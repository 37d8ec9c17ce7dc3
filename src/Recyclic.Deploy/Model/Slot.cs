namespace Recyclic.Deploy.Model;

/// <summary>One of the two places of a release on the host. The serving slot gets the traffic, the idle one does not.</summary>
public enum Slot
{
    Blue,
    Green,
}

public static class Slots
{
    public static Slot Other(this Slot slot) => slot == Slot.Blue ? Slot.Green : Slot.Blue;

    public static string Name(this Slot slot) => slot == Slot.Blue ? "blue" : "green";

    /// <summary>The share that sends all traffic to this slot: the green share in percent, 0 or 100.</summary>
    public static int FullShare(this Slot slot) => slot == Slot.Blue ? 0 : 100;

    public static Slot? Parse(string? name) => name switch { "blue" => Slot.Blue, "green" => Slot.Green, _ => null };
}
