using Recyclic.Components;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Selftest.Adapters;

namespace Recyclic.Selftest.Running;

/// <summary>
/// A throw-away application of its own, on which one case runs after another. Lanes run side by side.
/// </summary>
internal sealed class Lane : IAsyncDisposable
{
    private static readonly TimeSpan CleanUpDeadline = TimeSpan.FromMinutes(2);
    private static readonly Processes.ToolRunner Runner = new();
    private readonly Site _site = new();
    private readonly Stack _stack;
    private readonly ServiceEvents _events;
    private readonly Bystanders _bystanders;

    public Lane(IReadOnlyDictionary<string, string> environment)
    {
        _stack = new Stack(_site, Runner, environment);
        _events = new ServiceEvents(Runner, _site.App);
        _bystanders = new Bystanders(_site, Runner);
        Cases = new CaseRunner(_stack, _events, _bystanders);
    }

    public string App => _site.App;

    public CaseRunner Cases { get; }

    /// <summary>Makes the images, and what the cases must leave alone.</summary>
    public async Task PrepareAsync(DeploySession session, CancellationToken cancellationToken)
    {
        using var engine = new EngineClient(session.Docker);
        await _site.BuildImagesAsync(session.Docker, engine, cancellationToken);
        await _bystanders.StartAsync(cancellationToken);
    }

    /// <summary>Removes the application and its images, whatever became of its cases.</summary>
    /// <exception cref="OperationCanceledException">The engine did not answer in time.</exception>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(CleanUpDeadline);
        try
        {
            await _events.DisposeAsync();
            await _bystanders.RemoveAsync(deadline.Token);
            await _stack.RemoveAsync(deadline.Token);
            await _site.RemoveImagesAsync(Runner, deadline.Token);
        }
        finally
        {
            _site.Dispose();
        }
    }
}
