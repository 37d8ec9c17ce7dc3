using System.Globalization;
using System.Reflection;
using Recyclic.Build.Running;

namespace Recyclic.Build.CI;

/// <summary>
/// One of several equal parts of some work, such as the tests that each machine of a matrix runs. Written <c>2/3</c>.
/// </summary>
public sealed record Partition : IParsable<Partition>
{
    /// <exception cref="ArgumentOutOfRangeException">The part is not one of 1 to the total.</exception>
    public Partition(int part, int total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, total);
        (Part, Total) = (part, total);
    }

#pragma warning disable CA1720 // NUKE's name.
    /// <summary>All of the work.</summary>
    public static Partition Single { get; } = new(1, 1);
#pragma warning restore CA1720

    /// <summary>Which part, from 1.</summary>
    public int Part { get; }

    /// <summary>How many parts there are.</summary>
    public int Total { get; }

    /// <summary>Reads <c>2/3</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Partition Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var partition)
            ? partition
            : throw new FormatException("a part is written 2/3: one of 1 to 3, of 3");

    /// <summary>Reads <c>2/3</c>.</summary>
    public static bool TryParse(
        string? s,
        IFormatProvider? provider,
        [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Partition result
    )
    {
        result =
            s?.Split('/') is [var part, var total]
            && Number(part) is { } p
            && Number(total) is { } t
            && p >= 1
            && p <= t
                ? new(p, t)
                : null;
        return result is not null;
    }

    /// <summary>Whether something is this part's to do.</summary>
    /// <param name="part">The part that it belongs to, from 1.</param>
    public bool IsIn(int part) => Total == 1 || part == Part;

    /// <summary>
    /// The items of this part: dealt out in turn, so that each item is in exactly one part when all parts see the same
    /// order.
    /// </summary>
    public IEnumerable<T> GetCurrent<T>(IEnumerable<T> items) => items.Where((_, place) => place % Total == Part - 1);

    /// <summary><c>2/3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Part}/{Total}");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>
/// Fills a member of type <see cref="Partition"/> with the part that a parameter of the member's name gives,
/// <c>--test-partition 2</c> or <c>TEST_PARTITION=2</c>; without it with <see cref="Partition.Single"/>, all of the
/// work. </summary>
/// <param name="total">How many parts there are.</param>
public sealed class PartitionAttribute(int total) : ValueInjectionAttributeBase
{
    /// <summary>How many parts there are.</summary>
    public int Total { get; } = total;

    internal override Type ParameterType => typeof(int);

    internal override string ParameterDescription =>
        string.Create(CultureInfo.InvariantCulture, $"Which of {Total} parts to do; default: all");

    /// <inheritdoc/>
    /// <exception cref="TargetFailedException">There is no such part; exit code 2.</exception>
    public override object? GetValue(MemberInfo member, object instance)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (Total < 1)
            throw new TargetFailedException($"there are no {Total} parts: give it 1 or more", exitCode: 2);
        if (
            BuildSession.Current.Values.All.FirstOrDefault(v =>
                v.Parameter.IsMadeOf && v.Parameter.MemberName == member.Name
            )
            is not { Value: int part } given
        )
            return Partition.Single;
        return part >= 1 && part <= Total
            ? new Partition(part, Total)
            : throw new TargetFailedException(
                $"{given.Parameter.Option} {part} is not one of its parts: give 1 to {Total}",
                exitCode: 2
            );
    }
}
