using Recyclic.Build;
using Recyclic.Components.Reports;

namespace Recyclic.Components;

/// <summary>Shows what runs and what was done. Changes nothing.</summary>
public interface IInspect : IHazDeployment, ICanCheck
{
    /// <summary>
    /// Text, or with --json one document. With --check it fails, exit code 1, when users are not served as recorded.
    /// </summary>
    Target Status =>
        _ =>
            _.Description("Shows what serves, what is missing, what is kept, and whether a deploy was interrupted")
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
                            var lost = await LostImages.OfAsync(now, session.Platform.Images, cancellationToken);
                            var at = session.Time.GetUtcNow();
                            if (Json)
                                WriteDocument(StatusReport.ToJson(now, environment, holder, at, lost));
                            else
                                WriteLine(StatusReport.ToText(now, holder, at, environment, lost));
                            if (Check && ServiceReport.Problems(now) is { IsEmpty: false } problems)
                                throw new TargetFailedException(
                                    $"users are not served as recorded: {string.Join("; ", problems)}"
                                );
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
