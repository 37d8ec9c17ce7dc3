using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Why a certificate is to be obtained.</summary>
public enum RenewalReason
{
    /// <summary>There is none, or one that nobody vouches for.</summary>
    Missing,

    /// <summary>Less than a third of its life is left.</summary>
    Ending,

    /// <summary>It is refused by now.</summary>
    Expired,
}

/// <summary>A certificate that is to be obtained now.</summary>
/// <param name="There">What the edge has of this name; null: nothing.</param>
public sealed record Renewal(AcmeCertificate Certificate, RenewalReason Reason, CertificateState? There)
{
    /// <summary>Pure: those of some certificates whose time has come.</summary>
    /// <param name="at">Null: the time is not known, and so nothing is about to end.</param>
    public static ImmutableArray<Renewal> Due(
        IEnumerable<AcmeCertificate> wanted,
        IEnumerable<CertificateState> there,
        DateTimeOffset? at
    )
    {
        var byName = there.ToDictionary(state => state.Name);
        return
        [
            .. from certificate in wanted
            let state = byName.GetValueOrDefault(certificate.Name)
            let reason = Why(state, at)
            where reason is not null
            select new Renewal(certificate, reason.Value, state),
        ];
    }

    private static RenewalReason? Why(CertificateState? state, DateTimeOffset? at) =>
        state is not { Origin: CertificateOrigin.Obtained } ? RenewalReason.Missing
        : at is not { } now ? null
        : now >= state.NotAfter ? RenewalReason.Expired
        : state.NotAfter - now < state.Life / 3 ? RenewalReason.Ending
        : null;
}
