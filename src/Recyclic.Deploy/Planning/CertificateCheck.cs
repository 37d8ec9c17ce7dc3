using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: whether the certificates of an application are of use at a time.</summary>
internal static class CertificateCheck
{
    /// <summary>The same application, with a warning for each certificate that ends soon.</summary>
    /// <param name="isWayBack">Then one that is of no use is a warning too: a way back is never refused for it.</param>
    /// <exception cref="ConfigurationException">One is of no use.</exception>
    public static Application Of(Application app, string file, DateTimeOffset at, bool isWayBack)
    {
        var problems = new List<ConfigurationProblem>();
        var warnings = new List<string>();
        foreach (var certificate in app.Certificates)
        {
            var title = $"the certificate for {certificate.State.Title}";
            if (certificate.WhyNotAt(at) is { } why)
            {
                problems.Add(
                    new(
                        $"{file}: x-recyclic.tls",
                        $"{title} {why}",
                        at < certificate.NotBefore
                            ? "Give one that is valid now, or mend the clock of this machine."
                            : "Have it renewed, and give the new one."
                    )
                );
                warnings.Add($"{title} {why}");
            }
            else if (certificate.State.NotAfter - at < CertificateState.Soon)
                warnings.Add(SoonOver(certificate.State, at));
        }
        if (problems.Count > 0 && !isWayBack)
            throw new ConfigurationException([.. problems]);
        return app with { Warnings = app.Warnings.AddRange(warnings), IsWayBack = isWayBack };
    }

    private static string SoonOver(CertificateState certificate, DateTimeOffset at)
    {
        var days = certificate.DaysLeft(at);
        return $"the certificate for {certificate.Title} ends in {days} day{(days == 1 ? "" : "s")} ({certificate.Until}): have it renewed, and run ./build.sh Certificates";
    }
}
