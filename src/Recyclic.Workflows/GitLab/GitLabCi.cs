using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.GitLab;

/// <summary>
/// GitLab CI: one file with the jobs of all workflows, each called <c>workflow:job</c>. What a workflow says and GitLab
/// cannot do is refused, or replaced by what is said here.
/// </summary>
public sealed record GitLabCi : ICiSystem
{
    /// <summary>The only file, relative to the root of the repository.</summary>
    public const string File = ".gitlab-ci.yml";

    /// <inheritdoc/>
    public string Name => "GitLab CI";

    /// <summary>
    /// The image in which jobs run; it has bash, git and the SDK that global.json names. Default: what the runner has.
    /// </summary>
    public string? Image { get; init; }

    /// <summary>
    /// GitLab's tags for a label of a machine: <c>["windows-2025"] = ["windows"]</c>. Default: GitHub's own Linux
    /// machines are any runner; labels of one's own are tags of the same name; GitHub's other machines have none, and
    /// are refused. A job needs bash on each. </summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Tags { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>How long files and outputs of a job are kept, in whole hours, at least one; default: 30 days.</summary>
    public TimeSpan KeepsArtifacts { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Whether a pipeline may pass, with a warning, though a job failed whose failure lets others go on: GitLab knows
    /// no other way to go on. Default: false, such a job is refused.
    /// </summary>
    public bool PassesWithWarnings { get; init; }

    /// <summary>
    /// Anything else of a job, by its name, as it stands: <c>["ci:test"] = new(("retry", 2))</c>. It stands for the
    /// place's own Extra and Steps, which are GitHub's. Must not repeat a key that is generated. Default: none.
    /// </summary>
    public ImmutableSortedDictionary<string, YamlMap> Jobs { get; init; } =
        ImmutableSortedDictionary.Create<string, YamlMap>(StringComparer.Ordinal);

    /// <summary>
    /// Anything else at the top of the file, as it stands; stands for the workflows' own Extra, which is GitHub's. Must
    /// not repeat a key that is generated. Default: none.
    /// </summary>
    public YamlMap Extra { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<string> Mistakes(ImmutableArray<JobGraph> workflows, BuildGraph graph) =>
        GitLabRules.Mistakes(this, workflows, graph);

    /// <inheritdoc/>
    public IEnumerable<(string Path, YamlMap Document)> Files(ImmutableArray<JobGraph> workflows, BuildGraph graph) =>
        workflows.IsEmpty ? [] : [(File, GitLabYaml.Of(this, workflows, graph))];

    /// <summary>The names of the project's variables from which definitions fill variables of other names.</summary>
    public static (ImmutableArray<string> Secrets, ImmutableArray<string> Variables) ProjectVariables(
        IEnumerable<Workflow> workflows
    )
    {
        ImmutableArray<string> values =
        [
            .. workflows
                .SelectMany(workflow => workflow.Places.Select(place => place.Env).Append(workflow.Env))
                .SelectMany(env => env.Values.Values),
        ];
        ImmutableArray<string> secrets = [.. values.Select(EnvRules.SecretOf).OfType<string>().Distinct()];
        return (secrets, [.. values.Select(EnvRules.NameOf).OfType<string>().Distinct().Except(secrets)]);
    }
}
