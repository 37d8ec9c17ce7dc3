using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Processes;
using Recyclic.Workflows.Adapters;
using Recyclic.Workflows.Generation;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Components;

/// <summary>Runs the jobs of one workflow file on this machine.</summary>
internal static class WorkflowRehearsal
{
    public static async Task RunAsync(IWorkflows build, string name, CancellationToken cancellationToken)
    {
        var files = await new WorkflowDirectory(build.RootDirectory).ReadAsync(cancellationToken);
        var path = $"{WorkflowFile.Directory}/{name}.yml";
        if (!files.TryGetValue(path, out var text))
            throw new TargetFailedException($"there is no workflow {name}, only {string.Join(", ", files.Keys.Select(Path.GetFileNameWithoutExtension))}\n  users   untouched; nothing was rehearsed\n  next    name one of these, or write the files: ./build.sh Workflows", exitCode: 2);
        var workflow = WorkflowReader.Read(path, text);
        if (build.DryRun)
        {
            foreach (var job in workflow.Jobs) build.WriteLine($"would run {job.Id}: {string.Join("; ", job.Steps.Select(step => step.Run ?? step.Action))}");
            return;
        }
        var request = RequestOf(build, text);
        foreach (var secret in SecretsOf(build, text).Values.Where(value => value.Length > 0)) build.AddSecret(secret);
        var workspace = build.TemporaryDirectory / $"rehearsal-{name}";
        workspace.CreateOrCleanDirectory();
        await WarnOfChangesAsync(build, cancellationToken);
        WarnOfUnset(build, text);
        var result = await Rehearsal.RunAsync(workflow, request, new RehearsalMachine(new ProcessCommandRunner(), build.RootDirectory, workspace, build.WriteLine) { GitHub = GitHubOf(build) }, cancellationToken);
        build.WriteLine($"\n{name}, rehearsed:\n{result.ToText()}");
        if (result.HasFailed) throw new TargetFailedException($"the rehearsal of {name} failed\n  users   untouched by the rehearsal itself; what its targets did is above\n  next    the clones are in {workspace}");
        foreach (var gate in result.WaitsAt) build.WriteLine($"It stopped at the gate of {gate}; to go on: --rehearse-approve {gate}");
        workspace.DeleteDirectory();
    }

    /// <summary>Of the caller's variables only those that the file names as a secret or a variable.</summary>
    private static RehearsalRequest RequestOf(IWorkflows build, string text) => new(
        (build.RehearseInput ?? []).Select(input => input.Split('=', 2) is [{ Length: > 0 } name, var value] ? (name, value) : throw new TargetFailedException($"--rehearse-input: '{input}' is not name=value", exitCode: 2))
            .ToImmutableSortedDictionary(input => input.name, input => input.value, StringComparer.Ordinal),
        SecretsOf(build, text), Named(build, text, "vars"), [.. build.RehearseApprove ?? []], [.. build.RehearseSkip ?? []]);

    /// <summary>What GitHub tells every job by itself, as far as the caller says it.</summary>
    private static ImmutableDictionary<string, string> GitHubOf(IWorkflows build) =>
        build.EnvironmentVariables.Where(variable => variable.Key is "GITHUB_REPOSITORY" or "GITHUB_API_URL" or "GITHUB_SERVER_URL" or "GITHUB_RUN_ID" or "GITHUB_ACTOR").ToImmutableDictionary();

    private static ImmutableDictionary<string, string> SecretsOf(IWorkflows build, string text) => Named(build, text, "secrets");

    private static ImmutableDictionary<string, string> Named(IWorkflows build, string text, string context) =>
        build.EnvironmentVariables.Where(variable => text.Contains($"{context}.{variable.Key} ", StringComparison.Ordinal)).ToImmutableDictionary();

    /// <summary>GitHub gives an empty text for what is not set; here that is more often forgotten than meant.</summary>
    private static void WarnOfUnset(IWorkflows build, string text)
    {
        foreach (var context in new[] { "vars", "secrets" })
            if (Regex.Matches(text, context + @"\.(\w+) ").Select(match => match.Groups[1].Value).Distinct().Where(name => build.EnvironmentVariables.GetValueOrDefault(name) is null or "").Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unset)
                build.WriteLine($"{(context == "vars" ? "Variables" : "Secrets")} that are not set here, and so empty for the jobs: {string.Join(", ", unset)}");
    }

    private static async Task WarnOfChangesAsync(IWorkflows build, CancellationToken cancellationToken)
    {
        var status = await new ProcessCommandRunner().RunAsync(Command.Of("git", "status", "--porcelain") with { WorkingDirectory = build.RootDirectory, IsReadOnly = true }, cancellationToken);
        if (status.Succeeded && status.StandardOutput.Trim().Length > 0)
            Serilog.Log.Warning("what is not committed is not rehearsed: a workflow sees commits only");
    }
}
