using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: amounts of memory, as compose files write them and as people read them.</summary>
internal static class MemoryText
{
    private const long Megabyte = 1 << 20;

    /// <summary>In MB, and from 10 GB on in GB: `512 MB`, `23.5 GB`.</summary>
    public static string Of(long bytes) =>
        bytes >= 10 * 1024 * Megabyte
            ? FormattableString.Invariant($"{bytes / (1024.0 * Megabyte):0.0} GB")
            : FormattableString.Invariant($"{(bytes + Megabyte - 1) / Megabyte} MB");

    /// <summary>
    /// Bytes, by what a file says: a number, or one with a unit, as `64m`, `1.5gb`. Null: nothing, none, or no amount.
    /// </summary>
    public static long? Parse(string? text)
    {
        if (text?.Trim().ToLowerInvariant() is not { Length: > 0 } written)
            return null;
        var digits = written.TrimEnd('b', 'i', 'k', 'm', 'g', 't', ' ');
        var unit = written[digits.Length..].Trim() switch
        {
            "" or "b" => 1.0,
            "k" or "kb" or "kib" => 1L << 10,
            "m" or "mb" or "mib" => 1L << 20,
            "g" or "gb" or "gib" => 1L << 30,
            "t" or "tb" or "tib" => 1L << 40,
            _ => 0,
        };
        return
            double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * unit is > 0 and < long.MaxValue / 1024
            ? (long)(number * unit)
            : null;
    }
}
