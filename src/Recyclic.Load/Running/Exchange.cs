using System.Net.Sockets;

namespace Recyclic.Load;

/// <summary>
/// One request from its connection to its record: sent once, never again. It ends exactly once, by its response, by an
/// error, or by <see cref="Abort"/>.
/// </summary>
internal sealed class Exchange(Arrival arrival, Destination destination, LoadClock clock, VersionClassifier classify)
{
    private const int DetailLength = 300;

    // None while under way; the first to set it decides how the request ended.
    private int _ending;
    private Connection? _connection;

    private enum Ending
    {
        None,
        Complete,
        Timeout,
        Cancelled,
    }

    /// <summary>When the request was due, in Stopwatch ticks.</summary>
    public long DueTicks => arrival.DueTicks;

    /// <summary>Whether the request has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _ending) != (int)Ending.None;

    /// <summary>A request that is not sent, because too many are under way.</summary>
    public RequestRecord Overflow(int maxInFlight) =>
        Record(LoadClock.Now) with
        {
            Failure = FailureReason.Overflow,
            Detail = $"{maxInFlight} requests were under way",
        };

    /// <summary>Carries the request out. Sends on the calling thread as far as possible; does not throw.</summary>
    public async Task<RequestRecord> RunAsync()
    {
        var record = Record(LoadClock.Now);
        try
        {
            _connection = arrival.NewConnection ? null : destination.Pool.TryRent();
            if (_connection is null)
            {
                _connection = destination.Pool.Create();
                await _connection.OpenAsync();
            }
            var (response, keepsAlive) = await _connection.ExchangeAsync(
                destination.Request(arrival.Slow, arrival.NewConnection)
            );
            return Finish(
                Classified(record with { EndedTicks = LoadClock.Now }, response),
                keepsAlive && !arrival.NewConnection
            );
        }
        catch (Exception exception)
            when (exception
                    is SocketException
                        or ObjectDisposedException
                        or MalformedResponseException
                        or ConnectionClosedException
            )
        {
            return Finish(
                record with
                {
                    EndedTicks = LoadClock.Now,
                    Failure = ReasonOf(exception),
                    Detail = exception.Message,
                },
                keepsAlive: false
            );
        }
    }

    /// <summary>Ends the request by closing its connection, unless it has ended already.</summary>
    public void Abort(bool timeout)
    {
        var ending = timeout ? Ending.Timeout : Ending.Cancelled;
        if (Interlocked.CompareExchange(ref _ending, (int)ending, (int)Ending.None) == (int)Ending.None)
            _connection?.Dispose();
    }

    private RequestRecord Record(long now) =>
        new()
        {
            Clock = clock,
            Target = destination.Name,
            ScheduledTicks = arrival.DueTicks,
            StartedTicks = now,
            EndedTicks = now,
            Slow = arrival.Slow,
            NewConnection = arrival.NewConnection,
            Versions = [],
        };

    private RequestRecord Classified(RequestRecord record, LoadResponse response)
    {
        var failure = response.Status switch
        {
            >= 200 and < 400 => FailureReason.None,
            >= 500 and < 600 => FailureReason.ServerError,
            _ => FailureReason.UnexpectedStatus,
        };
        return failure == FailureReason.None
            ? record with
            {
                Status = response.Status,
                Versions = classify(response),
            }
            : record with
            {
                Status = response.Status,
                Failure = failure,
                Detail = response.Body[..Math.Min(DetailLength, response.Body.Length)],
            };
    }

    private RequestRecord Finish(RequestRecord record, bool keepsAlive)
    {
        var ending = (Ending)Interlocked.CompareExchange(ref _ending, (int)Ending.Complete, (int)Ending.None);
        if (ending == Ending.None && keepsAlive)
            destination.Pool.Return(_connection!);
        else
            _connection?.Dispose();
        return ending switch
        {
            Ending.Timeout => record with
            {
                Failure = FailureReason.Timeout,
                Versions = [],
                Detail = $"no complete response after {record.Latency.TotalSeconds:0.00} s",
            },
            Ending.Cancelled => record with { Failure = FailureReason.Cancelled, Versions = [], Detail = null },
            _ => record,
        };
    }

    private static FailureReason ReasonOf(Exception exception) =>
        exception switch
        {
            MalformedResponseException => FailureReason.Malformed,
            ConnectionClosedException => FailureReason.Closed,
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => FailureReason.Refused,
            SocketException { SocketErrorCode: SocketError.TimedOut } => FailureReason.Timeout,
            SocketException
            {
                SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown
            } => FailureReason.Reset,
            _ => FailureReason.Unreachable,
        };
}
