using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Asks containers from the edge, which is on their network and has what it takes: their own images may have neither
/// shell nor client.
/// </summary>
internal sealed class OutsideAsker(HostChanges changes, EngineClient engine, HostReader reader)
{
    /// <summary>
    /// The 5 s that a container has to answer in, and what a busy host takes to start the program that asks.
    /// </summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <returns>Null: it does its work; else why not, to follow its name.</returns>
    public async Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken)
    {
        var (found, why) = await FindAsync(containerId, cancellationToken);
        if (found is not var (edge, address))
            return why;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        try
        {
            await using var asking = changes.StartProbe(DockerCommands.Ask(edge, probe, address));
            if (probe.Request.Length > 0)
                await asking.Input.WriteAsync(Encoding.ASCII.GetBytes(probe.Request), limit.Token);
            // Of an answer the first line is enough: what follows may have no end.
            await foreach (var line in asking.ReadLinesAsync(limit.Token))
                return probe.Judge(true, line, "");
            var ended = await asking.Ended.WaitAsync(limit.Token);
            return probe.Judge(ended.Succeeded, "", ended.StandardError);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return probe.Judge(false, "", "");
        }
    }

    /// <summary>See <see cref="Ports.IHealthSource.WatchListeningAsync"/>.</summary>
    public async IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var places = new Dictionary<string, string>();
        string? edge = null;
        foreach (var (id, port) in ports)
            if ((await FindAsync(id, cancellationToken)).Found is var (asker, address))
                (edge, places[FormattableString.Invariant($"{address}:{port}")]) = (asker, id);
        if (edge is null)
            yield break;
        await using var knocking = changes.StartProbe(DockerCommands.Knock(edge, places.Keys));
        await foreach (var line in knocking.ReadLinesAsync(cancellationToken))
            if (places.TryGetValue(line, out var id))
                yield return id;
        if (await knocking.Ended.WaitAsync(Deadline, cancellationToken) is { Succeeded: false } ended)
            throw new EngineException(
                $"the edge ended with {ended.ExitCode}: {PrintableText.Of(ended.StandardError, 300)}"
            );
    }

    /// <summary>The edge that can ask a container, and the address at which it is asked; or why none can.</summary>
    internal async Task<((string Edge, string Address)? Found, string Why)> FindAsync(
        string containerId,
        CancellationToken cancellationToken
    )
    {
        if (await engine.FindContainerAsync(containerId, cancellationToken) is not { } inspected)
            return (null, "is gone");
        var container = EngineAnswers.Container(inspected);
        if (!container.IsRunning)
            return (null, $"is {container.State}");
        if (
            container.Label(Naming.AppLabel) is not { } app
            || await reader.FindEdgeAsync(app, cancellationToken) is not { IsRunning: true } edge
        )
            return (null, "cannot be asked: the edge does not run");
        return
            edge
                .Networks.Select(network => container.Addresses.GetValueOrDefault(network))
                .FirstOrDefault(address => address is not null)
                is { } address
            ? ((edge.Id, address), "")
            : (null, "cannot be asked: it shares no network with the edge");
    }
}
