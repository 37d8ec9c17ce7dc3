using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>A step: an action of somebody else, or a script of one's own (<see cref="Script"/>).</summary>
/// <param name="Uses"><c>owner/name@</c> and the 40 hex digits of a commit, or a path in this repository: a tag can be
/// moved, a commit cannot. Empty: it is a script.</param>
/// <param name="Version">The version that the commit is, for readers.</param>
public sealed record Step(string Uses, string? Version = null)
{
    /// <summary>What GitHub shows; default: what it runs.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// By which later steps and outputs name it; unique in its job, letters, digits, <c>-</c> and <c>_</c>. Default:
    /// none.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>
    /// When it runs, in GitHub's language, without <c>${{ }}</c>: <c>failure() &amp;&amp; runner.os == 'Linux'</c>.
    /// Default: when all steps before it have succeeded.
    /// </summary>
    public string? If { get; init; }

    /// <summary>
    /// The lines of a script; null: it is an action. Values from outside reach it by <see cref="Env"/> alone.
    /// </summary>
    public string? Run { get; init; }

    /// <summary>What reads the script: <c>bash</c>, <c>pwsh</c> and others; default: bash.</summary>
    public string? Shell { get; init; }

    /// <summary>
    /// Where the script runs, relative to the root of the repository, with slashes; default: the
    /// <see cref="Workflow.WorkingDirectory"/>.
    /// </summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Its variables, which no other step sees; default: none.</summary>
    public Env Env { get; init; } = Env.None;

    /// <summary>Whether the job goes on, and may succeed, when this step fails; default: false.</summary>
    public bool ContinuesOnError { get; init; }

    /// <summary>How long it may take, in whole minutes, at least one; default: as long as the job.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The inputs of an action; default: none.</summary>
    public ImmutableSortedDictionary<string, string> With { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>With an input of the action; the later value of one holds.</summary>
    public Step And(string input, string value) => this with { With = With.SetItem(input, value) };

    /// <summary>A script of one's own.</summary>
    /// <param name="run">Its lines.</param>
    public static Step Script(string run) => new("") { Run = run };
}
