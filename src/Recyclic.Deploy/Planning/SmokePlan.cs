using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Smoke;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: where smoke tests stand in a plan. First when all is there that users will get, as the last of what no user
/// sees; again as the last of the shift. What runs nowhere before the shift is tested after it alone.
/// </summary>
internal static class SmokePlan
{
    /// <exception cref="ConfigurationException">A test cannot be run on this application.</exception>
    public static DeployPlan With(DeployPlan plan, Application app, DeployOptions options)
    {
        var tests = options.SmokeTests;
        if (plan.Operation != Operation.Deploy || tests.All.IsEmpty)
            return plan;
        if (tests.Skipped is { } reason)
            return plan with { Notes = plan.Notes.Add($"the smoke tests are skipped: {reason}") };
        Check(tests.All, app, plan.IsRouted);
        var early = tests.All.Where(test => ServiceOf(test, app) is not { } name || IsThereBefore(app, name)).ToList();
        var steps = plan.Steps;
        if (early.Count > 0)
            steps = steps.Insert(
                Ends(steps, Phase.Prepare),
                new(Phase.Prepare, new TestRelease(plan.Slot, Names(early), Longest(early)))
            );
        steps = steps.Insert(
            Ends(steps, Phase.Shift),
            new(Phase.Shift, new TestFrontDoor(plan.Slot, Names(tests.All), Longest(tests.All)))
        );
        return plan with
        {
            Steps = steps,
            Notes =
            [
                .. plan.Notes,
                .. tests.All.Select(test =>
                    test.Describe() + (early.Contains(test) ? "" : "; after the shift alone, for it must not run twice")
                ),
            ],
        };
    }

    /// <summary>Behind the last step of a phase and of those before it.</summary>
    internal static int Ends(ImmutableArray<PlannedStep> steps, Phase phase) =>
        steps.TakeWhile(step => step.Phase <= phase).Count();

    private static void Check(ImmutableArray<ReleaseTest> tests, Application app, bool isRouted)
    {
        var problems = tests
            .Select(test => (test.Name, Why: test.Problem ?? WhyNot(test, app, isRouted)))
            .Where(test => test.Why is not null)
            .Select(test => new ConfigurationProblem(
                $"smoke test {test.Name}",
                test.Why!,
                "Change it in the build class, IHazDeployment.SmokeTests."
            ))
            .ToImmutableArray();
        if (!problems.IsEmpty)
            throw new ConfigurationException(problems);
    }

    private static string? WhyNot(ReleaseTest test, Application app, bool isRouted) =>
        test switch
        {
            HttpTest when !isRouted => "the application has no edge, so nothing can ask it by HTTP: use .Command(…)",
            HttpTest http => SmokeTarget.Of(http, app).Why,
            CommandTest command when app.Services.All(service => service.Name != command.Of) =>
                $"there is no release service {command.Of}; there are {string.Join(", ", app.Services.Select(service => service.Name))}",
            _ => null,
        };

    /// <summary>A command needs a service's image alone.</summary>
    private static string? ServiceOf(ReleaseTest test, Application app) =>
        test is HttpTest http ? SmokeTarget.Of(http, app).Target?.Service : null;

    private static bool IsThereBefore(Application app, string service) =>
        app.Overlapping.Any(each => each.Name == service);

    private static ImmutableArray<string> Names(IEnumerable<ReleaseTest> tests) => [.. tests.Select(test => test.Name)];

    private static TimeSpan Longest(IEnumerable<ReleaseTest> tests) =>
        tests.Aggregate(TimeSpan.Zero, (sum, test) => sum + test.Longest);
}
