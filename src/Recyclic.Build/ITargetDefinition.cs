using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace Recyclic.Build;

/// <summary>
/// The vocabulary of a target. Every member returns the definition, so that they chain. A form with <c>&lt;T&gt;</c>
/// names targets of a component, without arguments its single one; the <c>Try…</c> form has no effect when the build
/// has no such component. </summary>
public interface ITargetDefinition
{
    /// <summary>One sentence for <c>--help</c>.</summary>
    ITargetDefinition Description(string description);

    /// <summary>What the target does; several calls add up and run in turn.</summary>
    ITargetDefinition Executes(params Action[] actions);

    /// <summary>What the target does, one after the other; each is awaited.</summary>
    ITargetDefinition Executes(params Func<Task>[] actions);

    /// <summary>What the target does; results are dropped, unless they are tasks: those are awaited.</summary>
    ITargetDefinition Executes<T>(params Func<T>[] actions);

    /// <summary>
    /// What the target does, one after the other; each is awaited, and the token is cancelled by SIGINT, SIGTERM and
    /// SIGHUP. The host waits for the action to end, up to <c>--cancel-timeout</c>.
    /// </summary>
    ITargetDefinition Executes(params Func<CancellationToken, Task>[] actions);

    /// <summary>Targets that run before this one.</summary>
    ITargetDefinition DependsOn(params Target[] targets);

