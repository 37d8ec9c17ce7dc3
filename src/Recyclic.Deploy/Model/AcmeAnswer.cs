namespace Recyclic.Deploy.Model;

/// <summary>What became of an order for a certificate.</summary>
/// <param name="Name">The certificate's, <see cref="Model.AcmeCertificate.Name"/>.</param>
/// <param name="Chain">It, and those of its issuers, in PEM; its key stays where it was made. Null: there is none.</param>
/// <param name="Problem">Null: there is none.</param>
public sealed record AcmeAnswer(string Name, string? Chain, AcmeProblem? Problem);

/// <summary>Why a certificate was not obtained.</summary>
/// <param name="Type">The last word of the authority's own type (RFC 8555, section 6.7), or one of those below.</param>
/// <param name="Detail">What was said; empty: nothing.</param>
public sealed record AcmeProblem(string Type, string Detail)
{
    /// <summary>The types of what is not said by an authority.</summary>
    internal const string Unreachable = "recyclic:unreachable",
        Untrusted = "recyclic:untrusted",
        NotAcme = "recyclic:not-acme",
        TooLate = "recyclic:too-late",
        NoClient = "recyclic:no-client";

    internal static AcmeProblem NoAnswer { get; } = new(NoClient, "the client ended without an answer");

    internal static AcmeProblem OtherHost { get; } = new(NotAcme, "the certificate that came is not for that host");
}
