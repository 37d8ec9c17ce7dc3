using System.Collections.Immutable;
using Recyclic.Build.Running;
using Recyclic.Processes;
using Serilog;

namespace Recyclic.Build.Tooling;

/// <summary>
/// Several things within one target, one after the other or side by side: each has a line of its own under the target
/// in the summary. </summary>
public static class Combined
{
    /// <summary>Does something for each item. To be called by a target, with its token.</summary>
    /// <param name="items">Begun in this order.</param>
    /// <param name="action">What is done; what it throws is that item's failure.</param>
    /// <param name="cancellationToken">Cancels what runs; what has not begun stays so.</param>
    /// <param name="name">What the summary calls an item; default: its text.</param>
    /// <param name="degreeOfParallelism">How many are done side by side; default: 1.</param>
    /// <param name="completeOnFailure">Whether all are done although one has failed; default: false, then those that
    /// run are cancelled, and no other one begins.</param>
    /// <exception cref="TargetFailedException">Some failed; the message names each of them. Its exit code is the one of
    /// the first failure that has one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The degree is less than 1.</exception>
    public static async Task RunAsync<T>(
        IEnumerable<T> items,
        Func<T, CancellationToken, Task> action,
        CancellationToken cancellationToken,
        Func<T, string>? name = null,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreeOfParallelism, 1);
        var session = BuildSession.Current;
        T[] all = [.. items];
        var parts = new CombinedParts(session, [.. all.Select(item => name?.Invoke(item) ?? item?.ToString() ?? "")]);
        using var failFast = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(degreeOfParallelism);
        var works = new List<Task>();
        for (var at = 0; at < all.Length; at++)
        {
            await ((Task)places.WaitAsync(failFast.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (failFast.IsCancellationRequested)
                break;
            works.Add(DoAsync(at));
        }
        await Task.WhenAll(works);
        cancellationToken.ThrowIfCancellationRequested();
        parts.ThrowIfFailed();

        async Task DoAsync(int place)
        {
            if (!await parts.DoAsync(place, token => action(all[place], token), failFast.Token) && !completeOnFailure)
                await failFast.CancelAsync();
            places.Release();
        }
    }

    /// <summary>Runs commands, and expects of each the exit code 0. The summary calls them by their text.</summary>
    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(
        IEnumerable<Command> commands,
        CancellationToken cancellationToken,
        Func<Command, string>? name = null,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false
    ) =>
        RunAsync(
            commands,
            async (command, token) => (await ProcessTasks.RunAsync(command, token)).EnsureSuccess(),
            cancellationToken,
            name,
            degreeOfParallelism,
            completeOnFailure
        );
}

/// <summary>How each of several things has fared, for the summary and for the failure of all.</summary>
internal sealed class CombinedParts
{
    private readonly Lock _lock = new();
    private readonly BuildSession _session;
    private readonly TargetRun? _run;
    private readonly int _first;
    private readonly Exception?[] _failures;
    private ImmutableArray<TargetPart> _parts;

    public CombinedParts(BuildSession session, ImmutableArray<string> names)
    {
        (_session, _run) = (session, session.Progress.Running);
        _parts = [.. names.Select(name => new TargetPart(name, ExecutionStatus.NotRun, TimeSpan.Zero))];
        _failures = new Exception?[names.Length];
        _first = _run?.Parts.Length ?? 0;
        Show();
    }

    /// <returns>Whether it did not fail.</returns>
    public async Task<bool> DoAsync(
        int place,
        Func<CancellationToken, Task> action,
        CancellationToken cancellationToken
    )
    {
        var start = _session.Host.Clock.GetTimestamp();
        var failure = await FailureOfAsync(action, cancellationToken);
        var status =
            failure is null ? ExecutionStatus.Succeeded
            : cancellationToken.IsCancellationRequested && failure is OperationCanceledException
                ? ExecutionStatus.Aborted
            : ExecutionStatus.Failed;
        if (status == ExecutionStatus.Failed)
            Log.Error(
                "{Part:l}: {Failure:l}",
                _parts[place].Name,
                ExceptionText.Of(failure!, _session.Options.Verbosity)
            );
        lock (_lock)
        {
            _failures[place] = status == ExecutionStatus.Failed ? failure : null;
            _parts = _parts.SetItem(
                place,
                _parts[place] with
                {
                    Status = status,
                    Duration = _session.Host.Clock.GetElapsedTime(start),
                    Note = status == ExecutionStatus.Failed ? ExceptionText.Of(failure!, Verbosity.Normal) : null,
                }
            );
            Show();
        }
        return status != ExecutionStatus.Failed;
    }

    public void ThrowIfFailed()
    {
        var failed = _failures.Select((failure, place) => (failure, place)).Where(f => f.failure is not null).ToArray();
        if (failed.Length == 0)
            return;
        var code =
            failed.Select(f => f.failure).OfType<TargetFailedException>().FirstOrDefault()?.ExitCode
            ?? ExitCodes.Failed;
        throw new TargetFailedException(
            $"{failed.Length} of {_parts.Length} failed: {string.Join(", ", failed.Select(f => _parts[f.place].Name))}",
            code,
            failed[0].failure
        );
    }

    private static async Task<Exception?> FailureOfAsync(
        Func<CancellationToken, Task> action,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // On the thread pool, so that an action that blocks does not keep the next one from beginning.
            await Task.Run(() => action(cancellationToken), CancellationToken.None);
            return null;
        }
        catch (Exception exception)
        {
            return ExceptionText.Unwrapped(exception);
        }
    }

    /// <summary>A target may combine more than once: each keeps its own lines.</summary>
    private void Show()
    {
        if (_run is null)
            return;
        lock (_run)
        {
            if (_run.Parts.Length < _first + _parts.Length)
                _run.Parts = [.. _run.Parts.Take(_first), .. _parts];
            else
                _run.Parts = [.. _run.Parts.Take(_first), .. _parts, .. _run.Parts.Skip(_first + _parts.Length)];
        }
    }
}
