using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Counts what the edge's log says, by the second in which a line came: both releases are counted by one clock, and a
/// request belongs to the second in which it ended.
/// </summary>
internal sealed class EdgeLogSource : IMetricSource, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly EdgeLogCounts _counts = new();
    private readonly IEdgeHost _edge;
    private readonly string _app;
    private readonly TimeProvider _time;
    private DateTimeOffset _since;
    private string? _ended;
    private Task _following;

    /// <summary>Begins to count, in the background, until it is disposed of.</summary>
    public EdgeLogSource(IEdgeHost edge, string app, TimeProvider time)
    {
        _edge = edge;
        _app = app;
        _time = time;
        _following = Begin();
    }

    /// <inheritdoc/>
    public Task<MetricAnswer> ReadAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var ended = _ended;
            var intervals = _counts.Read(
                question with
                {
                    From = question.From > _since ? question.From : _since,
                },
                _time.GetUtcNow()
            );
            if (ended is not null)
                _following = Begin();
            return Task.FromResult(
                new MetricAnswer(
                    intervals,
                    ended is null ? null : new Silence(SilenceKind.Down, $"the edge's log broke off: {ended}")
                )
            );
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task following;
        lock (_gate)
            following = _following;
        await following;
        _stop.Dispose();
    }

    /// <summary>A second of which the first part went unheard is not told.</summary>
    private Task Begin()
    {
        _ended = null;
        _since = EdgeLogCounts.Second(_time.GetUtcNow()) + TimeSpan.FromSeconds(1);
        return Task.Run(FollowAsync);
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var line in _edge.FollowEdgeLogAsync(_app, _stop.Token))
                if (EdgeRequest.Read(line) is { } request)
                    lock (_gate)
                        _counts.Add(request, _time.GetUtcNow());
            End("it has an end");
        }
        catch (Exception exception)
        {
            // It never fails a deploy: whoever asks is told, and it is tried again.
            End(PrintableText.Of(exception.Message, 200));
        }
    }

    private void End(string why)
    {
        lock (_gate)
            _ended = why;
    }
}
