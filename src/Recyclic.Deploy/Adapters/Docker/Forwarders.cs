using System.Diagnostics;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Starts doors and gates, and waits until they answer.</summary>
internal sealed class Forwarders(HostChanges changes)
{
    /// <summary>Usually a few tenths of a second.</summary>
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <param name="what">For a person, `the door of web`.</param>
    /// <exception cref="EngineException">It does not answer.</exception>
    public async Task AwaitAnswerAsync(string what, string id, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!(await changes.AskDoorAsync(id, cancellationToken)).Succeeded)
        {
            if (Stopwatch.GetElapsedTime(begun) >= AnswerDeadline)
                throw new EngineException(
                    $"{what} did not answer within {AnswerDeadline.TotalSeconds} s of its start; see: docker logs {id[..12]}"
                );
            await Task.Delay(Poll, cancellationToken);
        }
    }
}
