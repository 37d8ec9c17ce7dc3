using System.Collections.Immutable;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows;

/// <summary>A reason for a workflow to run.</summary>
/// <param name="Event">GitHub's name of the event.</param>
/// <param name="Filter">What it says below the event; empty: nothing.</param>
public sealed record Trigger(string Event, YamlMap Filter)
{
    /// <summary>What a run by hand, or another workflow that calls this one, gives; default: nothing.</summary>
    public ImmutableArray<Input> Inputs { get; init; } = [];

    /// <summary>
    /// Outputs of targets that a workflow gets that calls this one: <c>[nameof(Digests)]</c>; default: none.
    /// </summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>A push to branches.</summary>
    /// <param name="branches">Patterns; none: a push of anything. One that begins with <c>!</c> excludes.</param>
    public static Trigger Push(params IEnumerable<string> branches) =>
        new("push", new YamlMap().WithAny("branches", YamlList.Of(branches)));

    /// <summary>A push of tags.</summary>
    /// <param name="tags">Patterns.</param>
    public static Trigger PushTags(params IEnumerable<string> tags) =>
        new("push", new YamlMap().WithAny("tags", YamlList.Of(tags)));

    /// <summary>A pull request that is opened or gets commits.</summary>
    /// <param name="branches">Into which; none: into any.</param>
    public static Trigger PullRequest(params IEnumerable<string> branches) =>
        new("pull_request", new YamlMap().WithAny("branches", YamlList.Of(branches)));

    /// <summary>A button, and what it asks for.</summary>
    public static Trigger Dispatch(params ImmutableArray<Input> inputs) =>
        new("workflow_dispatch", new YamlMap()) { Inputs = inputs };

    /// <summary>
    /// Another workflow of this repository that calls this one (<see cref="Workflows.Call"/>), and what it gives. The
    /// secrets that it has to give are those of the jobs.
    /// </summary>
    public static Trigger Called(params ImmutableArray<Input> inputs) =>
        new("workflow_call", new YamlMap()) { Inputs = inputs };

    /// <summary>A time.</summary>
    /// <param name="cron">Minute, hour, day, month, weekday, in UTC.</param>
    public static Trigger Schedule(string cron) => new("schedule", new YamlMap().With("cron", cron));

    /// <summary>Any other event.</summary>
    public static Trigger Other(string name, YamlMap? filter = null) => new(name, filter ?? new());

    /// <summary>
    /// Only when a file has changed that one of the patterns matches; one that begins with <c>!</c> excludes.
    /// </summary>
    public Trigger OnPaths(params IEnumerable<string> patterns) => Filtered("paths", patterns);

    /// <summary>Only when a file has changed that no pattern matches.</summary>
    public Trigger ExceptPaths(params IEnumerable<string> patterns) => Filtered("paths-ignore", patterns);

    /// <summary>Not for these branches.</summary>
    public Trigger ExceptBranches(params IEnumerable<string> patterns) => Filtered("branches-ignore", patterns);

    /// <summary>Not for these tags.</summary>
    public Trigger ExceptTags(params IEnumerable<string> patterns) => Filtered("tags-ignore", patterns);

    /// <summary>Only for these kinds of the event, as GitHub calls them: <c>opened</c>, <c>labeled</c>.</summary>
    public Trigger OfTypes(params IEnumerable<string> types) => Filtered("types", types);

    private Trigger Filtered(string key, IEnumerable<string> values) =>
        this with
        {
            Filter = Filter.With(key, YamlList.Of(values)),
        };
}

/// <summary>
/// A field that a run by hand asks for, or a value that a calling workflow gives; it becomes a parameter of the build.
/// </summary>
/// <param name="Parameter">The parameter, by its name or its member's: <c>nameof(Tag)</c>.</param>
public sealed record Input(string Parameter)
{
    /// <summary>What GitHub shows beside it; default: the parameter's own.</summary>
    public string? Description { get; init; }

    /// <summary>Whether there is no run without it; default: false.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Default: empty; where there are choices, GitHub offers the first.</summary>
    public string? Default { get; init; }

    /// <summary>
    /// What to choose from; default: the values of an enum, for a flag yes and no, for a number a number, or any text.
    /// </summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>
    /// Whether it is chosen from the environments of the repository; default: false. Refused beside
    /// <see cref="Choices"/>.
    /// </summary>
    public bool IsEnvironment { get; init; }
}
