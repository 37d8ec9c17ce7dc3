using System.Collections.Immutable;
using System.Diagnostics;
using Recyclic.Components;
using Recyclic.Deploy.Model;
using Recyclic.Processes;
using Recyclic.Selftest.Adapters;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Running;

/// <summary>A run of the matrix, from the images to the removal of everything.</summary>
internal sealed class SelftestRunner(DeploySession session, IReadOnlyDictionary<string, string> environment, Action<string> say, Action<string?> show)
{
    private static readonly TimeSpan CleanUpDeadline = TimeSpan.FromMinutes(2);
    private static readonly ProcessCommandRunner Runner = new();

    /// <param name="command">How the run was asked for, for the report.</param>
    public async Task<SelftestRun> RunAsync(Selection selection, string command, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetUtcNow();
        var scenarios = Matrix.Scenarios(selection);
        using var site = new Site();
        var stack = new Stack(site, Runner, environment);
        await using var worker = new WorkerEvents(Runner, site.App);
        try
        {
            say($"making {site.App} from images built here, and finding the points of {scenarios.Length} scenarios: about {Estimate.Text(Estimate.OfPreparation(scenarios.Length))}");
            await site.BuildImagesAsync(session.Docker, session.Engine.Api, cancellationToken);
            var runner = new CaseRunner(stack, worker);
            var cases = await FindCasesAsync(runner, scenarios, selection, cancellationToken);
            say($"{cases.Length} cases, about {Estimate.Text(Estimate.Of(cases))}\n{SelftestTable.Header}");
            var results = await RunCasesAsync(runner, cases, cancellationToken);
            return new SelftestRun(results, started, TimeProvider.System.GetUtcNow() - started, command, await DescribeAsync(cancellationToken));
        }
        finally
        {
            show(null);
            using var deadline = new CancellationTokenSource(CleanUpDeadline);
            await stack.RemoveAsync(deadline.Token);
            await site.RemoveImagesAsync(Runner, deadline.Token);
        }
    }

    private async Task<ImmutableArray<SelftestCase>> FindCasesAsync(CaseRunner runner, ImmutableArray<Scenario> scenarios, Selection selection, CancellationToken cancellationToken)
    {
        var points = ImmutableArray.CreateBuilder<ScenarioPoint>();
        foreach (var scenario in scenarios)
        {
            show($"finding the points of {Names.Kebab(scenario)}");
            points.AddRange(await runner.RehearseAsync(scenario, cancellationToken));
        }
        var cases = Matrix.Of(points, selection);
        return cases.Length > 0 ? cases
            : throw new ConfigurationException("Selftest", "no case fits the selection", $"Leave out --points, or use one of: {string.Join(", ", points.Select(point => point.Point).Distinct())}.");
    }

    private async Task<ImmutableArray<CaseResult>> RunCasesAsync(CaseRunner runner, ImmutableArray<SelftestCase> cases, CancellationToken cancellationToken)
    {
        var results = ImmutableArray.CreateBuilder<CaseResult>();
        foreach (var one in cases)
        {
            show($"{results.Count + 1} of {cases.Length}: {one}");
            var started = Stopwatch.GetTimestamp();
            CaseResult result;
            try
            {
                result = await runner.RunAsync(one, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A case that cannot be judged is not one that holds; the others still tell something.
                result = CaseResult.Stopped(one, $"{exception.GetType().Name}: {exception.Message}", Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
            results.Add(result);
            say(SelftestTable.Line(result));
            if (result.Holds) continue;
            say(SelftestTable.Failure(result));
            await runner.ResetAsync(cancellationToken);
        }
        return results.ToImmutable();
    }

    private async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var facts = await session.Engine.ReadFactsAsync(cancellationToken);
        return FormattableString.Invariant($"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GB, {facts.OperatingSystem}/{facts.Architecture}, Docker Engine {facts.Version}");
    }
}
