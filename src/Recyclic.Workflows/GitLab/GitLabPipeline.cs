using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Rehearsal;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.GitLab;

/// <summary>What GitLab does in a job.</summary>
/// <param name="Script">Lines of a shell.</param>
public sealed record GitLabJob(ImmutableArray<string> Script)
{
    /// <summary>Its own variables, without those of the project.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } = RehearsedJob.NoTexts;

    /// <summary>Jobs whose files and outputs it gets.</summary>
    public ImmutableArray<string> FilesOf { get; init; } = [];

    /// <summary>Patterns of the files that it leaves.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>Whether it leaves them after a failure too.</summary>
    public bool LeavesAlways { get; init; }

    /// <summary>The file of its outputs; null: it has none.</summary>
    public string? OutputsFile { get; init; }
}

/// <summary>
/// The jobs of one workflow as <c>.gitlab-ci.yml</c> says them: what GitLab would see, not what we meant. A name is
/// without its workflow.
/// </summary>
/// <param name="Workflow">Who waits for whom, and who runs after a failure.</param>
/// <param name="Jobs">By name.</param>
public sealed partial record GitLabPipeline(
    RehearsedWorkflow Workflow,
    ImmutableSortedDictionary<string, GitLabJob> Jobs
)
{
    /// <summary>Reads a file that was generated. Pure.</summary>
    /// <exception cref="TargetFailedException">It is no such file, or has no such workflow; exit code 2.</exception>
    public static GitLabPipeline Read(string text, string workflow)
    {
        var root = Root(text);
        var prefix = workflow + ":";
        ImmutableArray<(string Id, YamlNode Node)> jobs =
        [
            .. WorkflowReader
                .Entries(root)
                .Where(entry => entry.Key == Names.CheckJob || entry.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(entry => (IdOf(entry.Key), entry.Value)),
        ];
        if (jobs.All(job => job.Id == Names.CheckJob))
            throw new TargetFailedException(
                $"there is no workflow {workflow} in {GitLabCi.File}, only {string.Join(", ", WorkflowReader.Entries(root).Where(entry => entry.Key.Contains(':', StringComparison.Ordinal)).Select(entry => entry.Key.Split(':')[0]).Distinct())}\n  users   untouched; nothing was rehearsed\n  next    name one of these, or write the file: ./build.sh Workflows",
                exitCode: 2
            );
        var tolerated = jobs.Where(job => Text(job.Node, "allow_failure") == "true").Select(job => job.Id).ToHashSet();
        var read = new RehearsedWorkflow(
            workflow,
            Inputs(root, jobs),
            [.. jobs.Select(job => Rehearsed(job.Id, job.Node, tolerated))]
        );
        return new(
            WorkflowReader.Ordered(GitLabCi.File, read),
            jobs.ToImmutableSortedDictionary(job => job.Id, job => JobOf(job.Node), StringComparer.Ordinal)
        );
    }

    private static YamlMappingNode Root(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? root
                : throw WorkflowReader.Wrong(GitLabCi.File, 1, "is no map");
        }
        catch (YamlException exception)
        {
            throw WorkflowReader.Wrong(GitLabCi.File, exception.Start.Line, exception.Message);
        }
    }

    /// <summary>
    /// A field of the form, but for the one that chooses the workflow. A rule that asks for it makes it required.
    /// </summary>
    private static ImmutableArray<RehearsedInput> Inputs(YamlNode root, ImmutableArray<(string Id, YamlNode Node)> jobs)
    {
        var rules = string.Join(
            '\n',
            jobs.Where(job => job.Id != Names.CheckJob)
                .Take(1)
                .SelectMany(job => List(job.Node, "rules"))
                .Select(rule => Text(rule, "if"))
        );
        // Another pipeline than one by hand has no form.
        if (!rules.Contains(GitLabTriggers.ByHand, StringComparison.Ordinal))
            return [];
        return
        [
            .. from field in WorkflowReader.Entries(WorkflowReader.Find(root, "variables"))
            where field.Key != GitLabTriggers.WorkflowVariable && Text(field.Value, "description") is not null
            select new RehearsedInput(
                field.Key,
                Regex.IsMatch(rules, $@"&& \${field.Key}\b"),
                Text(field.Value, "value") ?? ""
            ),
        ];
    }

    private static RehearsedJob Rehearsed(string id, YamlNode node, HashSet<string> tolerated)
    {
        ImmutableArray<string> needs = [.. List(node, "needs").Select(need => IdOf(Text(need, "job")!))];
        var when = List(node, "rules").Select(rule => Text(rule, "when")).FirstOrDefault() ?? "on_success";
        return new(id)
        {
            Needs = needs,
            Condition = Condition(when, needs, tolerated),
            Environment = Text(WorkflowReader.Find(node, "environment"), "name"),
            IsGate = when == "manual",
            Timeout = Minutes().Match(Text(node, "timeout") ?? "") is { Success: true } match
                ? TimeSpan.FromMinutes(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
                : TimeSpan.FromHours(1),
            Matrix = List(WorkflowReader.Find(node, "parallel"), "matrix") is { Children.Count: > 0 } matrix
                ? [.. from map in matrix from one in WorkflowReader.Combinations(map) select one]
                : [RehearsedJob.NoTexts],
            Steps = [new RehearsedStep((int)node.Start.Line) { Run = string.Join('\n', Script(node)) }],
        };
    }

    /// <summary>
    /// In the words of a rehearsal. GitLab looks at the jobs that are named in needs, and takes one that may fail as
    /// one that succeeded.
    /// </summary>
    private static string? Condition(string when, ImmutableArray<string> needs, HashSet<string> tolerated) =>
        when switch
        {
            "always" => "always()",
            "on_failure" =>
                $"always() && ({string.Join(" || ", needs.Select(need => $"needs.{need}.result == 'failure'"))})",
            _ when needs.IsEmpty => null,
            _ =>
                $"always() && {string.Join(" && ", needs.Select(need => tolerated.Contains(need) ? $"(needs.{need}.result == 'success' || needs.{need}.result == 'failure')" : $"needs.{need}.result == 'success'"))}",
        };

    private static GitLabJob JobOf(YamlNode node)
    {
        var artifacts = WorkflowReader.Find(node, "artifacts");
        return new(Script(node))
        {
            Variables = WorkflowReader.Map(WorkflowReader.Find(node, "variables")),
            FilesOf =
            [
                .. List(node, "needs")
                    .Where(need => Text(need, "artifacts") == "true")
                    .Select(need => IdOf(Text(need, "job")!)),
            ],
            Paths = WorkflowReader.Texts(WorkflowReader.Find(artifacts, "paths")),
            LeavesAlways = Text(artifacts, "when") == "always",
            OutputsFile = Text(WorkflowReader.Find(artifacts, "reports"), "dotenv"),
        };
    }

    private static ImmutableArray<string> Script(YamlNode node) =>
        [
            .. WorkflowReader.Texts(WorkflowReader.Find(node, "before_script")),
            .. WorkflowReader.Texts(WorkflowReader.Find(node, "script")),
        ];

    private static YamlSequenceNode List(YamlNode? node, string key) =>
        WorkflowReader.Find(node, key) as YamlSequenceNode ?? [];

    private static string? Text(YamlNode? node, string key) => WorkflowReader.Text(WorkflowReader.Find(node, key));

    private static string IdOf(string name) => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];

    [GeneratedRegex(@"\A([0-9]{1,6}) minutes\z", RegexOptions.CultureInvariant)]
    private static partial Regex Minutes();
}
