using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>Runs what traffic goes through. Where it goes is said through the lock alone: <see cref="ITraffic"/>. Every
/// call may be repeated. A platform without an edge (<see cref="PlatformTraits.HasEdge"/>) has none of it, and is never
/// asked.</summary>
public interface IEdgeHost
{
    /// <summary>Makes the edge, or starts the one that is there.</summary>
    /// <param name="replace">
    /// Whether one that is there runs on beside the new one, which takes its place: see <see cref="RetireEdgesAsync"/>.
    /// </param>
    Task StartEdgeAsync(
        string app,
        EdgeConfiguration configuration,
        bool replace,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>
    /// Builds what an edge is made of once more, with today's packages. What runs is not touched: where the outcome is
    /// another image, it is <see cref="EdgeState.IsOutdated"/> from now on.
    /// </summary>
    Task RenewEdgeImageAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Asks an authority for certificates, whose keys are made on the host and stay there, until
    /// <see cref="ITraffic.AdoptCertificateAsync"/>.
    /// </summary>
    /// <param name="certificates">Of one account; at least one.</param>
    /// <param name="answer">Called with the account's thumbprint before the authority is asked for the first one: from then
    /// on it asks the edge.</param>
    /// <returns>An answer for each, with a certificate or with a problem.</returns>
    Task<ImmutableArray<AcmeAnswer>> ObtainCertificatesAsync(
        string app,
        ImmutableArray<AcmeCertificate> certificates,
        Func<string, CancellationToken, Task> answer,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>
    /// Has edges that were replaced end once what is open in them has, a day later at most, and removes those that have
    /// ended. One that publishes ports itself goes on: <see cref="OpenGatesAsync"/> ends it.
    /// </summary>
    Task RetireEdgesAsync(string app, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Removes an edge that was to replace another one, which has its place again.</summary>
    Task ReturnEdgeAsync(string app, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Publishes ports. What has one already, a gate that goes for it or an edge of an earlier version, is stopped right
    /// before, and is started again where the new gate does not start.
    /// </summary>
    /// <param name="instead">Gates that go for them.</param>
    /// <returns>For how long nobody listened on ports that had been published; zero: always somebody did.</returns>
    Task<TimeSpan> OpenGatesAsync(
        string app,
        ImmutableArray<PortGate> gates,
        ImmutableArray<PortGate> instead,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>
    /// Publishes ports that containers of plain compose have: those are stopped once all else is made, and get half a
    /// second to end what they do.
    /// </summary>
    /// <param name="from">They stay, stopped.</param>
    /// <returns>For how long nobody may have listened, at most.</returns>
    Task<TimeSpan> TakeOverPortsAsync(
        string app,
        ImmutableArray<PortGate> gates,
        ImmutableArray<AdoptedContainer> from,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>Removes gates.</summary>
    Task CloseGatesAsync(string app, ImmutableArray<PortGate> gates, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Removes the edge's container, and those that it replaced. The records of the application stay.</summary>
    Task RemoveEdgeAsync(string app, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Makes doors that are not there, puts them on their networks, and has each take up its configuration: no
    /// connection is closed. A door that is there keeps its address, unless it is to show something else to proxies
    /// (<see cref="Door.Sign"/>): then it is made anew, and the old one goes once the new one answers.
    /// </summary>
    Task OpenDoorsAsync(string app, ImmutableArray<Door> doors, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Removes the doors of services.</summary>
    Task CloseDoorsAsync(string app, ImmutableArray<string> services, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// Connects the edge to the slots' networks that it is not on; where it is on all, disconnects and connects each
    /// running container of the application, under the names that it has there.
    /// </summary>
    Task ReconnectAsync(string app, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The lines that the edge logged in a time, by the host's clock; default: nobody knows any.</summary>
    IAsyncEnumerable<LoggedLine> ReadEdgeLogAsync(
        string app,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) => AsyncEnumerable.Empty<LoggedLine>();

    /// <summary>The edge's log lines from now on, until cancelled.</summary>
    IAsyncEnumerable<string> FollowEdgeLogAsync(string app, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

/// <summary>A line of a log.</summary>
/// <param name="At">By the host's clock.</param>
/// <param name="Text">As it was written.</param>
public sealed record LoggedLine(DateTimeOffset At, string Text);
