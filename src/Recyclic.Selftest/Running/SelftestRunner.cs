using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Recyclic.Components;
using Recyclic.Deploy.Model;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Running;

/// <summary>A run of the matrix, from the images to the removal of everything.</summary>
internal sealed class SelftestRunner(
    DeploySession session,
    IReadOnlyDictionary<string, string> environment,
    Action<string> say,
    Action<string?> show
)
{
    private readonly Lock _saying = new();

    /// <summary>
    /// Gives what was found also when the run is cancelled or an application is lost: fewer results than planned.
    /// </summary>
    /// <param name="lanes">How many cases run side by side.</param>
    /// <param name="command">How the run was asked for, for the report.</param>
    public async Task<SelftestRun> RunAsync(
        Selection selection,
        int lanes,
        string command,
        CancellationToken cancellationToken
    )
    {
        var started = TimeProvider.System.GetUtcNow();
        var scenarios = Matrix.Scenarios(selection);
        var on = await DescribeAsync(lanes, cancellationToken);
        var open = new List<Lane>();
        try
        {
            open.Add(new Lane(environment));
            Say(
                $"making {open[0].App} from images built here, and finding the points of {scenarios.Length} scenarios: about {Estimate.Text(Estimate.OfPreparation(scenarios.Length))}"
            );
            await open[0].PrepareAsync(session, cancellationToken);
            var cases = await FindCasesAsync(open[0].Cases, scenarios, selection, cancellationToken);
            while (open.Count < Math.Min(lanes, cases.Length))
            {
                open.Add(new Lane(environment));
                Say($"making {open[^1].App} beside it");
                await open[^1].PrepareAsync(session, cancellationToken);
            }
            Say(
                $"{cases.Length} cases, about {Estimate.Text(Estimate.Of(cases, open.Count, Environment.ProcessorCount))}\n{SelftestTable.Header}"
            );
            var left = new ConcurrentQueue<(int Number, SelftestCase Case)>(cases.Select((one, at) => (at + 1, one)));
            var results = new ConcurrentBag<CaseResult>();
            await Task.WhenAll(
                open.Select(lane => RunCasesAsync(lane, left, results, cases.Length, cancellationToken))
            );
            ImmutableArray<CaseResult> inOrder = [.. results.OrderBy(result => cases.IndexOf(result.Case))];
            return new SelftestRun(
                inOrder,
                cases.Length,
                started,
                TimeProvider.System.GetUtcNow() - started,
                command,
                on
            );
        }
        finally
        {
            show(null);
            foreach (var lane in open)
                await CloseAsync(lane);
        }
    }

    private async Task<ImmutableArray<SelftestCase>> FindCasesAsync(
        CaseRunner runner,
        ImmutableArray<Scenario> scenarios,
        Selection selection,
        CancellationToken cancellationToken
    )
    {
        var points = ImmutableArray.CreateBuilder<ScenarioPoint>();
        foreach (var scenario in scenarios)
        {
            show($"finding the points of {Names.Kebab(scenario)}");
            points.AddRange(await runner.RehearseAsync(scenario, cancellationToken));
        }
        var cases = Matrix.Of(points, selection);
        return cases.Length > 0
            ? cases
            : throw new ConfigurationException(
                "Selftest",
                "no case fits the selection",
                $"Leave out --points, or use one of: {string.Join(", ", points.Select(point => point.Point).Distinct())}."
            );
    }

    /// <summary>
    /// Takes cases until none is left, or the run is cancelled, or the lane's application cannot be used any more.
    /// </summary>
    private async Task RunCasesAsync(
        Lane lane,
        ConcurrentQueue<(int Number, SelftestCase Case)> left,
        ConcurrentBag<CaseResult> results,
        int of,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested && left.TryDequeue(out var next))
        {
            show($"{next.Number} of {of}: {next.Case}");
            if (await RunCaseAsync(lane.Cases, next.Case, cancellationToken) is not { } result)
                return;
            results.Add(result);
            Say(
                result.Holds
                    ? SelftestTable.Line(result)
                    : $"{SelftestTable.Line(result)}\n{SelftestTable.Failure(result)}"
            );
            if (!result.Holds && !await IsResetAsync(lane, cancellationToken))
                return;
        }
    }

    /// <summary>Null when the run is cancelled.</summary>
    private static async Task<CaseResult?> RunCaseAsync(
        CaseRunner runner,
        SelftestCase one,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await runner.RunAsync(one, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // A case that cannot be judged is not one that holds; the others still tell something.
            return CaseResult.Stopped(
                one,
                $"{exception.GetType().Name}: {exception.Message}",
                Stopwatch.GetElapsedTime(started).TotalSeconds
            );
        }
    }

    private async Task<bool> IsResetAsync(Lane lane, CancellationToken cancellationToken)
    {
        try
        {
            await lane.Cases.ResetAsync(cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            Say($"{lane.App} takes no more cases: what the last one left could not be removed: {exception.Message}");
            return false;
        }
    }

    private async Task CloseAsync(Lane lane)
    {
        try
        {
            await lane.DisposeAsync();
        }
        catch (Exception exception)
        {
            Say(
                $"not all of {lane.App} could be removed: {exception.Message}\n  next  once the engine answers, remove the containers, networks, volumes and images whose names begin with {lane.App}"
            );
        }
    }

    private void Say(string text)
    {
        lock (_saying)
            say(text);
    }

    private async Task<string> DescribeAsync(int lanes, CancellationToken cancellationToken)
    {
        var facts = await session.Platform.Host.ReadFactsAsync(cancellationToken);
        return FormattableString.Invariant(
            $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GB, {facts.OperatingSystem}/{facts.Architecture}, Docker Engine {facts.Version}, {lanes} {(lanes == 1 ? "lane" : "lanes")}"
        );
    }
}