    /// <summary>Targets of a component that run before this one; without arguments: its single target.</summary>
    ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets);

    /// <summary>Like <see cref="DependsOn{T}"/>, without effect when the build has no such component.</summary>
    ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets);

    /// <summary>Targets that get this one as a dependency.</summary>
    ITargetDefinition DependentFor(params Target[] targets);

    /// <inheritdoc cref="DependentFor(Target[])"/>
    ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets);

    /// <summary>Like <see cref="DependentFor{T}"/>, without effect when the build has no such component.</summary>
    ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets);

    /// <summary>
    /// Runs this target before the others when they are in the same plan; does not bring them into it.
    /// </summary>
    ITargetDefinition Before(params Target[] targets);

    /// <inheritdoc cref="Before(Target[])"/>
    ITargetDefinition Before<T>(params Func<T, Target>[] targets);

    /// <summary>Like <see cref="Before{T}"/>, without effect when the build has no such component.</summary>
    ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets);

    /// <summary>
    /// Runs this target after the others when they are in the same plan; does not bring them into it.
    /// </summary>
    ITargetDefinition After(params Target[] targets);

    /// <inheritdoc cref="After(Target[])"/>
    ITargetDefinition After<T>(params Func<T, Target>[] targets);

    /// <summary>Like <see cref="After{T}"/>, without effect when the build has no such component.</summary>
    ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets);

    /// <summary>Brings the others into the plan, to run after this one.</summary>
    ITargetDefinition Triggers(params Target[] targets);

    /// <inheritdoc cref="Triggers(Target[])"/>
    ITargetDefinition Triggers<T>(params Func<T, Target>[] targets);

    /// <summary>Like <see cref="Triggers{T}"/>, without effect when the build has no such component.</summary>
    ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets);

    /// <summary>Brings this target into the plan whenever one of the others is, to run after it.</summary>
    ITargetDefinition TriggeredBy(params Target[] targets);

    /// <inheritdoc cref="TriggeredBy(Target[])"/>
    ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets);

    /// <summary>Like <see cref="TriggeredBy{T}"/>, without effect when the build has no such component.</summary>
    ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets);

    /// <summary>
    /// Skips the target unless the condition holds before anything runs; what was asked for is known by then.
    /// </summary>
    ITargetDefinition OnlyWhenStatic(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string? text = null
    );

    /// <summary>Skips the target unless the condition holds when its turn comes.</summary>
    ITargetDefinition OnlyWhenDynamic(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string? text = null
    );

    /// <summary>
    /// Skips the target when its turn comes and nothing has changed since it last succeeded here: the content of the
    /// inputs, which of them there are, the parameters that are given (secrets apart), and the build itself; and when
    /// of each pattern of <see cref="Produces"/> something is there. Its dependencies run all the same. <c>--plan</c>
    /// and the summary say what has changed. What was found is kept in <c>.nuke/temp/inputs</c>, after a success only;
    /// a dry run records nothing. </summary>
    /// <param name="inputs">Files, directories with all that is below them, or globs, below the root directory or
    /// relative to it. With <c>!</c> in front: what does not count, <c>!**/obj/**</c>.</param>
    ITargetDefinition OnlyWhenChanged(params string[] inputs);

    /// <summary>
    /// Values that must not be null, empty or blank. A terminal is asked for a missing parameter; elsewhere nothing
    /// runs and the exit code is 2.
    /// </summary>
    ITargetDefinition Requires<T>(params Expression<Func<T>>[] values);

    /// <summary>Conditions that must hold; otherwise nothing runs and the exit code is 2.</summary>
    ITargetDefinition Requires(params Expression<Func<bool>>[] conditions);

    /// <summary>
    /// What becomes of the dependencies when this target is skipped; default: <see cref="DependencyBehavior.Skip"/>.
    /// </summary>
    ITargetDefinition WhenSkipped(DependencyBehavior behavior);

    /// <summary>Goes on with the other targets when this one fails; the build still fails.</summary>
    ITargetDefinition ProceedAfterFailure();

    /// <summary>Runs the target even after a failure or a cancellation, with a token that is not cancelled.</summary>
    ITargetDefinition AssuredAfterFailure();

    /// <summary>
    /// Targets that undo or report when this one failed, timed out, or was cancelled after it had begun. They run once
    /// the other targets have ended, those of the target that began last first, each with a fresh token for the time of
    /// <c>--cancel-timeout</c> (or their own timeout), and before assured targets that are left. They need no place in
    /// the plan, and bring no dependencies with them. </summary>
    ITargetDefinition OnFailure(params Target[] targets);

    /// <summary>
    /// Cancels the target's token after this time, for each attempt anew; the target has then failed. Default: no
    /// timeout.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    ITargetDefinition WithTimeout(TimeSpan timeout);

    /// <summary>
    /// Runs the target again when it fails, up to so many times more, after 1 s, 2 s, 4 s and so on (30 s at most).
    /// Default: 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    ITargetDefinition WithRetry(int retries);

    /// <summary>With <c>--parallel</c>, never runs this target while one of the others runs; holds both ways.</summary>
    ITargetDefinition NotInParallelWith(params Target[] targets);

    /// <summary>Leaves the target out of <c>--help</c> and of suggestions.</summary>
    ITargetDefinition Unlisted();

    /// <summary>
    /// Takes over what the target says that this one replaces: of a base class, or of the component that declares it.
    /// </summary>
    ITargetDefinition Base();

    /// <summary>Takes over what other definitions say.</summary>
    ITargetDefinition Inherit(params Target[] targets);

    /// <summary>
    /// Takes over what a component's own definitions say, also when the build replaces them; without arguments: of its
    /// single target.
    /// </summary>
    ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets);

    /// <summary>
    /// Patterns of the files that the target makes, for a generated workflow to keep: paths below the root directory,
    /// or relative to it.
    /// </summary>
    ITargetDefinition Produces(params string[] artifacts);

    /// <summary>
    /// The target runs tests: it fails, here and in a workflow, when no closing line of a test runner that it started
    /// says that a test ran. <c>dotnet test</c> alone succeeds without one. Known are the closing lines of <c>dotnet
    /// test</c>, in any language, of xunit's and of NUnit's own runner. </summary>
    ITargetDefinition RunsTests();

    /// <summary>
    /// Standard output is the target's own, such as that of a program that it runs on behalf of a person: what the build
    /// itself has to say goes to standard error, without headings and summary, whatever else runs beside it.
    /// </summary>
    ITargetDefinition OwnsOutput();

    /// <summary>
    /// Nothing that the target leaves on its machine is needed by those that depend on it: it only checks, or it works
    /// elsewhere. In a generated workflow they may then run on another machine. Default: they need it, and a workflow
    /// must carry it. </summary>
    ITargetDefinition LeavesNothing();

    /// <summary>
    /// Targets whose files this one reads. It runs after them when they are in the same plan;
    /// <see cref="DependsOn(Target[])"/> brings them into it.
    /// </summary>
    ITargetDefinition Consumes(params Target[] targets);

    /// <inheritdoc cref="Consumes(Target[])"/>
    ITargetDefinition Consumes<T>(params Func<T, Target>[] targets);

    /// <summary>A target of which this one reads some files only.</summary>
    ITargetDefinition Consumes(Target target, params string[] artifacts);

    /// <summary>A target of a component of which this one reads some files only.</summary>
    ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts);

    /// <summary>A component of whose single target this one reads some files only.</summary>
    ITargetDefinition Consumes<T>(params string[] artifacts);

    /// <summary>A component of whose single target this one reads all files.</summary>
    ITargetDefinition Consumes<T>();

    /// <summary>Values that the target sets while it runs, for others to read.</summary>
    ITargetDefinition Outputs(params TargetOutput[] outputs);
}
