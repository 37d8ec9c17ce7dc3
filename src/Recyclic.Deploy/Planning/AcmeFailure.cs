using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what it means that a certificate was not obtained, and what a person should do.</summary>
/// <param name="What">What is so, in a sentence without its end.</param>
/// <param name="Mend">What to do.</param>
/// <param name="IsFatal">Whether users are refused by it, so that nothing should go on as if it were well.</param>
internal sealed record AcmeFailure(string What, string Mend, bool IsFatal, ImmutableArray<string> Evidence)
{
    private const string Again = "then: ./build.sh Certificates --renew";

    /// <param name="isAsked">Whether just this was asked for.</param>
    public static AcmeFailure Of(Renewal wanted, AcmeProblem problem, DateTimeOffset at, bool isAsked)
    {
        var host = wanted.Certificate.Host;
        var (why, mend) = Why(problem, wanted.Certificate);
        var detail = PrintableText.Of(problem.Detail, 400);
        ImmutableArray<string> evidence =
        [
            $"asked: {wanted.Certificate.Directory}",
            $"its answer: {PrintableText.Of(problem.Type, 60)}{(detail.Length > 0 ? $": {detail}" : "")}",
        ];
        var (what, isFatal) = wanted switch
        {
            { Reason: RenewalReason.Missing } => (
                $"no certificate for {host} was obtained: {why}. Until there is one, browsers warn of the edge's, which is self-signed",
                isAsked
            ),
            { There: { } there } when at >= there.NotAfter => (
                $"the certificate for {host} expired on {there.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC, so that clients refuse it, and was not renewed: {why}",
                true
            ),
            _ => (
                $"the certificate for {host} was not renewed: {why}. The one that is served is {wanted.There!.Until}, {wanted.There.DaysLeft(at)} days",
                false
            ),
        };
        return new(what, $"{mend}; {Again}", isFatal, evidence);
    }

    /// <summary>As a warning: all of it.</summary>
    public override string ToString() => $"{What}. {Mend} ({string.Join("; ", Evidence)})";

    /// <summary>By RFC 8555, section 6.7, and what the client itself finds.</summary>
    private static (string Why, string Mend) Why(AcmeProblem problem, AcmeCertificate certificate)
    {
        var host = certificate.Host;
        var authority = new Uri(certificate.Directory).Host;
        return problem.Type switch
        {
            "rateLimited" => (
                $"{authority} has issued as many as it allows for now",
                $"Wait until the time that it names; for attempts use a directory that allows more, such as {AcmeSetting.StagingDirectory}"
            ),
            "dns" => (
                $"{authority} does not find {host} in the DNS",
                $"Let an A or AAAA record of {host} lead to this host, or mend the name"
            ),
            "connection" or "tls" => (
                $"{authority} does not reach http://{host}/",
                $"Let {host} and its port 80 lead here from the internet: DNS, firewall, and the port that the service publishes"
            ),
            "unauthorized" or "incorrectResponse" => (
                $"somebody else answers at http://{host}/",
                $"Let {host} lead to this host alone, over IPv6 too, and a proxy in front of it pass /.well-known/acme-challenge/ on"
            ),
            "caa" => (
                $"a CAA record forbids {authority} to issue for {host}",
                $"Allow it in the DNS of {host}, or name the directory of an authority that is allowed"
            ),
            "rejectedIdentifier" or "unsupportedIdentifier" => (
                $"{authority} issues nothing for {host}",
                "Use another name, or the directory of an authority that does"
            ),
            "externalAccountRequired" => (
                $"{authority} has accounts for its customers alone (external account binding), which x-recyclic.tls.acme has no setting for",
                "Name another directory; or obtain the certificate otherwise, and give it by its file"
            ),
            "invalidContact" or "unsupportedContact" => (
                $"{authority} does not take the address {certificate.Email}",
                "Mend email, or leave it out"
            ),
            "userActionRequired" or "accountDoesNotExist" => (
                $"{authority} wants something of the account's owner",
                "See what it says"
            ),
            "serverInternal" => ($"{authority} has a failure of its own", "Try again later"),
            AcmeProblem.Unreachable => (
                $"{authority} does not answer",
                "Look whether the engine's containers reach it: DNS, firewall, proxy; or mend directory"
            ),
            AcmeProblem.Untrusted => (
                $"{authority} has a certificate that is not trusted",
                "Give that of who vouches for it: acme: { authority: ./ca.pem }; or mend directory"
            ),
            AcmeProblem.NotAcme => (
                $"what {authority} answers is not ACME",
                "Mend directory: it is the address that the authority's pages call its ACME directory"
            ),
            AcmeProblem.TooLate => ($"{authority} did not come to an end in time", "Try again later"),
            AcmeProblem.NoClient => (
                "the client that asks for it did not run",
                "See what it says; its image is built with Debian's packages"
            ),
            _ => ($"{authority} refuses it", "See what it says"),
        };
    }
}
