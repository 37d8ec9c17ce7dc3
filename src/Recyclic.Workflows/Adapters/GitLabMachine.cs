using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Processes;
using Recyclic.Workflows.GitLab;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Adapters;

/// <summary>
/// Takes the part of GitLab's runners: each job in a clone of its own, with the project's variables, its own, and what
/// the jobs before it hand over.
/// </summary>
/// <param name="pipeline">What the jobs do.</param>
/// <param name="runner">Runs git and the scripts.</param>
/// <param name="root">The repository; what is not committed is not rehearsed.</param>
/// <param name="workspace">An empty directory for clones and artifacts.</param>
/// <param name="say">Gets lines for the reader.</param>
public sealed partial class GitLabMachine(
    GitLabPipeline pipeline,
    ICommandRunner runner,
    string root,
    string workspace,
    Action<string> say
) : IRehearsalStage
{
    /// <summary>
    /// Packages are this machine's: a rehearsal keeps no cache, and would fetch all of them in each job.
    /// </summary>
    private const string PackagesVariable = "NUGET_PACKAGES";

    /// <summary>Variables of the project, which GitLab gives to every job; default: none.</summary>
    public ImmutableDictionary<string, string> Project { get; init; } = ImmutableDictionary<string, string>.Empty;

    private readonly ClonedRepository _repository = new(runner, root);
    private readonly CleanShell _shell = new(runner, say);
    private readonly Dictionary<string, ImmutableDictionary<string, string>> _outputs = [];

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
        try
        {
            var trouble = await RunAsync(pipeline.Jobs[job.Id], job, name, combination, find, deadline.Token);
            return new(job.Id, trouble is null ? JobOutcome.Success : JobOutcome.Failure, trouble);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(job.Id, JobOutcome.Failure, $"it took longer than its {job.Timeout.TotalMinutes:0} min");
        }
    }

    /// <returns>Why it failed; null when it did not.</returns>
    private async Task<string?> RunAsync(
        GitLabJob does,
        RehearsedJob job,
        string name,
        ImmutableSortedDictionary<string, string> combination,
        Func<string, string?> find,
        CancellationToken cancellationToken
    )
    {
        var directory = Path.Combine(workspace, "jobs", name);
        var clone = Directory.CreateDirectory(Path.Combine(directory, "work")).FullName;
        if (await _repository.CloneAsync(clone, cancellationToken) is { } trouble)
            return trouble;
        foreach (var from in does.FilesOf.Select(StoreOf).Where(Directory.Exists))
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            ArtifactStore.Copy(file, Path.Combine(clone, Path.GetRelativePath(from, file)));
        var script = Path.Combine(directory, "script.sh");
        await File.WriteAllTextAsync(script, string.Join('\n', does.Script) + "\n", cancellationToken);
        foreach (var line in does.Script)
            say($"   {line}");
        var exitCode = await _shell.RunAsync(
            script,
            clone,
            VariablesOf(does, clone, combination, find),
            job.Timeout,
            cancellationToken
        );
        if (exitCode == 0 || does.LeavesAlways)
            foreach (var file in does.Paths.SelectMany(pattern => ArtifactStore.Found(clone, pattern)).Distinct())
                ArtifactStore.Copy(file, Path.Combine(StoreOf(job.Id), Path.GetRelativePath(clone, file)));
        if (does.OutputsFile is { } outputs && File.Exists(Path.Combine(clone, outputs)))
            _outputs[job.Id] = File.ReadLines(Path.Combine(clone, outputs))
                .Select(line => line.Split('=', 2))
                .Where(parts => parts.Length == 2)
                .ToImmutableDictionary(parts => parts[0], parts => parts[1]);
        return exitCode == 0 ? null : $"'{does.Script[^1]}' ended with exit code {exitCode}";
    }

    /// <summary>The later win, as on GitLab: what a person has given wins over all.</summary>
    private ImmutableDictionary<string, string> VariablesOf(
        GitLabJob does,
        string clone,
        ImmutableSortedDictionary<string, string> combination,
        Func<string, string?> find
    ) =>
        Project
            .SetItems(
                does.Variables.Remove(PackagesVariable)
                    .Select(variable => KeyValuePair.Create(variable.Key, Filled(variable.Value, clone)))
            )
            .SetItems(combination)
            .SetItems(
                does.FilesOf.SelectMany(id => _outputs.GetValueOrDefault(id, ImmutableDictionary<string, string>.Empty))
            )
            .SetItems(
                pipeline.Workflow.Inputs.Select(input =>
                    KeyValuePair.Create(input.Name, find($"inputs.{input.Name}") ?? "")
                )
            )
            .SetItems([new("CI", "true"), new("GITLAB_CI", "true"), new("CI_PROJECT_DIR", clone)]);

    /// <summary>As GitLab reads a value: $$ is a dollar, $NAME a variable of the project.</summary>
    private string Filled(string value, string clone) =>
        Reference()
            .Replace(
                value,
                match =>
                    match.Value == "$$" ? "$"
                    : match.Groups[1].Value == "CI_PROJECT_DIR" ? clone
                    : Project.GetValueOrDefault(match.Groups[1].Value, "")
            );

    [GeneratedRegex(@"\$\$|\$([A-Za-z_][A-Za-z0-9_]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    private string StoreOf(string id) => Path.Combine(workspace, "artifacts", id);
}
