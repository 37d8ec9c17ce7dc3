using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>
/// A range of IPv4 addresses that the engine takes networks from, and how many addresses each of them gets.
/// </summary>
internal readonly record struct AddressRange(uint First, uint Last)
{
    public bool Overlaps(AddressRange other) => First <= other.Last && other.First <= Last;

    /// <summary>Reads `address/length`; null: it is none of IPv4.</summary>
    public static AddressRange? Parse(string subnet)
    {
        var parts = subnet.Split('/');
        var numbers = parts[0].Split('.');
        if (
            parts.Length != 2
            || numbers.Length != 4
            || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length is < 1 or > 32
        )
            return null;
        var address = 0u;
        foreach (var number in numbers)
        {
            if (!byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var part))
                return null;
            address = address << 8 | part;
        }
        var mask = uint.MaxValue << (int)(32 - length);
        return new AddressRange(address & mask, address | ~mask);
    }
}

/// <summary>Pure: how many more networks an engine has addresses for.</summary>
internal static class AddressPools
{
    /// <summary>More subnets than this of one pool are not counted one by one.</summary>
    private const int Most = 1 << 14;

    /// <summary>
    /// What an engine has where its setting `default-address-pools` says nothing (moby, `libnetwork/ipamutils`): room
    /// for 31 networks.
    /// </summary>
    public static ImmutableArray<(string Range, int Size)> Defaults { get; } =
    [
        ("172.17.0.0/16", 16),
        ("172.18.0.0/16", 16),
        ("172.19.0.0/16", 16),
        ("172.20.0.0/14", 16),
        ("172.24.0.0/14", 16),
        ("172.28.0.0/14", 16),
        ("192.168.0.0/16", 20),
    ];

    /// <param name="pools">As the engine's `/info` says them: a range, and the length of the prefix of each network
    /// that is taken from it; empty: <see cref="Defaults"/>.</param>
    /// <param name="taken">The subnets of the networks that there are, `address/length`; what is none of IPv4 is passed
    /// over.</param>
    /// <returns>Null: a pool is of a kind that cannot be counted.</returns>
    public static int? Free(IReadOnlyCollection<(string Range, int Size)> pools, IEnumerable<string> taken)
    {
        var ranges = taken.Select(AddressRange.Parse).OfType<AddressRange>().ToList();
        var free = 0;
        foreach (var (range, size) in pools.Count == 0 ? Defaults : pools)
        {
            if (AddressRange.Parse(range) is not { } pool || size is < 1 or > 31)
                return null;
            var length = 1L << (32 - size);
            if ((pool.Last - pool.First + 1L) / length > Most)
                return null;
            for (long first = pool.First; first + length - 1 <= pool.Last; first += length)
                if (!ranges.Any(new AddressRange((uint)first, (uint)(first + length - 1)).Overlaps))
                    free++;
        }
        return free;
    }
}
