using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Processes;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Adapters;

/// <summary>Listens to the engine for the starts and ends of the exclusive service, for as long as the application lives.</summary>
internal sealed class WorkerEvents : IAsyncDisposable
{
    private readonly IRunningCommand _events;
    private readonly Task _listening;
    private readonly Lock _gate = new();
    private ImmutableArray<WorkerEvent> _seen = [];

    public WorkerEvents(ICommandRunner runner, string app)
    {
        _events = runner.Start(Command.Of("docker", "events", "--format", "{{json .}}", "--filter", "type=container", "--filter", "event=start", "--filter", "event=die",
            "--filter", $"label={Naming.AppLabel}={app}", "--filter", $"label={Naming.ExclusiveLabel}=true") with
        { EndPatience = TimeSpan.Zero });
        _listening = ListenAsync();
    }

    /// <summary>Everything so far.</summary>
    /// <exception cref="InvalidOperationException">The engine stopped telling: then nothing can be said.</exception>
    public ImmutableArray<WorkerEvent> Seen
    {
        get
        {
            if (_listening.IsCompleted) throw new InvalidOperationException("docker events ended, so it is not known how often the exclusive service ran");
            lock (_gate) return _seen;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await ((Task)_listening.WaitAsync(TimeSpan.FromSeconds(5))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ListenAsync()
    {
        await foreach (var line in _events.ReadLinesAsync(CancellationToken.None))
        {
            if (JsonNode.Parse(line) is not { } happened || happened["Actor"]?["ID"]?.GetValue<string>() is not { } id) continue;
            lock (_gate) _seen = _seen.Add(new WorkerEvent(id, happened["Action"]?.GetValue<string>() == "start"));
        }
    }
}
