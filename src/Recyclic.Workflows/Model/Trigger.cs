using System.Collections.Immutable;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows;

/// <summary>A reason for a workflow to run.</summary>
/// <param name="Event">GitHub's name of the event.</param>
/// <param name="Filter">What it says below the event; empty: nothing.</param>
public sealed record Trigger(string Event, YamlMap Filter)
{
    /// <summary>Inputs of a run by hand.</summary>
    public ImmutableArray<Input> Inputs { get; init; } = [];

    public static Trigger Push(params IEnumerable<string> branches) => new("push", new YamlMap().WithAny("branches", YamlList.Of(branches)));

    public static Trigger PushTags(params IEnumerable<string> tags) => new("push", new YamlMap().WithAny("tags", YamlList.Of(tags)));

    /// <param name="branches">Into which; none: into any.</param>
    public static Trigger PullRequest(params IEnumerable<string> branches) => new("pull_request", new YamlMap().WithAny("branches", YamlList.Of(branches)));

    /// <summary>A button, and what it asks for.</summary>
    public static Trigger Dispatch(params ImmutableArray<Input> inputs) => new("workflow_dispatch", new YamlMap()) { Inputs = inputs };

    /// <param name="cron">Minute, hour, day, month, weekday, in UTC.</param>
    public static Trigger Schedule(string cron) => new("schedule", new YamlMap().With("cron", cron));

    /// <summary>Any other event.</summary>
    public static Trigger Other(string name, YamlMap? filter = null) => new(name, filter ?? new());
}

/// <summary>A field that a run by hand asks for; it becomes a parameter of the build.</summary>
/// <param name="Parameter">The parameter, by its name or its member's: <c>nameof(Tag)</c>.</param>
public sealed record Input(string Parameter)
{
    /// <summary>Default: the parameter's own.</summary>
    public string? Description { get; init; }
    public bool IsRequired { get; init; }

    /// <summary>Default: empty; where there are choices, GitHub offers the first.</summary>
    public string? Default { get; init; }

    /// <summary>What to choose from; default: the values of an enum, for a flag yes and no, or any text.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];
}
