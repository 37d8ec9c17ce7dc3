using Recyclic.Certificates;
using Recyclic.Deploy.Tests.Model;

namespace Recyclic.Deploy.Tests.Planning;

/// <summary>Certificates and the time.</summary>
internal sealed class CertificateCheckTests
{
    private static readonly Application App = TlsSettingTests.Read(
        TestCertificate.For(Given.Noon.AddDays(-90), Given.Noon.AddDays(90), "shop.example.org")
    );

    [Test]
    public void One_that_is_valid_for_long_is_taken_in_silence() => Check(0).Warnings.ShouldBeEmpty();

    [TestCase(70, "in 20 days")]
    [TestCase(89, "in 1 day (")]
    public void One_that_ends_soon_is_warned_of(int days, string text) =>
        Check(days).Warnings.ShouldHaveSingleItem().ShouldContain($"the certificate for shop.example.org ends {text}");

    [TestCase(90, "expired on", "Have it renewed")]
    [TestCase(-91, "is not valid before", "mend the clock")]
    public void One_that_is_of_no_use_is_refused_but_not_on_the_way_back(int days, string what, string mend)
    {
        var problem = Should.Throw<ConfigurationException>(() => Check(days)).Problems.ShouldHaveSingleItem();
        problem.What.ShouldContain($"the certificate for shop.example.org {what}");
        problem.Mend.ShouldContain(mend);
        problem.Place.ShouldBe("compose.yml: x-recyclic.tls");
        Check(days, isWayBack: true).Warnings.ShouldHaveSingleItem().ShouldContain(what);
    }

    private static Application Check(int days, bool isWayBack = false) =>
        CertificateCheck.Of(App, "compose.yml", Given.Noon.AddDays(days), isWayBack);
}
