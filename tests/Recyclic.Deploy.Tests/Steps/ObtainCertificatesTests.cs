namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class ObtainCertificatesTests
{
    private static readonly AcmeCertificate Shop = new("shop.test", "https://ca.test/dir", null, null);

    private static readonly AcmeCertificate Blog = Shop with { Host = "blog.test" };

    private static readonly ObtainCertificates Both = new([
        new(Shop, RenewalReason.Missing, null),
        new(Blog, RenewalReason.Missing, null),
    ]);

    [Test]
    public void It_says_for_whom_and_from_whom() =>
        new ObtainCertificates([new(Shop, RenewalReason.Missing, null), new(Blog, RenewalReason.Ending, null)])
            .Describe()
            .ShouldBe(
                "obtain the certificate for shop.test from ca.test; renew the certificate for blog.test from ca.test"
            );

    [Test]
    public async Task The_edge_answers_for_the_account_first_and_has_the_certificates_then()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(Both);
        rig.Cluster.Challenges.Keys.ShouldBe(["shop.test", "blog.test"], ignoreOrder: true);
        rig.Cluster.Certificates.Values.ShouldAllBe(state => state.Origin == CertificateOrigin.Obtained);
        rig.Cluster.Certificates.Keys.ShouldBe([Shop.Name, Blog.Name], ignoreOrder: true);
        rig.Warnings.ShouldBeEmpty();
    }

    [Test]
    public async Task One_that_is_refused_keeps_no_other_from_being_obtained()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        rig.Cluster.AcmeProblems["shop.test"] = new("rateLimited", "too many");
        await rig.RunAsync(Both);
        rig.Cluster.Certificates.Keys.ShouldBe([Blog.Name]);
        rig.Warnings.ShouldHaveSingleItem().ShouldContain("ca.test has issued as many as it allows for now");
    }

    [Test]
    public async Task One_that_clients_refuse_already_is_a_failure_with_what_to_do()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        rig.Cluster.AcmeProblems["shop.test"] = new("connection", "timeout");
        var expired = new CertificateState(Shop.Name, "fedc", Given.Noon.AddDays(-400), ["shop.test"])
        {
            Origin = CertificateOrigin.Obtained,
        };
        var failed = await Should.ThrowAsync<StepFailedException>(() =>
            rig.RunAsync(new ObtainCertificates([new(Shop, RenewalReason.Expired, expired)]))
        );
        failed.Message.ShouldContain("so that clients refuse it, and was not renewed");
        failed.Evidence.ShouldContain("its answer: connection: timeout");
        failed.Next!.ShouldContain("port 80");
    }
}
