using System.Collections.Immutable;
using Recyclic.Processes;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Adapters;

/// <summary>
/// Takes the part of GitHub's machines: each job in a clone of its own, with its own variables. What stays shared is
/// what the account shares: programs, package caches, the Docker engine.
/// </summary>
/// <param name="runner">Runs git and the scripts.</param>
/// <param name="root">The repository; what is not committed is not rehearsed, as GitHub would not see it
/// either.</param>
/// <param name="workspace">An empty directory for clones and artifacts.</param>
/// <param name="say">Gets lines for the reader.</param>
public sealed class RehearsalMachine(ICommandRunner runner, string root, string workspace, Action<string> say)
    : IRehearsalStage
{
    /// <summary>
    /// Variables that GitHub gives to every step by itself; default: none but those that every machine has.
    /// </summary>
    public ImmutableDictionary<string, string> GitHub { get; init; } = ImmutableDictionary<string, string>.Empty;

    private readonly ArtifactStore _artifacts = new(Path.Combine(workspace, "artifacts"));
    private readonly ClonedRepository _repository = new(runner, root);
    private readonly CleanShell _shell = new(runner, say);

    /// <inheritdoc/>
    public async Task<JobResult> RunAsync(
        RehearsedJob job,
        ImmutableSortedDictionary<string, string> combination,
        int index,
        Func<string, string?> find,
        CancellationToken cancellationToken
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(job.Timeout);
        var name = index == 0 ? job.Id : $"{job.Id}-{index}";
        say($"── {name}{(combination.IsEmpty ? "" : $" ({string.Join(", ", combination.Values)})")}");
        var run = new JobRun(Path.Combine(workspace, "jobs", name), find);
        Directory.CreateDirectory(run.Clone);
        if (!job.Images.IsEmpty)
            say(
                $"   {string.Join(", ", job.Images)}: not started here; what the job needs of them is to be there already"
            );
        try
        {
            foreach (var step in job.Steps)
                if (run.IsToRun(step) && await LimitedAsync(run, step, job.Timeout, deadline.Token) is { } trouble)
                    if (step.ContinuesOnError)
                        say($"   it failed, and may: {trouble}");
                    else
                        run.Trouble ??= $"line {step.Line}: {trouble}";
            var outputs = job.Outputs.ToImmutableSortedDictionary(
                output => output.Key,
                output => run.Fill(output.Value),
                StringComparer.Ordinal
            );
            return new(job.Id, run.Trouble is null ? JobOutcome.Success : JobOutcome.Failure, run.Trouble)
            {
                Outputs = outputs,
            };
        }
        catch (FormatException exception)
        {
            return new(job.Id, JobOutcome.Failure, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(job.Id, JobOutcome.Failure, $"it took longer than its {job.Timeout.TotalMinutes:0} min");
        }
    }

    /// <inheritdoc cref="RunAsync(JobRun, RehearsedStep, TimeSpan, CancellationToken)"/>
    private async Task<string?> LimitedAsync(
        JobRun run,
        RehearsedStep step,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        if (step.Timeout is not { } own)
            return await RunAsync(run, step, timeout, cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(own);
        try
        {
            return await RunAsync(run, step, own, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it took longer than its {own.TotalMinutes:0} min";
        }
    }

    /// <returns>Why the step failed; null when it did not.</returns>
    private async Task<string?> RunAsync(
        JobRun run,
        RehearsedStep step,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        if (step.Run is { } script)
            return await RunScriptAsync(run, step, script, timeout, cancellationToken);
        var with = step.With.ToDictionary(input => input.Key, input => run.Fill(input.Value));
        switch (step.Action)
        {
            case "actions/checkout":
                return await _repository.CloneAsync(run.Clone, cancellationToken);
            case "actions/upload-artifact":
                var trouble = _artifacts.Upload(run.Clone, with);
                if (trouble is null && step.Id is { } id)
                    run.Keep(id, ArtifactStore.Outputs(with));
                return trouble;
            case "actions/download-artifact":
                return _artifacts.Download(run.Clone, with);
            case "actions/setup-dotnet" or "actions/cache":
                return null;
            default:
                say($"   {step.Uses}: not rehearsed");
                return null;
        }
    }

    private async Task<string?> RunScriptAsync(
        JobRun run,
        RehearsedStep step,
        string script,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        say($"   {script}");
        if (!CleanShell.Knows(step.Shell))
        {
            say($"   for the shell {step.Shell}: not rehearsed");
            return null;
        }
        var files = run.NewStep(script);
        var variables = run.VariablesOf(step)
            .SetItems(GitHub)
            .SetItems(
                new Dictionary<string, string>
                {
                    ["CI"] = "true",
                    ["GITHUB_ACTIONS"] = "true",
                    ["GITHUB_WORKSPACE"] = run.Clone,
                    ["GITHUB_OUTPUT"] = files.Outputs,
                    ["GITHUB_STEP_SUMMARY"] = files.Summary,
                    ["GITHUB_ENV"] = files.Environment,
                    ["GITHUB_PATH"] = files.Path,
                    ["RUNNER_OS"] = "Linux",
                    ["RUNNER_TEMP"] = Path.GetDirectoryName(files.Outputs)!,
                }
            );
        var directory = Path.GetFullPath(Path.Combine(run.Clone, run.Fill(step.WorkingDirectory)));
        if (!Directory.Exists(directory))
            return $"there is no directory {step.WorkingDirectory} in the clone";
        var exitCode = await _shell.RunAsync(
            files.Script,
            directory,
            variables,
            timeout,
            cancellationToken,
            step.Shell
        );
        run.Take(files);
        if (step.Id is { } id)
            run.Keep(id, StepFile.Read(files.Outputs));
        return exitCode == 0 ? null : $"'{script}' ended with exit code {exitCode}";
    }
}
