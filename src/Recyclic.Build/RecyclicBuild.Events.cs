namespace Recyclic.Build;

/// <content>What a build is told of its own run.</content>
/// <remarks>
/// The order: <see cref="OnBuildCreated"/>, <see cref="OnBuildInitialized"/>, then of each target
/// <see cref="OnTargetRunning"/> and one of the three others, at last <see cref="OnBuildFinished"/>. With
/// <c>--parallel</c> targets' events come side by side. An event never hides a failure: one that throws is told with
/// its target, and that target has failed. </remarks>
public abstract partial class RecyclicBuild
{
    /// <summary>Called when the build class exists and has its parameters.</summary>
    protected internal virtual void OnBuildCreated() { }

    /// <summary>Called when it is known what will run.</summary>
    protected internal virtual void OnBuildInitialized() { }

    /// <summary>
    /// Called last of all, after the summary. When it throws, the build fails, if it has not failed already.
    /// </summary>
    protected internal virtual void OnBuildFinished() { }

    /// <summary>
    /// Called once before the actions of a target, however often they are tried. When it throws, they do not run, and
    /// the target has failed.
    /// </summary>
    /// <param name="target">The target's name.</param>
    protected internal virtual void OnTargetRunning(string target) { }

    /// <summary>
    /// Called when all actions of a target have run, before anything that depends on it begins. When it throws, the
    /// target has failed.
    /// </summary>
    /// <param name="target">The target's name.</param>
    protected internal virtual void OnTargetSucceeded(string target) { }

    /// <summary>
    /// Called when a target has failed for good, after its error was printed; not for one that was cancelled. When it
    /// throws, that is one error more.
    /// </summary>
    /// <param name="target">The target's name.</param>
    protected internal virtual void OnTargetFailed(string target) { }

    /// <summary>
    /// Called when the turn of a target has come that does not run: by its conditions, by <c>--skip</c>, or because
    /// nothing has changed. When it throws, the target has failed.
    /// </summary>
    /// <param name="target">The target's name.</param>
    protected internal virtual void OnTargetSkipped(string target) { }
}
