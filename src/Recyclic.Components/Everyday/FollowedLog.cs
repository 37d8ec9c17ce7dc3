using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Everyday;

/// <summary>
/// How far a container's log has been read: one that ends, for its container ended or the connection broke, is read on from
/// there when there is more.
/// </summary>
internal sealed class FollowedLog(LogSource source)
{
    private DateTimeOffset? _last;
    private int _atLast;

    /// <summary>As it was when its log was last opened.</summary>
    public LogSource Source { get; set; } = source;

    public Task Reading { get; set; } = Task.CompletedTask;

    /// <summary>When it ended, by the clock that only goes forward; null: it is being read.</summary>
    public TimeSpan? EndedAt { get; set; }

    /// <summary>Why it could not be read; null: it could.</summary>
    public string? Problem { get; set; }

    /// <summary>Whether there may be more of it: its container runs, or ran once more.</summary>
    public bool GoesOn(LogSource now) =>
        EndedAt is not null && (now.Container.IsRunning || now.Container.StartedAt != Source.Container.StartedAt);

    /// <summary>What is to be asked for to get all that was not read yet, and some that was.</summary>
    public LogQuestion Rest(DateTimeOffset otherwise) => new() { Since = _last ?? otherwise, Follows = true };

    /// <summary>Which of the lines that such a question gives were not read yet; to be asked of each in its turn.</summary>
    public Func<LoggedLine, bool> Unread()
    {
        var (last, known) = (_last, _atLast);
        return line => last is null || line.At > last || line.At == last && known-- <= 0;
    }

    public void Read(LoggedLine line)
    {
        if (line.At == _last)
            _atLast++;
        else if (_last is null || line.At > _last)
            (_last, _atLast) = (line.At, 1);
    }
}
