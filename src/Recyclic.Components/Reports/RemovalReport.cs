using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: what a removal says.</summary>
internal static class RemovalReport
{
    /// <param name="options">That a next command needs to mean the same application.</param>
    public static string Plan(RemovalPlan plan, string options) =>
        string.Join(
            "\n",
            (string[])
                [
                    $"remove {plan.App}: {plan.Removes.Length} {(plan.Removes.Length == 1 ? "thing goes" : "things go")}",
                    .. plan.Removes.Select(Line),
                    .. Stays(plan.Keeps, options, plan.KeepsData),
                ]
        );

    public static string Nothing(RemovalPlan plan, string options) =>
        string.Join(
            "\n",
            (string[])
                [
                    $"Nothing is left of {plan.App} on this host that Recyclic made.",
                    .. Stays(plan.Keeps, options, plan.KeepsData),
                ]
        );

    public static string Of(RemovalOutcome outcome, string options)
    {
        var counts = outcome
            .Gone.GroupBy(thing => thing.Kind)
            .Select(kind => $"{kind.Count()} {Word(kind.Key)}{(kind.Count() == 1 ? "" : "s")}")
            .ToList();
        return string.Join(
            "\n",
            (string[])
                [
                    $"{outcome.Plan.App} is removed: {(counts.Count == 0 ? "nothing was left" : string.Join(", ", counts))}, read back as gone",
                    .. Stays(outcome.Keeps, options, outcome.Keeps.Any(kept => kept.IsData)),
                ]
        );
    }

    public static string Failure(RemovalOutcome outcome) =>
        $"""
            {outcome.Plan.App} is not removed whole: {outcome.Left.Length} of {outcome.Plan.Removes.Length} things are still there
            {string.Join("\n", outcome.Left.Select(Line))}
              users   have nothing of it any more
              next    run the same command again; if the same things are left, somebody uses them or makes them anew: docker ps -a
            """;

    private static IEnumerable<string> Stays(IReadOnlyCollection<KeptThing> keeps, string options, bool offersData)
    {
        if (keeps.Count == 0)
            yield break;
        yield return "stays";
        foreach (var kept in keeps)
        {
            yield return $"{Line(kept.Thing)}: {kept.Why}";
            if (kept.Command is { } command)
                yield return $"             {command}";
        }
        if (offersData)
            yield return $"  with what it wrote: ./build.sh Remove --volumes{options}";
    }

    private static string Line(FoundThing thing) => $"  {Word(thing.Kind), -9}  {PrintableText.Of(thing.Name, 200)}";

    private static string Word(ThingKind kind) => kind.ToString().ToLowerInvariant();
}
