using System.Collections.Immutable;
using Recyclic.Processes;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Components;

/// <summary>
/// What conditions of a rehearsed workflow may ask of GitHub: what the caller says (<c>GITHUB_REPOSITORY</c> and the
/// like), and what the repository itself shows.
/// </summary>
internal static class GitHubContext
{
    private const string Prefix = "GITHUB_";

    public static async Task<ImmutableDictionary<string, string>> OfAsync(
        IWorkflows build,
        RehearsedWorkflow workflow,
        CancellationToken cancellationToken
    )
    {
        var said = build
            .EnvironmentVariables.Where(variable =>
                variable.Key.StartsWith(Prefix, StringComparison.Ordinal)
                && variable.Key != "GITHUB_TOKEN"
                && variable.Value.Length > 0
            )
            .ToImmutableDictionary(
                variable => variable.Key[Prefix.Length..].ToLowerInvariant(),
                variable => variable.Value
            );
        var known = ImmutableDictionary.CreateBuilder<string, string>();
        if (
            (
                build.RehearseInput is { Length: > 0 } && workflow.Events.Contains("workflow_dispatch")
                    ? "workflow_dispatch"
                    : workflow.Events.FirstOrDefault()
            ) is
            { } reason
        )
            known["event_name"] = reason;
        if (await GitAsync(build, cancellationToken, "symbolic-ref", "--quiet", "HEAD") is { } branch)
            (known["ref"], known["ref_type"]) = (branch, "branch");
        if (await GitAsync(build, cancellationToken, "rev-parse", "HEAD") is { } commit)
            known["sha"] = commit;
        known["workflow"] = workflow.Name;
        var all = known.ToImmutable().SetItems(said);
        if (all.TryGetValue("ref", out var name) && !all.ContainsKey("ref_name"))
            all = all.Add("ref_name", name.Split('/', 3) is ["refs", _, var last] ? last : name);
        if (all.TryGetValue("repository", out var repository) && !all.ContainsKey("repository_owner"))
            all = all.Add("repository_owner", repository.Split('/')[0]);
        return all;
    }

    private static async Task<string?> GitAsync(
        IWorkflows build,
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        var result = await new ToolRunner().RunAsync(
            Command.Of("git", arguments) with
            {
                WorkingDirectory = build.RootDirectory,
                IsReadOnly = true,
                Timeout = TimeSpan.FromSeconds(30),
            },
            cancellationToken
        );
        return result.Succeeded && result.StandardOutput.Trim() is { Length: > 0 } text ? text : null;
    }
}
