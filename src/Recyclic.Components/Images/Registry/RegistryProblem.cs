using System.Text.RegularExpressions;

namespace Recyclic.Components.Registry;

/// <summary>Pure: what is wrong with a registry, in words for the person who pushes.</summary>
/// <param name="What">For example `it does not answer`.</param>
/// <param name="Evidence">What was seen.</param>
/// <param name="MayPass">Whether another try may help. A push may be repeated: what has arrived is not sent again, and
/// the tag is set last.</param>
internal sealed partial record RegistryProblem(string What, string Evidence, string Mend, bool MayPass)
{
    private const string Credentials =
        "Give --registry-user and REGISTRY_PASSWORD (or REGISTRY_PASSWORD_FILE), or log in: docker login <registry>.";

    /// <summary>Of what `docker push` printed.</summary>
    public static RegistryProblem OfPush(string printed)
    {
        var evidence =
            printed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
            ?? "docker push failed without a word";
        bool Says(params string[] words) =>
            words.Any(word => printed.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (Says("no space left on device", "insufficient storage", " 507 ", "quota"))
            return Full(evidence);
        if (
            Says(
                "unauthorized",
                "authentication required",
                "no basic auth credentials",
                "denied",
                "403 Forbidden",
                "401 Unauthorized"
            )
        )
            return NotAllowed(evidence);
        if (Says("server gave HTTP response to HTTPS client"))
            return new(
                "it does not speak TLS",
                evidence,
                "Add it to \"insecure-registries\" in the engine's /etc/docker/daemon.json, or give it a certificate.",
                false
            );
        if (Says("x509:", "certificate"))
            return new(
                "its certificate is not trusted",
                evidence,
                "Put its authority's certificate into /etc/docker/certs.d/<registry>/ca.crt on the engine's host.",
                false
            );
        if (Says("invalid character '<'", "text/html", "<html", "error parsing HTTP", "unexpected HTTP status: 200"))
            return NotARegistry(evidence);
        if (
            Says(
                "connection refused",
                "no such host",
                "no route to host",
                "network is unreachable",
                "connection reset",
                "EOF"
            )
        )
            return Unreachable(evidence);
        if (Says("timeout", "deadline exceeded", "canceled while waiting"))
            return Slow(evidence);
        if (Says("429", "toomanyrequests"))
            return Busy(evidence);
        return ServerError().IsMatch(printed)
            ? Broken(evidence)
            : new(
                "it does not take the image",
                evidence,
                "See its log; `docker push` of the same image shows the same.",
                false
            );
    }

    /// <summary>Of an answer's status.</summary>
    public static RegistryProblem OfStatus(int status, string evidence) =>
        status switch
        {
            401 or 403 => NotAllowed(evidence),
            429 => Busy(evidence),
            507 => Full(evidence),
            >= 500 => Broken(evidence),
            _ => NotARegistry(evidence),
        };

    public static RegistryProblem NotAllowed(string evidence) =>
        new("it does not let us in", evidence, Credentials, false);

    public static RegistryProblem NotARegistry(string evidence) =>
        new(
            "it does not answer as a registry does",
            evidence,
            "Is this the registry's address, and not that of its web page or of a proxy's login page?",
            false
        );

    public static RegistryProblem Unreachable(string evidence) =>
        new(
            "it does not answer",
            evidence,
            "Is it running, and is the address right? It has to be reached by the same name from here and from the engine.",
            true
        );

    public static RegistryProblem Slow(string evidence) =>
        new("it is too slow", evidence, "See its load and the network; --push-timeout gives it longer.", true);

    private static RegistryProblem Full(string evidence) =>
        new("it is full", evidence, "Free space on the registry's disk, for example by its garbage collection.", false);

    private static RegistryProblem Busy(string evidence) =>
        new("it takes no more requests now", evidence, "Wait a while and run the same command again.", true);

    private static RegistryProblem Broken(string evidence) => new("it fails", evidence, "See its log.", true);

    [GeneratedRegex(
        @"\b50[0234]\b|Internal Server Error|Bad Gateway|Service Unavailable",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex ServerError();
}
