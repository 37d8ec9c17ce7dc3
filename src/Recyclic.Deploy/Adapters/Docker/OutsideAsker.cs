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
        if (await engine.FindContainerAsync(containerId, cancellationToken) is not { } inspected)
            return "is gone";
        var container = EngineAnswers.Container(inspected);
        if (!container.IsRunning)
            return $"is {container.State}";
        if (
            container.Label(Naming.AppLabel) is not { } app
            || await reader.FindEdgeAsync(app, cancellationToken) is not { IsRunning: true } edge
        )
            return "cannot be asked: the edge does not run";
        if (
            edge
                .Networks.Select(network => container.Addresses.GetValueOrDefault(network))
                .FirstOrDefault(address => address is not null)
            is not { } address
        )
            return "cannot be asked: it shares no network with the edge";

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        try
        {
            await using var asking = changes.StartProbe(DockerCommands.Ask(edge.Id, probe, address));
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
}
