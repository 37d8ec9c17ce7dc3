namespace Recyclic.Workflows;

/// <summary>A group of which one run, or job, is at work at a time.</summary>
/// <param name="Group">Its name; it may have GitHub's expressions, such as <c>docs-${{ github.ref }}</c>.</param>
public sealed record Concurrency(string Group)
{
    /// <summary>Whether a newer one ends the one at work; default: false, it waits.</summary>
    public bool CancelsRunning { get; init; }

    /// <summary>
    /// Whether all that wait stay in the queue; default: false, of those that wait the newest alone stays.
    /// </summary>
    public bool KeepsWaiting { get; init; }
}
