using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.Rehearsal;

/// <summary>Reads a workflow file, ours or not. Pure.</summary>
public static class WorkflowReader
{
    /// <summary>The jobs of a file, each after those that it needs.</summary>
    /// <exception cref="TargetFailedException">It is no workflow; the message has the line; exit code 2.</exception>
    public static RehearsedWorkflow Read(string path, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
                throw Wrong(path, 1, "is no map");
            var name = Text(Find(root, "name")) ?? Path.GetFileNameWithoutExtension(path);
            var shared = new SharedByJobs(
                Map(Find(root, "env")),
                Text(Find(Find(Find(root, "defaults"), "run"), "shell")),
                Text(Find(Find(Find(root, "defaults"), "run"), "working-directory"))
            );
            var read = new RehearsedWorkflow(
                name,
                Inputs(root),
                [.. Entries(Find(root, "jobs")).Select(job => Job(path, job.Key, job.Value, shared))]
            )
            {
                Events = Events(Find(root, "on")),
            };
            return Ordered(path, read);
        }
        catch (YamlException exception)
        {
            throw Wrong(path, exception.Start.Line, exception.Message);
        }
    }

    /// <summary>What the steps of all jobs have unless they say otherwise.</summary>
    private sealed record SharedByJobs(
        ImmutableSortedDictionary<string, string> Environment,
        string? Shell,
        string? WorkingDirectory
    );

    private static ImmutableArray<string> Events(YamlNode? on) =>
        on is YamlMappingNode ? [.. Entries(on).Select(entry => entry.Key)] : Texts(on);

    private static ImmutableArray<RehearsedInput> Inputs(YamlMappingNode root) =>
        [
            .. new[] { "workflow_dispatch", "workflow_call" }
                .SelectMany(reason => Entries(Find(Find(Find(root, "on"), reason), "inputs")))
                .DistinctBy(input => input.Key)
                .Select(input => new RehearsedInput(
                    input.Key,
                    Text(Find(input.Value, "required")) == "true",
                    Text(Find(input.Value, "default")) ?? ""
                )),
        ];

    private static RehearsedJob Job(string path, string id, YamlNode node, SharedByJobs shared)
    {
        if (node is not YamlMappingNode job)
            throw Wrong(path, node.Start.Line, $"job {id} is no map");
        var (environment, strategy, container) = (
            Find(job, "environment"),
            Find(job, "strategy"),
            Find(job, "container")
        );
        var own = shared with { Environment = shared.Environment.SetItems(Map(Find(job, "env"))) };
        return new(id)
        {
            Uses = Text(Find(job, "uses")),
            Images =
            [
                .. new[] { Text(container) ?? Text(Find(container, "image")) }
                    .Concat(Entries(Find(job, "services")).Select(service => Text(Find(service.Value, "image"))))
                    .OfType<string>(),
            ],
            ContinuesOnError = Text(Find(job, "continue-on-error")) == "true",
            FailsFast = Text(Find(strategy, "fail-fast")) != "false",
            Needs = Texts(Find(job, "needs")),
            Condition = Text(Find(job, "if")),
            Environment = Text(environment) ?? Text(Find(environment, "name")),
            IsGate = Text(Find(environment, "deployment")) == "false",
            Timeout = Minutes(job) ?? TimeSpan.FromHours(6),
            Outputs = Map(Find(job, "outputs")),
            Matrix = Combinations(Find(strategy, "matrix")),
            Steps = Find(job, "steps") is YamlSequenceNode steps
                ? [.. steps.Select(step => Step(path, step, own))]
                : [],
        };
    }

    private static RehearsedStep Step(string path, YamlNode node, SharedByJobs shared)
    {
        var step = new RehearsedStep((int)node.Start.Line)
        {
            Id = Text(Find(node, "id")),
            Uses = Text(Find(node, "uses")),
            Run = Text(Find(node, "run")),
            Condition = Text(Find(node, "if")),
            Shell = Text(Find(node, "shell")) ?? shared.Shell ?? "bash",
            WorkingDirectory = Text(Find(node, "working-directory")) ?? shared.WorkingDirectory ?? "",
            ContinuesOnError = Text(Find(node, "continue-on-error")) == "true",
            Timeout = Minutes(node),
            With = Map(Find(node, "with")),
            Environment = shared.Environment.SetItems(Map(Find(node, "env"))),
        };
        return step.Uses is null == (step.Run is null)
            ? throw Wrong(path, node.Start.Line, "a step has either uses or run")
            : step;
    }

    private static TimeSpan? Minutes(YamlNode node) =>
        double.TryParse(Text(Find(node, "timeout-minutes")), CultureInfo.InvariantCulture, out var minutes)
            ? TimeSpan.FromMinutes(minutes)
            : null;

    /// <summary>Each job after those that it needs.</summary>
    internal static RehearsedWorkflow Ordered(string path, RehearsedWorkflow workflow)
    {
        var left = workflow.Jobs.ToList();
        var done = ImmutableArray.CreateBuilder<RehearsedJob>();
        foreach (var job in left)
            if (job.Needs.FirstOrDefault(need => left.All(other => other.Id != need)) is { } missing)
                throw Wrong(path, 1, $"job {job.Id} needs {missing}, which is no job of it");
        while (left.Find(job => job.Needs.All(need => done.Any(other => other.Id == need))) is { } next)
        {
            left.Remove(next);
            done.Add(next);
        }
        return left.Count == 0
            ? workflow with
            {
                Jobs = done.ToImmutable(),
            }
            : throw Wrong(path, 1, $"the jobs {string.Join(", ", left.Select(job => job.Id))} wait for each other");
    }

    internal static ImmutableArray<ImmutableSortedDictionary<string, string>> Combinations(YamlNode? matrix) =>
        Matrix.Expand(
            Entries(matrix)
                .Where(entry => entry.Key is not ("include" or "exclude"))
                .Select(axis => (axis.Key, Texts(axis.Value))),
            Listed(Find(matrix, "include")),
            Listed(Find(matrix, "exclude"))
        );

    private static ImmutableArray<ImmutableSortedDictionary<string, string>> Listed(YamlNode? node) =>
        node is YamlSequenceNode list
            ?
            [
                .. list.Select(item =>
                    Entries(item)
                        .ToImmutableSortedDictionary(
                            entry => entry.Key,
                            entry => ItemText(entry.Value),
                            StringComparer.Ordinal
                        )
                ),
            ]
            : [];

    internal static YamlNode? Find(YamlNode? node, string key) =>
        Entries(node).FirstOrDefault(entry => entry.Key == key).Value;

    internal static IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode? node) =>
        node is YamlMappingNode map ? map.Children.Select(entry => (Text(entry.Key) ?? "", entry.Value)) : [];

    internal static ImmutableSortedDictionary<string, string> Map(YamlNode? node) =>
        Entries(node)
            .ToImmutableSortedDictionary(entry => entry.Key, entry => Text(entry.Value) ?? "", StringComparer.Ordinal);

    internal static ImmutableArray<string> Texts(YamlNode? node) =>
        node switch
        {
            YamlSequenceNode list => [.. list.Select(ItemText)],
            YamlScalarNode => [Text(node)!],
            _ => [],
        };

    /// <summary>A list of labels as one text.</summary>
    private static string ItemText(YamlNode item) => Text(item) ?? $"[{string.Join(", ", Texts(item))}]";

    internal static string? Text(YamlNode? node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : null;

    internal static TargetFailedException Wrong(string path, long line, string what) =>
        new(
            $"{path}, line {line}: {what}\n  users   untouched; nothing was rehearsed\n  next    ./build.sh Workflows writes the files anew",
            exitCode: 2
        );
}
