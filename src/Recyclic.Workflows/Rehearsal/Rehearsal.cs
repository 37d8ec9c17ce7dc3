using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Workflows.Rehearsal;

/// <summary>What a rehearsal does to the world.</summary>
public interface IRehearsalStage
{
    /// <summary>Runs one job of a matrix, or the job itself, on a machine as clean as can be had here.</summary>
    /// <param name="combination">The values of the matrix.</param>
    /// <param name="index">Counts the combinations, from 0.</param>
    /// <param name="find">What an expression of the job can read.</param>
    /// <returns>Whether all steps succeeded, and the outputs of the job.</returns>
    Task<JobResult> RunAsync(
        RehearsedJob job,
        ImmutableSortedDictionary<string, string> combination,
        int index,
        Func<string, string?> find,
        CancellationToken cancellationToken
    );
}

/// <summary>
/// Runs the jobs of a workflow one after the other as GitHub would: who waits, who is skipped, who sees what.
/// </summary>
public static class Rehearsal
{
    /// <summary>Runs them to the end, or to the first gates.</summary>
    /// <exception cref="TargetFailedException">An input is missing or unknown; exit code 2; nothing ran.</exception>
    public static async Task<RehearsalResult> RunAsync(
        RehearsedWorkflow workflow,
        RehearsalRequest request,
        IRehearsalStage stage,
        CancellationToken cancellationToken
    )
    {
        Check(workflow, request);
        var results = new Dictionary<string, JobResult>();
        var gates = ImmutableArray.CreateBuilder<string>();
        foreach (var job in workflow.Jobs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var find = Scope(workflow, job, request, results);
            results.Add(job.Id, await ResultAsync(job));

            async Task<JobResult> ResultAsync(RehearsedJob next)
            {
                try
                {
                    return await DecidedAsync(next);
                }
                catch (FormatException exception)
                {
                    return new(next.Id, JobOutcome.Failure, exception.Message);
                }
            }

            async Task<JobResult> DecidedAsync(RehearsedJob next)
            {
                if (next.Needs.FirstOrDefault(need => results[need].Outcome == JobOutcome.Waiting) is { } waiting)
                    return new(next.Id, JobOutcome.Waiting, $"after {waiting}");
                if (!IsToRun(workflow, next, results, find))
                    return new(
                        next.Id,
                        JobOutcome.Skipped,
                        next.Needs.FirstOrDefault(need => results[need].Outcome != JobOutcome.Success) is { } cause
                            ? $"{cause} {results[cause].Outcome.ToString().ToLowerInvariant()}"
                            : $"if: {next.Condition}"
                    );
                if (next is { IsGate: true, Environment: { } environment } && !request.Approved.Contains(environment))
                {
                    gates.Add(environment);
                    return new(next.Id, JobOutcome.Waiting, $"for the approval of {environment}");
                }
                if (request.Done.Contains(next.Id))
                    return new(next.Id, JobOutcome.Success, "taken as done, not rehearsed");
                if (next.Uses is { } called)
                    return new(next.Id, JobOutcome.Success, $"{called} is a workflow of its own, not rehearsed here");
                var result = await RunAllAsync(next, find, stage, cancellationToken);
                return result.Outcome == JobOutcome.Failure && next.ContinuesOnError
                    ? result with
                    {
                        Outcome = JobOutcome.Success,
                        Note = $"failed, and may: {result.Note}",
                    }
                    : result;
            }
        }
        return new([.. workflow.Jobs.Select(job => results[job.Id])]) { WaitsAt = gates.ToImmutable() };
    }

    /// <summary>
    /// Every combination of a matrix runs; one that fails lets the others go on, unless the job says otherwise.
    /// </summary>
    private static async Task<JobResult> RunAllAsync(
        RehearsedJob job,
        Func<string, string?> find,
        IRehearsalStage stage,
        CancellationToken cancellationToken
    )
    {
        JobResult? last = null,
            failed = null;
        for (var i = 0; i < job.Matrix.Length; i++)
        {
            last = await stage.RunAsync(
                job,
                job.Matrix[i],
                i,
                path => FindInMatrix(job, i, path) ?? find(path),
                cancellationToken
            );
            if (last.Outcome == JobOutcome.Failure)
                failed ??= last;
            if (failed is not null && job.FailsFast)
                break;
        }
        return failed ?? last!;
    }

