using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>The combinations of a matrix, as GitHub makes them. Pure.</summary>
internal static class Matrix
{
    /// <summary>The key of the machine.</summary>
    public const string Machine = "runner";

    /// <summary>Whether a place has one at all.</summary>
    public static bool Has(Place place) => !place.Matrix.IsEmpty || !place.Include.IsEmpty;

    /// <summary>Whether it says the machine.</summary>
    public static bool HasMachines(Place place) =>
        place.Matrix.Any(axis => axis.Parameter is null)
        || place.Include.Any(combination => combination.Runner is not null);

    /// <summary>The keys of all its combinations, in the order in which they are said.</summary>
    public static ImmutableArray<string> Keys(Place place, BuildGraph graph) =>
        [
            .. place
                .Matrix.Select(axis => KeyOf(axis.Parameter, graph))
                .Concat(place.Include.SelectMany(combination => Values(combination, graph).Keys))
                .Distinct(),
        ];

    /// <summary>All of its combinations; a place without a matrix has a single empty one.</summary>
    public static ImmutableArray<ImmutableSortedDictionary<string, string>> Of(Place place, BuildGraph graph) =>
        Expand(
            place.Matrix.Select(axis => (KeyOf(axis.Parameter, graph), axis.Values)),
            [.. place.Include.Select(combination => Values(combination, graph))],
            [.. place.Exclude.Select(combination => Values(combination, graph))]
        );

    /// <summary>
    /// What is left out is left out first. What is added goes to every combination that it does not contradict; where
    /// there is none, it is a combination of its own.
    /// </summary>
    public static ImmutableArray<ImmutableSortedDictionary<string, string>> Expand(
        IEnumerable<(string Key, ImmutableArray<string> Values)> axes,
        ImmutableArray<ImmutableSortedDictionary<string, string>> include,
        ImmutableArray<ImmutableSortedDictionary<string, string>> exclude
    )
    {
        var product = Product(axes);
        var isAlone = product is [{ IsEmpty: true }];
        if (isAlone)
            return include.IsEmpty ? product : include;
        ImmutableArray<ImmutableSortedDictionary<string, string>> original =
        [
            .. product.Where(one =>
                !exclude.Any(left => left.All(value => one.GetValueOrDefault(value.Key) == value.Value))
            ),
        ];
        var all = original.ToList();
        foreach (var added in include)
        {
            var fits = Enumerable
                .Range(0, original.Length)
                .Where(i =>
                    added.All(value => !original[i].TryGetValue(value.Key, out var there) || there == value.Value)
                )
                .ToArray();
            foreach (var i in fits)
                all[i] = all[i].SetItems(added);
            if (fits.Length == 0)
                all.Add(added);
        }
        return [.. all];
    }

    /// <summary>
    /// What a combination says, by the keys of the file. Names that are no parameter stay as they are.
    /// </summary>
    public static ImmutableSortedDictionary<string, string> Values(Combination combination, BuildGraph graph)
    {
        var values = combination.Values.ToImmutableSortedDictionary(
            value => KeyOf(value.Key, graph),
            value => value.Value,
            StringComparer.Ordinal
        );
        return combination.Runner is { } runner ? values.SetItem(Machine, runner) : values;
    }

    private static ImmutableArray<ImmutableSortedDictionary<string, string>> Product(
        IEnumerable<(string Key, ImmutableArray<string> Values)> axes
    )
    {
        ImmutableArray<ImmutableSortedDictionary<string, string>> all =
        [
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        ];
        foreach (var (key, values) in axes)
            all = [.. from one in all from value in values select one.SetItem(key, value)];
        return all;
    }

    private static string KeyOf(string? parameter, BuildGraph graph) =>
        parameter is null ? Machine : Parameters.Find(graph, parameter)?.Name ?? parameter;
}
