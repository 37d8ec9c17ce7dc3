using System.Collections.Immutable;
using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Hooks;

/// <summary>Something of the team's own that runs at a point of a deploy.</summary>
/// <param name="Point">When.</param>
/// <param name="Name">What plan, journal and failures call it; no other hook of the point has it.</param>
/// <param name="Run">Fails by what it throws. Its token is cancelled at the deadline.</param>
public sealed record Hook(HookPoint Point, string Name, Func<HookFacts, CancellationToken, Task> Run)
{
    /// <summary>How long it may take where nothing else is said.</summary>
    public static readonly TimeSpan UsualDeadline = TimeSpan.FromMinutes(5);

    /// <summary>How long it may take, up to a day; default 5 min.</summary>
    public TimeSpan Deadline { get; init; } = UsualDeadline;
}

/// <summary>
/// The hooks of a build, in the order in which they run at their point. Built from <see cref="None"/>:
/// <code>_ => _.Before(Phase.Shift, "tell the team", (facts, _) => Tell(facts.Tag))</code>
/// </summary>
public sealed record DeployHooks
{
    private DeployHooks(ImmutableArray<Hook> all) => All = all;

    /// <summary>No hook: a deploy has no step for them.</summary>
    public static DeployHooks None { get; } = new([]);

    /// <summary>In the order in which they were added.</summary>
    public ImmutableArray<Hook> All { get; }

    /// <summary>Before a phase. Before prepare and shift a failure undoes the deploy; else it is a warning.</summary>
    /// <param name="deadline">Null: 5 min.</param>
    public DeployHooks Before(
        Phase phase,
        string name,
        Func<HookFacts, CancellationToken, Task> run,
        TimeSpan? deadline = null
    ) => With(HookPoints.Before(phase), name, run, deadline);

    /// <summary>After a phase. After prepare a failure undoes the deploy; else it is a warning.</summary>
    /// <param name="deadline">Null: 5 min.</param>
    public DeployHooks After(
        Phase phase,
        string name,
        Func<HookFacts, CancellationToken, Task> run,
        TimeSpan? deadline = null
    ) => With(HookPoints.After(phase), name, run, deadline);

    /// <summary>At the end of a deploy that went well.</summary>
    /// <param name="deadline">Null: 5 min.</param>
    public DeployHooks AfterDeploy(
        string name,
        Func<HookFacts, CancellationToken, Task> run,
        TimeSpan? deadline = null
    ) => With(HookPoint.PostDeploy, name, run, deadline);

    /// <summary>When a deploy has failed or was cancelled.</summary>
    /// <param name="deadline">Null: 5 min.</param>
    public DeployHooks OnFailure(
        string name,
        Func<HookFacts, CancellationToken, Task> run,
        TimeSpan? deadline = null
    ) => With(HookPoint.OnFailure, name, run, deadline);

    /// <summary>One more, behind those that its point has.</summary>
    public DeployHooks With(Hook hook)
    {
        var (name, number) = (hook.Name, 1);
        while (All.Any(other => other.Point == hook.Point && other.Name == name))
            name = $"{hook.Name} ({++number})";
        return new([.. All, hook with { Name = name }]);
    }

    /// <summary>Those of a point, in their order.</summary>
    public IEnumerable<Hook> At(HookPoint point) => All.Where(hook => hook.Point == point);

    /// <inheritdoc/>
    public bool Equals(DeployHooks? other) => other is not null && All.SequenceEqual(other.All);

    /// <inheritdoc/>
    public override int GetHashCode() => All.Length;

    private DeployHooks With(
        HookPoint point,
        string name,
        Func<HookFacts, CancellationToken, Task> run,
        TimeSpan? deadline
    ) =>
        With(
            new Hook(point, PrintableText.Of(name, 80), run)
            {
                Deadline =
                    deadline is null ? Hook.UsualDeadline
                    : deadline > TimeSpan.Zero && deadline <= TimeSpan.FromDays(1) ? deadline.Value
                    : throw new ArgumentOutOfRangeException(nameof(deadline), deadline, "above 0, at most a day"),
            }
        );
}
