using Recyclic.Deploy.Tests.Model;

namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class PutStandInsTests
{
    private static readonly Application App = Given.App(AcmeSettingTests.Model);

    private static readonly AcmeCertificate Wanted = App.Obtains[0];

    [Test]
    public void It_says_that_it_is_self_signed_and_until_when() =>
        new PutStandIns([Wanted])
            .Describe()
            .ShouldBe("give edge a self-signed certificate for shop.example.org until one is obtained");

    [Test]
    public void It_is_for_what_the_edge_has_nothing_of()
    {
        PutStandIns.Of(App, Snapshot.Empty("shop"))!.Certificates.ShouldBe([Wanted]);
        PutStandIns
            .Of(
                App,
                Snapshot.Empty("shop") with
                {
                    Certificates = [TlsCertificate.SelfSigned(Wanted.Name, Wanted.Host, Given.Noon).State],
                }
            )
            .ShouldBeNull();
    }

    [Test]
    public async Task Done_again_it_leaves_alone_what_was_obtained_meanwhile()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new PutStandIns([Wanted]));
        var made = rig.Cluster.Certificates[Wanted.Name];
        (made.Origin, made.Hosts.Single()).ShouldBe((CertificateOrigin.SelfSigned, "shop.example.org"));
        var obtained = rig.Cluster.Certificates[Wanted.Name] = made with { Origin = CertificateOrigin.Obtained };
        await rig.RunAsync(new PutStandIns([Wanted]));
        rig.Cluster.Certificates[Wanted.Name].ShouldBe(obtained);
    }
}
