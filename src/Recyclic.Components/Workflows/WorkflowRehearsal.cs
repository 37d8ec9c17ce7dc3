using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Processes;
using Recyclic.Workflows.Adapters;
using Recyclic.Workflows.Generation;
using Recyclic.Workflows.GitLab;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Components;

/// <summary>Runs the jobs of one workflow file on this machine.</summary>
internal static class WorkflowRehearsal
{
    /// <summary>In front of a workflow whose jobs are to be taken from GitLab's file.</summary>
    private const string OnGitLab = "gitlab:";

    public static async Task RunAsync(IWorkflows build, string name, CancellationToken cancellationToken)
    {
        var files = await new WorkflowDirectory(build.RepositoryRoot).ReadAsync(cancellationToken);
        if (name.StartsWith(OnGitLab, StringComparison.Ordinal))
        {
            await RunOnGitLabAsync(build, name[OnGitLab.Length..], files, cancellationToken);
            return;
        }
        var path = $"{WorkflowFile.Directory}/{name}.yml";
        if (!files.TryGetValue(path, out var text))
            throw new TargetFailedException(
                $"there is no workflow {name}, only {string.Join(", ", files.Keys.Where(file => file != GitLabCi.File).Select(Path.GetFileNameWithoutExtension))}\n  users   untouched; nothing was rehearsed\n  next    name one of these, or write the files: ./build.sh Workflows",
                exitCode: 2
            );
        var workflow = WorkflowReader.Read(path, text);
        if (SayDry(build, workflow))
            return;
        var request = RequestOf(build, text) with
        {
            GitHub = await GitHubContext.OfAsync(build, workflow, cancellationToken),
        };
        foreach (var secret in SecretsOf(build, text).Values.Where(value => value.Length > 0))
            build.AddSecret(secret);
        WarnOfUnset(build, text);
        await RunAsync(
            build,
            name,
            workflow,
            request,
            workspace => new RehearsalMachine(
                new ProcessCommandRunner(),
                build.RepositoryRoot,
                workspace,
                build.WriteLine
            )
            {
                GitHub = GitHubOf(build),
            },
            cancellationToken
        );
    }

    /// <summary>
    /// A project of GitLab gives its variables to every job: here those that the definitions name, and the caller has.
    /// </summary>
    private static async Task RunOnGitLabAsync(
        IWorkflows build,
        string name,
        IReadOnlyDictionary<string, string> files,
        CancellationToken cancellationToken
    )
    {
        if (!files.TryGetValue(GitLabCi.File, out var text))
            throw new TargetFailedException(
                $"there is no {GitLabCi.File}\n  users   untouched; nothing was rehearsed\n  next    add new GitLabCi() to CiSystems of the build class, then ./build.sh Workflows",
                exitCode: 2
            );
        var pipeline = GitLabPipeline.Read(text, name);
        if (SayDry(build, pipeline.Workflow))
            return;
        var places = build.WorkflowDefinitions.SelectMany(workflow => workflow.Places).ToList();
        var renamed = Recyclic.Workflows.GitLab.GitLabCi.ProjectVariables(build.WorkflowDefinitions);
        var secrets = Given(
            build,
            places
                .SelectMany(place => place.Secrets)
                .Concat(renamed.Secrets)
                .Concat(
                    build
                        .Graph.Parameters.Where(parameter => parameter.IsSecret)
                        .Select(parameter => parameter.Variable)
                )
        );
        var variables = Given(
            build,
            places
                .SelectMany(place => place.Variables)
                .Concat(renamed.Variables)
                .Concat(
                    build.Graph.Targets.SelectMany(target => target.Requires).Select(parameter => parameter.Variable)
                )
        );
        foreach (var secret in secrets.Values.Where(value => value.Length > 0))
            build.AddSecret(secret);
        var request = new RehearsalRequest(
            InputsOf(build),
            secrets,
            variables,
            [.. build.RehearseApprove ?? []],
            [.. build.RehearseSkip ?? []]
        );
        await RunAsync(
            build,
            name,
            pipeline.Workflow,
            request,
            workspace => new GitLabMachine(
                pipeline,
                new ProcessCommandRunner(),
                build.RepositoryRoot,
                workspace,
                build.WriteLine
            )
            {
                Project = variables.SetItems(secrets),
            },
            cancellationToken
        );
    }

    private static bool SayDry(IWorkflows build, RehearsedWorkflow workflow)
    {
        if (build.DryRun)
            foreach (var job in workflow.Jobs)
                build.WriteLine(
                    $"would run {job.Id}: {job.Uses ?? string.Join("; ", job.Steps.Select(step => step.Run ?? step.Action))}"
                );
        return build.DryRun;
    }

