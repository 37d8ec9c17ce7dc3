using Recyclic.Build;
using Recyclic.Components.Reports;

namespace Recyclic.Components;

/// <summary>Gives the edge new certificates, without a deploy.</summary>
public interface ICertificates : IHazDeployment
{
    /// <summary>Default: false, then those that are obtained are left as they are.</summary>
    [Parameter("With Certificates: obtain those again that have less than a third of their life left, or none yet")]
    bool Renew => TryGetValue(() => Renew);

    /// <summary>
    /// What the compose file names under `x-recyclic.tls` by now is served for each connection from then on. No connection
    /// is closed. Text, or with --json one document.
    /// </summary>
    Target Certificates =>
        _ =>
            _.Description("Gives the edge the certificates that the compose file names; deploys nothing")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (await session.BeginChangeAsync(cancellationToken)).App;
                            var change = await session.Deployer.PutCertificatesAsync(
                                app,
                                await session.RequestAsync(defaultTag: false, cancellationToken),
                                DryRun,
                                cancellationToken,
                                Renew
                            );
                            var now = session.Time.GetUtcNow();
                            if (Json)
                                WriteDocument(CertificateReport.ToJson(change, now));
                            else
                                WriteLine(CertificateReport.ToText(app, change, now, DryRun));
                        },
                        cancellationToken
                    )
                );
}
