using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>What a matrix must be. Pure.</summary>
internal static class MatrixRules
{
    /// <summary>GitHub's own limit.</summary>
    private const int MostCombinations = 256;

    /// <summary>Beyond it a matrix is not even written out to be counted.</summary>
    private const int MostToCount = 10_000;

    public static IEnumerable<string> Mistakes(Place place, string where, BuildGraph graph)
    {
        foreach (var mistake in OfSaying(place, where))
            yield return mistake;
        string[] wrong = [.. OfAxes(place, where, graph), .. OfCombinations(place, where, graph)];
        foreach (var mistake in wrong)
            yield return mistake;
        var product = place.Matrix.Aggregate(1L, (count, axis) => Math.Min(count * axis.Values.Length, int.MaxValue));
        if (product > MostToCount)
            yield return TooMany(where, product);
        else if (wrong.Length == 0)
            foreach (var mistake in OfResult(place, where, graph))
                yield return mistake;
    }

    private static IEnumerable<string> OfSaying(Place place, string where)
    {
        if (place.MaxParallel < 1)
            yield return $"{where}: MaxParallel is {place.MaxParallel}: at least one has to run, or leave it out";
        if (Matrix.Has(place))
            yield break;
        if (place.MaxParallel is not null)
            yield return $"{where} has MaxParallel and no matrix: leave it out, or say a Matrix";
        if (place.FailsFast)
            yield return $"{where} has FailsFast and no matrix: leave it out, or say a Matrix";
        if (!place.Exclude.IsEmpty)
            yield return $"{where} has Exclude and no Matrix to leave something out of: leave it out";
    }

    private static IEnumerable<string> OfAxes(Place place, string where, BuildGraph graph)
    {
        foreach (var axis in place.Matrix)
        {
            if (axis.Values.IsEmpty)
                yield return $"{where}: a dimension of its matrix has no value";
            if (axis.Values.Any(IsExpression))
                yield return $"{where}: its matrix has an expression, which GitHub would evaluate";
            if (axis.Parameter is { } parameter && Parameters.Find(graph, parameter) is null)
                yield return $"{where}: {parameter} in its matrix is no parameter of the build";
            foreach (var value in axis.Values.GroupBy(value => value).Where(same => same.Count() > 1))
                yield return $"{where}: its matrix has the value '{value.Key}' twice: write it once";
        }
        foreach (
            var twice in place
                .Matrix.GroupBy(axis => Parameters.Normal(axis.Parameter ?? Matrix.Machine))
                .Where(same => same.Count() > 1)
        )
            yield return $"{where}: its matrix has two dimensions for {twice.Key}: write all values into one";
    }

    private static IEnumerable<string> OfCombinations(Place place, string where, BuildGraph graph)
    {
        foreach (
            var (member, combination) in place
                .Include.Select(combination => ("Include", combination))
                .Concat(place.Exclude.Select(combination => ("Exclude", combination)))
        )
        {
            if (combination.Values.IsEmpty && combination.Runner is null)
                yield return $"{where}: {member} has a combination that says nothing: leave it out";
            if (combination.Values.Values.Append(combination.Runner ?? "").Any(IsExpression))
                yield return $"{where}: {member} has an expression, which GitHub would evaluate";
            foreach (var parameter in combination.Values.Keys.Where(name => Parameters.Find(graph, name) is null))
                yield return $"{where}: {parameter} in {member} is no parameter of the build";
            foreach (var twice in combination.Values.Keys.GroupBy(Parameters.Normal).Where(same => same.Count() > 1))
                yield return $"{where}: {member} says {twice.Key} twice in one combination: write it once";
        }
        foreach (
            var parameter in place
                .Matrix.Select(axis => axis.Parameter)
                .Concat(place.Include.SelectMany(combination => combination.Values.Keys))
                .OfType<string>()
                .Distinct()
        )
            if (Parameters.Find(graph, parameter) is { IsSecret: true })
                yield return $"{where}: {parameter} in its matrix is a secret: GitHub shows a matrix to everybody who sees the run";
    }

    private static IEnumerable<string> OfResult(Place place, string where, BuildGraph graph)
    {
        foreach (var left in place.Exclude)
            if (
                Matrix.Of(place with { Include = [], Exclude = [left] }, graph).Length
                == Matrix.Of(place with { Include = [], Exclude = [] }, graph).Length
            )
                yield return $"{where}: Exclude has {Text(left, graph)}, which is no combination of the matrix: leave it out, or spell it as the matrix does";
        var combinations = Matrix.Of(place, graph);
        if (combinations.IsEmpty)
            yield return $"{where}: Exclude leaves nothing of its matrix: leave fewer out";
        if (combinations.Length > MostCombinations)
            yield return TooMany(where, combinations.Length);
        if (
            Matrix.HasMachines(place)
            && combinations.FirstOrDefault(one => !one.ContainsKey(Matrix.Machine)) is { } without
        )
            yield return $"{where}: Include says a machine, and the combination {string.Join(", ", without.Select(value => $"{value.Key}={value.Value}"))} has none: say it for each, as Axis.Runner or Combination.On";
    }

    private static string TooMany(string where, long combinations) =>
        $"{where}: its matrix makes {combinations} jobs, and GitHub runs {MostCombinations} of one at most: leave values out, or let two places share them";

    private static string Text(Combination combination, BuildGraph graph) =>
        string.Join(", ", Matrix.Values(combination, graph).Select(value => $"{value.Key}={value.Value}"));

    private static bool IsExpression(string text) => text.Contains("${{", StringComparison.Ordinal);
}
