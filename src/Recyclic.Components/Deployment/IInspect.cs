using Recyclic.Build;
using Recyclic.Components.Reports;

namespace Recyclic.Components;

/// <summary>Shows what runs and what was done. Changes nothing.</summary>
public interface IInspect : IHazDeployment
{
    /// <summary>Text, or with --json one document.</summary>
    Target Status =>
        _ =>
            _.Description("Shows what serves, what is kept, and whether a deploy was interrupted")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (await session.IdentifyAsync(cancellationToken)).App;
                            await session.Platform.Host.ReadFactsAsync(cancellationToken);
                            var now = await session.Deployer.ObserveAsync(app, cancellationToken);
                            var holder = await session.Lock.ReadHolderAsync(app, cancellationToken);
                            var environment = this.TargetEnvironment.Name;
                            if (Json)
                                WriteDocument(StatusReport.ToJson(now, environment, holder, session.Time.GetUtcNow()));
                            else
                                WriteLine(StatusReport.ToText(now, holder, session.Time.GetUtcNow(), environment));
                        },
                        cancellationToken
                    )
                );

    /// <summary>
    /// Text, or with --json one document. Deploys that the journal has no end of count as interrupted.
    /// </summary>
    Target History =>
        _ =>
            _.Description("Lists past deploys and rollbacks with their outcome, newest first")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            await session.Platform.Host.ReadFactsAsync(cancellationToken);
                            var journal = (
                                await session.Lock.PeekAsync(
                                    (await session.IdentifyAsync(cancellationToken)).App,
                                    cancellationToken
                                )
                            ).Journal;
                            if (Json)
                                WriteDocument(HistoryReport.ToJson(journal));
                            else
                                WriteLine(HistoryReport.ToText(journal, session.Time.GetUtcNow()));
                        },
                        cancellationToken
                    )
                );
}
