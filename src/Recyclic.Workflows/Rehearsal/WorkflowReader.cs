using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Build;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.Rehearsal;

/// <summary>Reads a workflow file, ours or not. Pure.</summary>
public static class WorkflowReader
{
    /// <exception cref="TargetFailedException">It is no workflow; the message has the line; exit code 2.</exception>
    public static RehearsedWorkflow Read(string path, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is not [{ RootNode: YamlMappingNode root }]) throw Wrong(path, 1, "is no map");
            var name = Text(Find(root, "name")) ?? Path.GetFileNameWithoutExtension(path);
            return Ordered(path, new(name, Inputs(root), [.. Entries(Find(root, "jobs")).Select(job => Job(path, job.Key, job.Value))]));
        }
        catch (YamlException exception)
        {
            throw Wrong(path, exception.Start.Line, exception.Message);
        }
    }

    private static ImmutableArray<RehearsedInput> Inputs(YamlMappingNode root) =>
        [.. Entries(Find(Find(Find(root, "on"), "workflow_dispatch"), "inputs")).Select(input => new RehearsedInput(input.Key, Text(Find(input.Value, "required")) == "true", Text(Find(input.Value, "default")) ?? ""))];

    private static RehearsedJob Job(string path, string id, YamlNode node)
    {
        if (node is not YamlMappingNode job) throw Wrong(path, node.Start.Line, $"job {id} is no map");
        var environment = Find(job, "environment");
        return new(id)
        {
            Needs = Texts(Find(job, "needs")),
            Condition = Text(Find(job, "if")),
            Environment = Text(environment) ?? Text(Find(environment, "name")),
            IsGate = Text(Find(environment, "deployment")) == "false",
            Timeout = double.TryParse(Text(Find(job, "timeout-minutes")), CultureInfo.InvariantCulture, out var minutes) ? TimeSpan.FromMinutes(minutes) : TimeSpan.FromHours(6),
            Outputs = Map(Find(job, "outputs")),
            Matrix = Combinations(Find(Find(job, "strategy"), "matrix")),
            Steps = Find(job, "steps") is YamlSequenceNode steps ? [.. steps.Select(step => Step(path, step))] : [],
        };
    }

    private static RehearsedStep Step(string path, YamlNode node)
    {
        var step = new RehearsedStep((int)node.Start.Line)
        {
            Id = Text(Find(node, "id")),
            Uses = Text(Find(node, "uses")),
            Run = Text(Find(node, "run")),
            Condition = Text(Find(node, "if")),
            With = Map(Find(node, "with")),
            Environment = Map(Find(node, "env")),
        };
        return step.Uses is null == (step.Run is null) ? throw Wrong(path, node.Start.Line, "a step has either uses or run") : step;
    }

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
        return left.Count == 0 ? workflow with { Jobs = done.ToImmutable() } : throw Wrong(path, 1, $"the jobs {string.Join(", ", left.Select(job => job.Id))} wait for each other");
    }

    internal static ImmutableArray<ImmutableSortedDictionary<string, string>> Combinations(YamlNode? matrix)
    {
        ImmutableArray<ImmutableSortedDictionary<string, string>> all = [RehearsedJob.NoTexts];
        foreach (var (axis, values) in Entries(matrix))
            all = [.. from one in all from value in Texts(values) select one.SetItem(axis, value)];
        return all;
    }

    internal static YamlNode? Find(YamlNode? node, string key) => Entries(node).FirstOrDefault(entry => entry.Key == key).Value;

    internal static IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode? node) =>
        node is YamlMappingNode map ? map.Children.Select(entry => (Text(entry.Key) ?? "", entry.Value)) : [];

    internal static ImmutableSortedDictionary<string, string> Map(YamlNode? node) =>
        Entries(node).ToImmutableSortedDictionary(entry => entry.Key, entry => Text(entry.Value) ?? "", StringComparer.Ordinal);

    internal static ImmutableArray<string> Texts(YamlNode? node) => node switch
    {
        YamlSequenceNode list => [.. list.Select(item => Text(item) ?? $"[{string.Join(", ", Texts(item))}]")],
        YamlScalarNode => [Text(node)!],
        _ => [],
    };

    internal static string? Text(YamlNode? node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : null;

    internal static TargetFailedException Wrong(string path, long line, string what) =>
        new($"{path}, line {line}: {what}\n  users   untouched; nothing was rehearsed\n  next    ./build.sh Workflows writes the files anew", exitCode: 2);
}
