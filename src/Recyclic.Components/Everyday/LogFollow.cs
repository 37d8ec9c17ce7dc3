using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Everyday;

/// <summary>
/// Follows the logs of what users have. When a deploy switches, the new slot's are read from its containers' start on, so
/// that nothing is lost whenever the switch is noticed; the old slot's until its containers end.
/// </summary>
internal sealed class LogFollow(ILogPlace place, LogOrder order, LogPrinter printer, TimeProvider time)
{
    private const int Buffered = 1_000;

    /// <summary>How often is asked whether a deploy is at work, which costs next to nothing.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>How often is looked at everything although nothing is at work.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <summary>How long a container that ended is expected to be started again.</summary>
    private static readonly TimeSpan Return = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <summary>A container's first line may be written before the engine has noted its start.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>So many looks in a row may fail: an engine that is started anew comes back.</summary>
    private const int MostFailures = 30;

    private readonly ConcurrentDictionary<string, FollowedLog> _logs = new();
    private readonly long _zero = time.GetTimestamp();
    private readonly Channel<(LogSource Source, LoggedLine Line)> _lines = Channel.CreateBounded<(
        LogSource,
        LoggedLine
    )>(Buffered);
    private ImmutableHashSet<string> _wanted = [];
    private DateTimeOffset _began;
    private DateTimeOffset _looked;
    private string _releases = "";

    private TimeSpan Now => time.GetElapsedTime(_zero);

    /// <summary>Until it is cancelled.</summary>
    /// <param name="now">As it is when it begins, with something that serves.</param>
    public async Task RunAsync(Snapshot now, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _began = _looked = HostTimeOf(now);
        var sources = LogSources.Serving(now, order.Services);
        _releases = LogSources.ReleasesOf(sources);
        _wanted = [.. sources.Select(source => source.Id)];
        printer.Serves(sources);
        foreach (var source in sources)
            Open(new FollowedLog(source), source, order.QuestionAt(_began), stop.Token);
        var printing = PrintAsync(stop.Token);
        try
        {
            await LookAsync(stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(_logs.Values.Select(log => log.Reading));
            _lines.Writer.Complete();
            await printing;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var (wasAtWork, failures, looked) = (false, 0, Now);
        while (true)
        {
            await Task.Delay(Glance, time, cancellationToken);
            try
            {
                var isAtWork = await place.IsAtWorkAsync(cancellationToken);
                // Once more behind its end: what it did last may have come after the last look.
                if (!isAtWork && !wasAtWork && !EndedLately() && Now - looked < Idle)
                    continue;
                Take(await place.LookAsync(cancellationToken), cancellationToken);
                (wasAtWork, failures, looked) = (isAtWork, 0, Now);
            }
            catch (Exception exception)
                when (exception is EngineException or StepFailedException or Processes.CommandFailedException
                    && ++failures < MostFailures
                )
            {
                // The next look may succeed, and nothing is lost by then.
            }
        }
    }

    private void Take(Snapshot now, CancellationToken cancellationToken)
    {
        var sources = LogSources.Serving(now, order.Services);
        if (sources.IsEmpty)
            return;
        printer.Serves(sources);
        if (LogSources.ReleasesOf(sources) is { Length: > 0 } releases && releases != _releases)
            printer.Say($"users are on {releases} now");
        (_releases, _wanted) = (LogSources.ReleasesOf(sources), [.. sources.Select(source => source.Id)]);
        foreach (var source in sources)
            if (!_logs.TryGetValue(source.Id, out var known))
                Open(
                    new FollowedLog(source),
                    source,
                    new LogQuestion { Since = BeginningOf(source.Container), Follows = true },
                    cancellationToken
                );
            else if (known.GoesOn(source))
                Open(known, source, known.Rest(source.Container.StartedAt - Slack), cancellationToken);
        _looked = HostTimeOf(now);
    }

    /// <summary>
    /// Since when a container's lines count that users came to: since it was started for them; one that had been kept
    /// running, since it was last seen without them.
    /// </summary>
    private DateTimeOffset BeginningOf(Container container) =>
        container.StartedAt >= _began ? container.StartedAt - Slack : _looked;

    private void Open(FollowedLog log, LogSource source, LogQuestion question, CancellationToken cancellationToken)
    {
        (log.Source, log.EndedAt) = (source, null);
        _logs[source.Id] = log;
        log.Reading = Task.Run(() => CopyAsync(log, question, cancellationToken), CancellationToken.None);
    }

    private async Task CopyAsync(FollowedLog log, LogQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var isUnread = log.Unread();
            await foreach (var line in place.ReadLogAsync(log.Source.Id, question, cancellationToken))
                if (isUnread(line))
                {
                    await _lines.Writer.WriteAsync((log.Source, line), cancellationToken);
                    log.Read(line);
                }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody wants more.
        }
        catch (Exception exception) when (exception is EngineException or StepFailedException)
        {
            if (log.Problem != exception.Message)
                printer.Say($"{log.Source.Container.Name}: {exception.Message}");
            log.Problem = exception.Message;
        }
        log.EndedAt = Now;
    }

    private bool EndedLately() =>
        _logs.Values.Any(log => _wanted.Contains(log.Source.Id) && log.EndedAt is { } at && Now - at < Return);

    private async Task PrintAsync(CancellationToken cancellationToken)
    {
        var ordering = new LogOrdering();
        try
        {
            while (!ordering.IsEmpty || await _lines.Reader.WaitToReadAsync(cancellationToken))
            {
                Fill(ordering);
                foreach (var (source, line) in ordering.Take(Now))
                    printer.Write(source, line);
                if (!ordering.IsEmpty)
                    await Task.Delay(Tick, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // What has come by now is shown; there is no more.
            Fill(ordering);
            foreach (var (source, line) in ordering.Take(null))
                printer.Write(source, line);
        }
    }

    private void Fill(LogOrdering ordering)
    {
        while (!ordering.IsFull && _lines.Reader.TryRead(out var read))
            ordering.Add(read.Source, read.Line, Now);
    }

    private DateTimeOffset HostTimeOf(Snapshot now) => now.HostTime ?? time.GetUtcNow();
}
