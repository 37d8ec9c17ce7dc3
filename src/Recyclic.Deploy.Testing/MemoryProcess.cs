namespace Recyclic.Deploy.Testing;

/// <summary>
/// The process of one deployer: every call that it makes to engine or host can fail, be interrupted, or be its last.
/// </summary>
internal sealed class MemoryProcess : IDisposable
{
    private static readonly Task Forever = new TaskCompletionSource().Task;
    private readonly TaskCompletionSource _died = new();
    private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _interrupt = new();
    private int _calls;

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Interrupted => _interrupt.Token;

    public Task Died => _died.Task;

    /// <summary>Completed once the process listens to the engine's events.</summary>
    public Task Listens => _listens.Task;

    public int Calls => _calls;

    /// <summary>Asked before each call has its effect; an exception is thrown in its place.</summary>
    public Func<int, string, Exception?> Fails { get; init; } = (_, _) => null;

    public Func<int, string, bool> DiesAfter { get; init; } = (_, _) => false;

    /// <summary>Whether Ctrl-C is pressed just before this call.</summary>
    public Func<int, string, bool> InterruptsAt { get; init; } = (_, _) => false;

    /// <summary>
    /// How much of a call that fails, or of the last one before death, has happened all the same: from 0 to 1.
    /// </summary>
    public double DoneWhenFailing { get; init; }

    public double DoneWhenDying { get; init; } = 1;

    /// <summary>Takes the lock away from the process, once it has it.</summary>
    public Action? LosesLock { get; set; }

    /// <summary>What the death of the process does: the host notices that the lock is free.</summary>
    public Action? OnDeath { get; set; }

    public void NowListens() => _listens.TrySetResult();

    public Task<T> CallAsync<T>(string call, Func<T> effect, CancellationToken cancellationToken) =>
        CallAsync(call, _ => effect(), isPartial: false, cancellationToken);

    /// <summary>A call that does several things in turn, so that it may stop between two of them.</summary>
    public Task CallAsync(string call, IReadOnlyList<Action> parts, CancellationToken cancellationToken) =>
        CallAsync(
            call,
            share =>
            {
                foreach (var part in parts.Take((int)Math.Round(share * parts.Count)))
                    part();
                return true;
            },
            isPartial: true,
            cancellationToken
        );

    private async Task<T> CallAsync<T>(
        string call,
        Func<double, T> effect,
        bool isPartial,
        CancellationToken cancellationToken
    )
    {
        if (_died.Task.IsCompleted)
            await Forever;
        var number = Interlocked.Increment(ref _calls);
        if (InterruptsAt(number, call))
            await _interrupt.CancelAsync();
        if (cancellationToken.IsCancellationRequested && DiesAfter(number, call))
            await DieAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (Fails(number, call) is { } failure)
        {
            if (isPartial && DoneWhenFailing > 0)
                effect(DoneWhenFailing);
            throw failure;
        }
        var dies = DiesAfter(number, call);
        var result = effect(dies && isPartial ? DoneWhenDying : 1);
        if (dies)
            await DieAsync();
        return result;
    }

    public Task CallAsync(string call, Action effect, CancellationToken cancellationToken) =>
        CallAsync(
            call,
            () =>
            {
                effect();
                return true;
            },
            cancellationToken
        );

    /// <summary>It is killed: whoever calls this hears no more of it.</summary>
    public async Task DieAsync()
    {
        OnDeath?.Invoke();
        _died.TrySetResult();
        await Forever;
    }

    /// <summary>Ctrl-C.</summary>
    public Task InterruptAsync() => _interrupt.CancelAsync();

    public void Dispose() => _interrupt.Dispose();
}
