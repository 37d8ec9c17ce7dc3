using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Gives the edge certificates. The keys are not part of the step: they are read again from the application when it runs.
/// </summary>
public sealed record PutCertificates(ImmutableArray<CertificateState> Certificates) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"give edge the certificate{(Certificates.Length == 1 ? "" : "s")} for {string.Join("; ", Certificates.Select(certificate => $"{certificate.Title} ({certificate.Until})"))} (no connection is closed)";

    /// <summary>Before anything names them.</summary>
    internal static IEnumerable<PlannedStep> Of(Application app, Snapshot now)
    {
        if (!now.Traits.HasEdge)
            yield break;
        if (Of(app.Certificates, now) is { } put)
            yield return new(Phase.Prepare, put);
        if (PutStandIns.Of(app, now) is { } standIns)
            yield return new(Phase.Prepare, standIns);
    }

    /// <summary>What is not in place as it is; null: all is.</summary>
    internal static PutCertificates? Of(IEnumerable<TlsCertificate> wanted, Snapshot now) =>
        wanted
            .Select(certificate => certificate.State)
            .Where(wants =>
                !now.Certificates.Any(there => (there.Name, there.Fingerprint) == (wants.Name, wants.Fingerprint))
            )
            .ToImmutableArray()
            is { IsEmpty: false } missing
            ? new(missing)
            : null;

    /// <summary>One for the same names is as good for the release before: it stays.</summary>
    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) => [];
}

internal sealed class PutCertificatesHandler : StepHandler<PutCertificates>
{
    protected override async Task RunAsync(
        PutCertificates step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        foreach (
            var certificate in tools.App.Certificates.Where(one =>
                step.Certificates.Any(wanted => wanted.Name == one.State.Name)
            )
        )
            await tools.Host.PutCertificateAsync(certificate, cancellationToken);
    }
}