    private static async Task RunAsync(
        IWorkflows build,
        string name,
        RehearsedWorkflow workflow,
        RehearsalRequest request,
        Func<string, IRehearsalStage> stage,
        CancellationToken cancellationToken
    )
    {
        var workspace = build.TemporaryDirectory / $"rehearsal-{name}";
        workspace.CreateOrCleanDirectory();
        await WarnOfChangesAsync(build, cancellationToken);
        var result = await Rehearsal.RunAsync(workflow, request, stage(workspace), cancellationToken);
        build.WriteLine($"\n{name}, rehearsed:\n{result.ToText()}");
        if (result.HasFailed)
            throw new TargetFailedException(
                $"the rehearsal of {name} failed\n  users   untouched by the rehearsal itself; what its targets did is above\n  next    the clones are in {workspace}"
            );
        foreach (var gate in result.WaitsAt)
            build.WriteLine($"It stopped at the gate of {gate}; to go on: --rehearse-approve {gate}");
        workspace.DeleteDirectory();
    }

    /// <summary>Of the caller's variables only those that the file names as a secret or a variable.</summary>
    private static RehearsalRequest RequestOf(IWorkflows build, string text) =>
        new(
            InputsOf(build),
            SecretsOf(build, text),
            Named(build, text, "vars"),
            [.. build.RehearseApprove ?? []],
            [.. build.RehearseSkip ?? []]
        );

    private static ImmutableSortedDictionary<string, string> InputsOf(IWorkflows build) =>
        (build.RehearseInput ?? [])
            .Select(input =>
                input.Split('=', 2) is [{ Length: > 0 } name, var value]
                    ? (name, value)
                    : throw new TargetFailedException($"--rehearse-input: '{input}' is not name=value", exitCode: 2)
            )
            .ToImmutableSortedDictionary(input => input.name, input => input.value, StringComparer.Ordinal);

    private static ImmutableDictionary<string, string> Given(IWorkflows build, IEnumerable<string> names)
    {
        var wanted = names.Where(name => !name.StartsWith("GITHUB_", StringComparison.Ordinal)).ToHashSet();
        return build.EnvironmentVariables.Where(variable => wanted.Contains(variable.Key)).ToImmutableDictionary();
    }

    /// <summary>What GitHub tells every job by itself, as far as the caller says it.</summary>
    private static ImmutableDictionary<string, string> GitHubOf(IWorkflows build) =>
        build
            .EnvironmentVariables.Where(variable =>
                variable.Key
                    is "GITHUB_REPOSITORY"
                        or "GITHUB_API_URL"
                        or "GITHUB_SERVER_URL"
                        or "GITHUB_RUN_ID"
                        or "GITHUB_ACTOR"
            )
            .ToImmutableDictionary();

    private static ImmutableDictionary<string, string> SecretsOf(IWorkflows build, string text) =>
        Named(build, text, "secrets");

    private static ImmutableDictionary<string, string> Named(IWorkflows build, string text, string context) =>
        build
            .EnvironmentVariables.Where(variable =>
                text.Contains($"{context}.{variable.Key} ", StringComparison.Ordinal)
            )
            .ToImmutableDictionary();

    /// <summary>GitHub gives an empty text for what is not set; here that is more often forgotten than meant.</summary>
    private static void WarnOfUnset(IWorkflows build, string text)
    {
        foreach (var context in new[] { "vars", "secrets" })
            if (
                Regex
                    .Matches(text, context + @"\.(\w+) ")
                    .Select(match => match.Groups[1].Value)
                    .Distinct()
                    .Where(name => build.EnvironmentVariables.GetValueOrDefault(name) is null or "")
                    .Order(StringComparer.Ordinal)
                    .ToList() is
                { Count: > 0 } unset
            )
                build.WriteLine(
                    $"{(context == "vars" ? "Variables" : "Secrets")} that are not set here, and so empty for the jobs: {string.Join(", ", unset)}"
                );
    }

    private static async Task WarnOfChangesAsync(IWorkflows build, CancellationToken cancellationToken)
    {
        var status = await new ToolRunner().RunAsync(
            Command.Of("git", "status", "--porcelain") with
            {
                WorkingDirectory = build.RootDirectory,
                IsReadOnly = true,
            },
            cancellationToken
        );
        if (status.Succeeded && status.StandardOutput.Trim().Length > 0)
            Serilog.Log.Warning("what is not committed is not rehearsed: a workflow sees commits only");
    }
}
