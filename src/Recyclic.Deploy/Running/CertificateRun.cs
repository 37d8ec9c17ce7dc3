using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>What became of the certificates of an application.</summary>
/// <param name="Put">Those that the edge has from now on.</param>
/// <param name="Kept">Those that it had already.</param>
/// <param name="Waiting">Those that it has no use for yet, such as one for a new host name: they come with a deploy.</param>
public sealed record CertificateChange(
    ImmutableArray<CertificateState> Put,
    ImmutableArray<CertificateState> Kept,
    ImmutableArray<CertificateState> Waiting
);

/// <summary>Gives the running edge the certificates of now, without a deploy.</summary>
internal sealed class CertificateRun(
    Platform platform,
    Snapshots snapshots,
    LockQueue queue,
    Recovery recovery,
    TimeProvider time
)
{
    public async Task<CertificateChange> RunAsync(
        string app,
        DeployRequest request,
        bool isDry,
        CancellationToken cancellationToken
    )
    {
        var seen = await snapshots.PeekAsync(app, cancellationToken);
        if (seen.Current is not { } current)
            throw new ConfigurationException(
                $"application {app}",
                "nothing is deployed",
                "Certificates come with the first deploy: ./build.sh AtomicDeploy."
            );
        var compose = await platform.Files.ReadComposeAsync(
            request.ComposeFile,
            request.Project,
            ReleaseTag.Parse(current.Release.Tag),
            request.Registry,
            cancellationToken
        );
        var facts = await platform.Host.ReadFactsAsync(cancellationToken);
        var model = CertificateCheck.Of(
            ComposeReader.Read(compose, facts.IsLocal),
            request.ComposeFile,
            time.GetUtcNow(),
            isWayBack: false
        );
        if (isDry)
            return Change(model, seen);
        await using var host = await queue.TakeAsync(app, request, cancellationToken);
        var now = await recovery.RunAsync(app, null, host, request, cancellationToken);
        var change = Change(model, now);
        if (!change.Put.IsEmpty)
            await recovery.ExecuteAsync(
                [new PutCertificates(change.Put)],
                app,
                now,
                host,
                request,
                cancellationToken,
                model
            );
        return change;
    }

    private static CertificateChange Change(Application app, Snapshot now)
    {
        var used = now
            .Blue.Routes.Concat(now.Green.Routes)
            .SelectMany(route => route.Certificates?.Split(' ') ?? [])
            .ToHashSet();
        var all = app.Certificates.Select(certificate => certificate.State).ToList();
        var missing = PutCertificates.Of(app.Certificates, now)?.Certificates ?? [];
        return new(
            [.. missing.Where(state => used.Contains(state.Name))],
            [.. all.Except(missing)],
            [.. missing.Where(state => !used.Contains(state.Name))]
        );
    }
}
