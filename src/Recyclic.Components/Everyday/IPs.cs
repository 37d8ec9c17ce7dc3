using Recyclic.Build;
using Recyclic.Components.Reports;

namespace Recyclic.Components;

/// <summary>Lists an application's containers. Changes nothing.</summary>
public interface IPs : IHazService
{
    /// <summary>Text, or with --json one document; of all services, or of those that --service names.</summary>
    Target Ps =>
        _ =>
            _.Description(
                    "Lists the containers: of the release that serves, those that are kept, accessories, the edge"
                )
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (await session.IdentifyAsync(cancellationToken)).App;
                            await session.Platform.Host.ReadFactsAsync(cancellationToken);
                            var now = await session.Deployer.ObserveAsync(app, cancellationToken);
                            ServiceChoice.Serving(now, nameof(Ps));
                            var only = ServiceChoice.Known(now, AskedServices);
                            if (Json)
                                WriteDocument(PsReport.ToJson(now, only, this.TargetEnvironment.Name));
                            else
                                WriteLine(PsReport.ToText(now, only, session.Time.GetUtcNow()));
                        },
                        cancellationToken
                    )
                );
}
