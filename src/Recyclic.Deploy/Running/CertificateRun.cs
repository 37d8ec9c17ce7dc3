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
)
{
    /// <summary>Those that were obtained from an authority.</summary>
    public ImmutableArray<CertificateState> Obtained { get; init; } = [];

    /// <summary>The hosts whose certificates are to be obtained now, and were not: nobody asked for it.</summary>
    public ImmutableArray<string> Due { get; init; } = [];

    /// <summary>The hosts whose certificates are obtained with the next deploy: what serves has no use for them.</summary>
    public ImmutableArray<string> Undeployed { get; init; } = [];
}

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
        bool renews,
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
        var due = renews ? Due(model, now) : [];
        ImmutableArray<DeployStep> steps =
        [
            .. change.Put.IsEmpty ? Array.Empty<DeployStep>() : [new PutCertificates(change.Put)],
            .. due.IsEmpty ? Array.Empty<DeployStep>() : [new ObtainCertificates(due) { IsAsked = true }],
        ];
        await recovery.ExecuteAsync(steps, app, now, host, request, cancellationToken, model);
        if (due.IsEmpty)
            return change;
        var after = (await host.ReadAsync(cancellationToken)).Certificates;
        ImmutableArray<CertificateState> obtained =
        [
            .. after.Where(state =>
                due.Any(one => one.Certificate.Name == state.Name && one.There?.Fingerprint != state.Fingerprint)
            ),
        ];
        return change with
        {
            Obtained = obtained,
            Due =
            [
                .. due.Where(one => obtained.All(state => state.Name != one.Certificate.Name))
                    .Select(one => one.Certificate.Host),
            ],
        };
    }

    private CertificateChange Change(Application app, Snapshot now)
    {
        var used = Used(now);
        var all = app.Certificates.Select(certificate => certificate.State).ToList();
        var missing = PutCertificates.Of(app.Certificates, now)?.Certificates ?? [];
        var due = Due(app, now);
        return new(
            [.. missing.Where(state => used.Contains(state.Name))],
            [
                .. all.Except(missing),
                .. now.Certificates.Where(state =>
                    app.Obtains.Any(one => one.Name == state.Name) && due.All(one => one.Certificate.Name != state.Name)
                ),
            ],
            [.. missing.Where(state => !used.Contains(state.Name))]
        )
        {
            Due = [.. due.Select(one => one.Certificate.Host)],
            Undeployed = [.. app.Obtains.Where(one => !used.Contains(one.Name)).Select(one => one.Host)],
        };
    }

    /// <summary>Those that the running edge has a place for.</summary>
    private ImmutableArray<Renewal> Due(Application app, Snapshot now) =>
        Renewal.Due(
            app.Obtains.Where(one => Used(now).Contains(one.Name)),
            now.Certificates,
            now.HostTime ?? time.GetUtcNow()
        );

    private static HashSet<string> Used(Snapshot now) =>
        now.Blue.Routes.Concat(now.Green.Routes).SelectMany(route => route.Certificates?.Split(' ') ?? []).ToHashSet();
}
