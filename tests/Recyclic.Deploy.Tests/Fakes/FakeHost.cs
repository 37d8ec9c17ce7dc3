namespace Recyclic.Deploy.Tests.Fakes;

/// <summary>A held lock for the runner alone: it writes journal records into a transcript, or fails to.</summary>
internal sealed class FakeHost(List<string> transcript) : ILockedHost
{
    private readonly CancellationTokenSource _lost = new();

    public CancellationToken Lost => _lost.Token;

    public Func<JournalRecord, Exception?> FailsToAppend { get; init; } = _ => null;

    public void Lose() => _lost.Cancel();

    public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        if (FailsToAppend(record) is { } failure)
            return Task.FromException(failure);
        lock (transcript)
            transcript.Add(
                $"journal: {record.Kind} {record.Step ?? record.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture)}"
            );
        return Task.CompletedTask;
    }

    public Task<HostState> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(HostState.None with { Share = 0 });

    public Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task SetShareAsync(int share, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ConfigureAsync(EdgeConfiguration configuration, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task ReloadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<int> OpenSessionsAsync(Slot slot, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<ImmutableDictionary<string, ImmutableArray<string>>> UsableServersAsync(
        CancellationToken cancellationToken
    ) => Task.FromResult(ImmutableDictionary<string, ImmutableArray<string>>.Empty);

    public ValueTask DisposeAsync()
    {
        _lost.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Writes each step into the transcript, then does what the test says about it.</summary>
internal sealed class FakeExecutor(List<string> transcript) : IStepExecutor
{
    public Func<DeployStep, CancellationToken, Task> Does { get; set; } = (_, _) => Task.CompletedTask;

    public Task ExecuteAsync(DeployStep step, CancellationToken cancellationToken)
    {
        lock (transcript)
            transcript.Add($"do: {step}");
        return Does(step, cancellationToken);
    }
}
