using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Its edge, gates and doors.</summary>
public sealed partial class DockerEngine
{
    /// <inheritdoc/>
    public Task StartEdgeAsync(
        string app,
        EdgeConfiguration configuration,
        bool replace,
        CancellationToken cancellationToken
    ) => _edge.StartAsync(app, replace, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveEdgeAsync(string app, CancellationToken cancellationToken) =>
        _edge.RemoveAsync(app, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<AcmeAnswer>> ObtainCertificatesAsync(
        string app,
        ImmutableArray<AcmeCertificate> certificates,
        Func<string, CancellationToken, Task> answer,
        CancellationToken cancellationToken
    ) => _acme.ObtainAsync(app, certificates, answer, cancellationToken);

    /// <inheritdoc/>
    public async Task RenewEdgeImageAsync(CancellationToken cancellationToken)
    {
        await new EdgeImage(_host.Docker, _host.Client, _host.Changes).RenewAsync(cancellationToken);
        await _acmeImage.RenewAsync(cancellationToken);
        _host.Reader.ForgetEdgeImage();
    }

    /// <inheritdoc/>
    public Task RetireEdgesAsync(string app, CancellationToken cancellationToken) =>
        _edge.RetireAsync(app, cancellationToken);

    /// <inheritdoc/>
    public Task ReturnEdgeAsync(string app, CancellationToken cancellationToken) =>
        _edge.ReturnAsync(app, cancellationToken);

    /// <inheritdoc/>
    public Task<TimeSpan> OpenGatesAsync(
        string app,
        ImmutableArray<PortGate> gates,
        ImmutableArray<PortGate> instead,
        CancellationToken cancellationToken
    ) => _gates.OpenAsync(app, gates, instead, cancellationToken);

    /// <inheritdoc/>
    public Task<TimeSpan> TakeOverPortsAsync(
        string app,
        ImmutableArray<PortGate> gates,
        ImmutableArray<AdoptedContainer> from,
        CancellationToken cancellationToken
    ) => _gates.TakeOverAsync(app, gates, token => _adopted.StopAtOnceAsync(app, from, token), cancellationToken);

    /// <inheritdoc/>
    public Task CloseGatesAsync(string app, ImmutableArray<PortGate> gates, CancellationToken cancellationToken) =>
        _gates.CloseAsync(app, gates, cancellationToken);

    /// <inheritdoc/>
    public Task OpenDoorsAsync(string app, ImmutableArray<Door> doors, CancellationToken cancellationToken) =>
        _doors.OpenAsync(app, doors, cancellationToken);

    /// <inheritdoc/>
    public Task CloseDoorsAsync(string app, ImmutableArray<string> services, CancellationToken cancellationToken) =>
        _doors.CloseAsync(app, services, cancellationToken);

    /// <inheritdoc/>
    public Task ReconnectAsync(string app, CancellationToken cancellationToken) =>
        _reconnection.RunAsync(app, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> FollowEdgeLogAsync(string app, CancellationToken cancellationToken) =>
        _log.FollowAsync(app, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedLine> ReadEdgeLogAsync(
        string app,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) => _log.ReadAsync(app, from, until, cancellationToken);
}