    private static string? FindInMatrix(RehearsedJob job, int index, string path) =>
        path == "strategy.job-index" ? $"{index}"
        : path.StartsWith("matrix.", StringComparison.Ordinal) ? job.Matrix[index].GetValueOrDefault(path[7..])
        : null;

    private static bool IsToRun(
        RehearsedWorkflow workflow,
        RehearsedJob job,
        Dictionary<string, JobResult> results,
        Func<string, string?> find
    )
    {
        var before = Before(workflow, job);
        object? Call(string name, IReadOnlyList<object?> _) =>
            name switch
            {
                "success" => before.All(id => results[id].Outcome == JobOutcome.Success),
                "failure" => before.Any(id => results[id].Outcome == JobOutcome.Failure),
                "always" => true,
                "cancelled" => false,
                _ => throw new FormatException($"job {job.Id}: a rehearsal does not know the function {name}"),
            };
        return Expression.Holds(job.Condition ?? "success()", new(path => Known(path, find), Call));
    }

    /// <summary>What a condition asks for of GitHub and nobody here knows is not taken for empty.</summary>
    /// <exception cref="FormatException">It is not known.</exception>
    internal static string? Known(string path, Func<string, string?> find) =>
        find(path) is { } value ? value
        : path.StartsWith("github.", StringComparison.Ordinal)
            ? throw new FormatException(
                $"its condition asks for {path}, which a rehearsal does not know: {(path.Split('.') is [_, var name] ? $"set GITHUB_{name.ToUpperInvariant()}, or " : "")}take the job as done with --rehearse-skip"
            )
        : null;

    private static HashSet<string> Before(RehearsedWorkflow workflow, RehearsedJob job)
    {
        var seen = new HashSet<string>();
        var due = new Stack<string>(job.Needs);
        while (due.TryPop(out var next))
            if (seen.Add(next))
                foreach (var need in workflow.Jobs.First(j => j.Id == next).Needs)
                    due.Push(need);
        return seen;
    }

    /// <summary>
    /// What a job may read: the inputs, the secrets that it names, and of other jobs those alone that it needs.
    /// </summary>
    private static Func<string, string?> Scope(
        RehearsedWorkflow workflow,
        RehearsedJob job,
        RehearsalRequest request,
        Dictionary<string, JobResult> results
    ) =>
        path =>
            path.Split('.') switch
            {
                ["inputs", var name] => request.Inputs.GetValueOrDefault(name)
                    ?? workflow.Inputs.FirstOrDefault(input => input.Name == name)?.Default,
                ["secrets", var name] => request.Secrets.GetValueOrDefault(name),
                ["github", var name] => request.GitHub.GetValueOrDefault(name),
                ["vars", var name] => request.Variables.GetValueOrDefault(name),
                ["needs", var id, "result"] when job.Needs.Contains(id) => results[id]
                    .Outcome.ToString()
                    .ToLowerInvariant(),
                ["needs", var id, "outputs", var output] when job.Needs.Contains(id) => results[id]
                    .Outputs.GetValueOrDefault(output),
                _ => null,
            };

    private static void Check(RehearsedWorkflow workflow, RehearsalRequest request)
    {
        string[] mistakes =
        [
            .. request
                .Inputs.Keys.Where(name => workflow.Inputs.All(input => input.Name != name))
                .Select(name => $"{workflow.Name} has no input {name}"),
            .. workflow
                .Inputs.Where(input =>
                    input is { IsRequired: true, Default: "" } && !request.Inputs.ContainsKey(input.Name)
                )
                .Select(input => $"{workflow.Name} requires the input {input.Name}"),
            .. request
                .Done.Where(id => workflow.Jobs.All(job => job.Id != id))
                .Select(id =>
                    $"{workflow.Name} has no job {id}, only {string.Join(", ", workflow.Jobs.Select(job => job.Id))}"
                ),
            .. workflow
                .Jobs.Where(job => job.IsGate && request.Done.Contains(job.Id))
                .Select(job => $"{job.Id} is a gate: it is not skipped but approved"),
        ];
        if (mistakes.Length > 0)
            throw new TargetFailedException(
                $"{string.Join('\n', mistakes)}\n  users   untouched; nothing was rehearsed\n  next    mend the options: --rehearse-input name=value, --rehearse-skip job",
                exitCode: 2
            );
    }
}
