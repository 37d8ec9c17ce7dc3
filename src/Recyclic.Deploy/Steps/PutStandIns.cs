using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Gives the edge certificates that nobody vouches for in the place of those that are still to be obtained: it starts with
/// nothing less, and what comes by HTTP, an authority's question too, needs none.
/// </summary>
public sealed record PutStandIns(ImmutableArray<AcmeCertificate> Certificates) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"give edge a self-signed certificate for {List(Certificates.Select(certificate => certificate.Host))} until one is obtained";

    /// <summary>Those of which the edge has nothing; null: it has something of each.</summary>
    internal static PutStandIns? Of(Application app, Snapshot now) =>
        app.Obtains.Where(wanted => now.Certificates.All(there => there.Name != wanted.Name)).ToImmutableArray()
            is { IsEmpty: false } missing
            ? new(missing)
            : null;
}

internal sealed class PutStandInsHandler : StepHandler<PutStandIns>
{
    protected override async Task RunAsync(
        PutStandIns step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        // Done again, it must not take the place of what was obtained meanwhile.
        var there = (await tools.Host.ReadAsync(cancellationToken)).Certificates;
        foreach (var certificate in step.Certificates.Where(one => there.All(state => state.Name != one.Name)))
            await tools.Host.PutCertificateAsync(
                TlsCertificate.SelfSigned(certificate.Name, certificate.Host, tools.Time.GetUtcNow()),
                cancellationToken
            );
    }
}
