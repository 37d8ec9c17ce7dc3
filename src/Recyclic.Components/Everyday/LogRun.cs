using System.Runtime.CompilerServices;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Everyday;

/// <summary>What the target Logs does.</summary>
internal static class LogRun
{
    /// <exception cref="ConfigurationException">There is nothing that could be meant.</exception>
    public static async Task RunAsync(
        IHazDeployment build,
        DeploySession session,
        LogOrder order,
        CancellationToken cancellationToken
    )
    {
        if (build.Json)
            throw new ConfigurationException(
                "--json",
                "lines of logs are no JSON document",
                "Leave it out: --no-logo --verbosity quiet prints the lines and nothing else."
            );
        var app = (await session.IdentifyAsync(cancellationToken)).App;
        await session.Platform.Host.ReadFactsAsync(cancellationToken);
        var place = new SessionPlace(session, app);
        var now = await place.LookAsync(cancellationToken);
        var sources = order.IsOfPrevious
            ? LogSources.BeforeOrRefuse(now, order.Services)
            : LogSources.ServingOrRefuse(now, order.Services);
        var printer = new LogPrinter(build.WriteLine);
        if (order.Follows)
        {
            await new LogFollow(place, order, printer, session.Time).RunAsync(now, cancellationToken);
            return;
        }
        printer.Serves(sources);
        var question = order.QuestionAt(now.HostTime ?? session.Time.GetUtcNow());
        var logs = sources
            .Select(source => (source, Readable(source, place, question, printer, cancellationToken)))
            .ToList();
        await foreach (var (source, line) in LogMerge.OfAsync(logs, cancellationToken))
            printer.Write(source, line);
        if (printer.Lines == 0 && order.Last != 0)
            printer.Say("nothing was written");
    }

    /// <summary>One log that cannot be read is said, and keeps no other from being shown.</summary>
    private static async IAsyncEnumerable<LoggedLine> Readable(
        LogSource source,
        SessionPlace place,
        LogQuestion question,
        LogPrinter printer,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var lines = place
            .ReadLogAsync(source.Id, question, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await lines.MoveNextAsync())
                    break;
            }
            catch (Exception exception) when (exception is EngineException or StepFailedException)
            {
                printer.Say($"{source.Container.Name}: {exception.Message}");
                break;
            }
            yield return lines.Current;
        }
    }

    private sealed class SessionPlace(DeploySession session, string app) : ILogPlace
    {
        public async Task<bool> IsAtWorkAsync(CancellationToken cancellationToken) =>
            await session.Lock.ReadHolderAsync(app, cancellationToken) is not null;

        public Task<Snapshot> LookAsync(CancellationToken cancellationToken) =>
            session.Deployer.ObserveAsync(app, cancellationToken);

        public IAsyncEnumerable<LoggedLine> ReadLogAsync(
            string containerId,
            LogQuestion question,
            CancellationToken cancellationToken
        ) => session.Platform.Health.ReadLogAsync(containerId, question, cancellationToken);
    }
}
