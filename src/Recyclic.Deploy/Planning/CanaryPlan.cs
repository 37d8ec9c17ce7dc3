using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: the part of a deploy in which two releases have users. It comes before what must not run twice is handed over, and
/// before the cutover, which is the step to 100%.
/// </summary>
internal static class CanaryPlan
{
    /// <summary>The same options for a way back, which nobody has to earn.</summary>
    public static DeployOptions Settle(DeployOptions options, Operation operation) =>
        operation == Operation.Deploy ? options : options with { Canary = null, WatchFor = TimeSpan.Zero };

    /// <summary>What a plan is to have; null: no canary was asked for, or there is no release to judge it by.</summary>
    public static CanaryTerms? Terms(Snapshot now, DeployOptions options) =>
        options.Canary is { Steps.IsEmpty: false } terms && now.Current is not null ? terms : null;

    /// <summary>What a plan has, as its steps say; null: no canary.</summary>
    public static CanaryTerms? Terms(DeployPlan plan, DeployOptions options) =>
        plan.Steps.Any(step => step.Action is ShiftShare) ? options.Canary : null;

    public static IEnumerable<PlannedStep> Of(SlotChange change) =>
        Terms(change.Now, change.Options) is { } terms
            ? Of(change.To, terms).Select(step => new PlannedStep(Phase.Shift, step))
            : [];

    /// <summary>The steps of a canary.</summary>
    /// <param name="from">Only those of larger shares.</param>
    public static IEnumerable<DeployStep> Of(Slot fresh, CanaryTerms terms, int from = 0) =>
        terms
            .Steps.Where(share => share > from)
            .SelectMany(share =>
                new DeployStep[] { new ShiftShare(fresh, share), new Bake(fresh, share, terms.Bake, terms.HoldLimit) }
            );

    /// <summary>What the edge needs for it; null: there is none.</summary>
    public static CanaryRouting? Routing(Application app, Snapshot now, Slot fresh, CanaryTerms? terms) =>
        terms is null
            ? null
            : new CanaryRouting(fresh)
            {
                InOneSlot = StopFirst.Of(app, now),
                ForTesters = terms.ForTesters,
                VisitorHeader = terms.VisitorHeader,
            };

    /// <summary>Why this application cannot have the canary that was asked for; empty: it can.</summary>
    public static ImmutableArray<ConfigurationProblem> WhyNot(Application app, Snapshot now, DeployOptions options)
    {
        if (options.Canary is not { Steps.IsEmpty: false })
            return [];
        const string plain =
            "Deploy it without one: leave --canary out, or --canary 100 where the environment has one.";
        if (!now.Traits.HasEdge)
            return [new("--canary", "this platform cannot give a release a part of the traffic", plain)];
        if (app.Routes.IsEmpty)
            return [new("--canary", $"{app.Name} publishes nothing, so there is no traffic to give a part of", plain)];
        if (now.Current is not { } current)
            return [];
        var handedOver = StopFirst.Of(app, now);
        if (app.Routes.All(route => handedOver.Contains(route.Service)))
            return
            [
                new(
                    "--canary",
                    $"all that {app.Name} publishes is stop-first ({string.Join(", ", app.Routes.Select(route => route.Service).Distinct())}), so it is never there twice",
                    plain
                ),
            ];
        var ending = new[] { app.Routes, now[current.Slot].Routes }
            .Select(routes => routes.Where(TlsRules.EndsTls).Select(Entrance.Of).Distinct().ToList())
            .ToList();
        var begun = new[] { app.Routes, now[current.Slot].Routes }
            .Select(routes => routes.Select(Entrance.Of).Distinct().ToList())
            .ToList();
        return
        [
            .. ending[0]
                .Where(entrance => begun[1].Contains(entrance) && !ending[1].Contains(entrance))
                .Concat(ending[1].Where(entrance => begun[0].Contains(entrance) && !ending[0].Contains(entrance)))
                .Select(entrance => new ConfigurationProblem(
                    "--canary",
                    $"TLS ends at {entrance.Frontend} in one of the two releases and not in the other",
                    plain
                )),
        ];
    }

    /// <summary>What a person should know of it beforehand.</summary>
    public static IEnumerable<string> Notes(Snapshot now, DeployOptions options)
    {
        if (options.Canary is not { Steps.IsEmpty: false } terms)
            yield break;
        if (now.Current is null)
            yield return "there is no release to judge the first one by, so there is no canary";
        else if (terms.ForTesters)
            yield return $"while the shares rise, whoever sends {CanaryRouting.SideHeader}: new gets the new release";
    }
}
