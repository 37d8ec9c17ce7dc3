using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>Runs a one-off to its end by the engine's events, and shows what it wrote last.</summary>
internal sealed class OneOffRun(StepTools tools)
{
    private static readonly TimeSpan LogDeadline = TimeSpan.FromSeconds(10);

    /// <param name="start">Starts its containers.</param>
    /// <param name="advice">What to do where it had not ended.</param>
    /// <exception cref="StepFailedException">One of them failed, or had not ended at the deadline.</exception>
    public async Task ToItsEndAsync(
        Slot slot,
        string service,
        TimeSpan deadline,
        Func<CancellationToken, Task> start,
        CancellationToken cancellationToken,
        string advice =
            "to allow more time: x-recyclic: { deadline: 30m } in it; if it is to stay up: x-recyclic: { one-off: false }"
    )
    {
        using var limit = new CancellationTokenSource(deadline, tools.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        List<Container> containers = [];
        try
        {
            var mark = tools.Watch.Mark;
            await start(either.Token);
            containers = [.. (await tools.Gate.LookAsync(slot, [service], either.Token)).Containers];
            tools.Reporter.Progress($"{string.Join(", ", containers.Select(container => container.Name))} running");
            var codes = await EndsAsync(containers, mark, either.Token);
            if (containers.Find(container => codes[container.Id] != 0) is { } failed)
                throw new StepFailedException(
                    $"{failed.Name} ended with exit code {codes[failed.Id]}",
                    await LastLinesAsync(failed)
                )
                {
                    Service = service,
                };
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var shown = containers.Count == 0 ? [] : await LastLinesAsync(containers[0]);
            throw new StepFailedException(
                $"{(containers.Count == 0 ? service : containers[0].Name)} had not ended after {deadline.TotalSeconds:0.#} s",
                [.. shown, advice]
            )
            {
                Service = service,
            };
        }
        foreach (var container in containers)
        foreach (var line in await LastLinesAsync(container))
            tools.Reporter.Note(line);
    }

    private async Task<Dictionary<string, int>> EndsAsync(
        List<Container> containers,
        int mark,
        CancellationToken cancellationToken
    )
    {
        var codes = containers
            .Where(container => container.State is "exited" or "dead")
            .ToDictionary(container => container.Id, container => container.ExitCode);
        using var events = tools.Watch.Subscribe(mark);
        while (codes.Count < containers.Count)
        {
            var happened = await events.NextAsync(cancellationToken);
            if (
                happened.Kind == ContainerEventKind.Died
                && containers.Exists(container => container.Id == happened.ContainerId)
            )
                codes[happened.ContainerId] = happened.ExitCode;
        }
        return codes;
    }

    /// <summary>Also when the deploy is being cancelled: it is the only evidence.</summary>
    private async Task<ImmutableArray<string>> LastLinesAsync(Container container)
    {
        using var limit = new CancellationTokenSource(LogDeadline);
        try
        {
            return await LastLog.ReadAsync(tools.Platform.Health, container.Id, container.Name, limit.Token);
        }
        catch (Exception exception)
        {
            return [$"the log of {container.Name} could not be read: {exception.Message}"];
        }
    }
}
