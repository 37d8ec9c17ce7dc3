using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: what of a deploy obtains certificates. Until there is one, the edge has one that nobody vouches for; then,
/// before the switch and with the ports open at which an authority asks, it gets the right one.
/// </summary>
internal static class Obtaining
{
    /// <summary>Once the edge has the routes of the application.</summary>
    public static IEnumerable<PlannedStep> Of(Application app, Snapshot now)
    {
        if (Due(app, now) is not { IsEmpty: false } due)
            yield break;
        if (Early(app, now) is { IsEmpty: false } gates)
            yield return new(Phase.Prepare, new OpenGates(gates));
        yield return new(Phase.Prepare, new ObtainCertificates(due));
    }

    /// <summary>The routes whose ports are still to be opened after the switch, if they are not.</summary>
    public static ImmutableArray<Route> Late(Application app, Snapshot now) =>
        Due(app, now).IsEmpty || Early(app, now) is not { IsEmpty: false } early
            ? app.Routes
            : [.. app.Routes.Where(route => route.IsInside || !early.Contains(PortGate.Of(route)))];

    /// <summary>What a plan says of certificates that should have been renewed by now.</summary>
    public static IEnumerable<string> Notes(Application app, Snapshot now)
    {
        if (now.HostTime is not { } at)
            yield break;
        foreach (var wanted in app.Obtains)
            if (
                now.Certificates.FirstOrDefault(state => state.Name == wanted.Name)
                    is { Origin: CertificateOrigin.Obtained } there
                && there.EndsSoon(at)
            )
                yield return at >= there.NotAfter
                    ? $"the certificate for {wanted.Host} has expired ({there.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC): clients refuse it until this deploy has renewed it"
                    : $"the certificate for {wanted.Host} is refused soon ({there.Until}, {there.DaysLeft(at)} days), and has not been renewed so far: see what ./build.sh Certificates --renew says";
    }

    private static ImmutableArray<Renewal> Due(Application app, Snapshot now) =>
        app.IsWayBack || !now.Traits.HasEdge ? [] : Renewal.Due(app.Obtains, now.Certificates, now.HostTime);

    /// <summary>
    /// Those that are closed, and that nothing is in the way of: who comes before the switch is told to come again.
    /// </summary>
    private static ImmutableArray<PortGate> Early(Application app, Snapshot now) =>
        OpenGates.Of(ChallengeRules.Gates(app.Routes), now) is { Instead.IsEmpty: true } open ? open.Gates : [];
}
