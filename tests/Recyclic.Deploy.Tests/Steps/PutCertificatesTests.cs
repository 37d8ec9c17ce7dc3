using Recyclic.Certificates;
using Recyclic.Deploy.Tests.Fakes;
using Recyclic.Deploy.Tests.Model;

namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class PutCertificatesTests
{
    private static readonly Application App = TlsSettingTests.Read(TestCertificate.For("shop.example.org"));

    [Test]
    public void It_says_for_whom_they_are_and_until_when() =>
        new PutCertificates([TlsSettingTests.State])
            .Describe()
            .ShouldBe(
                $"give edge the certificate for shop.example.org ({TlsSettingTests.State.Until}) (no connection is closed)"
            );

    [Test]
    public void It_stays_when_the_deploy_is_undone() =>
        new PutCertificates([TlsSettingTests.State]).Undo(StepRig.BlueServes, StepRig.Options).ShouldBeEmpty();

    [Test]
    public void What_is_in_place_is_left_out()
    {
        var wanted = App.Certificates[0].State;
        PutCertificates.Of(App.Certificates, StepRig.Nothing)!.Certificates.ShouldBe([wanted]);
        PutCertificates.Of(App.Certificates, StepRig.Nothing with { Certificates = [wanted] }).ShouldBeNull();
        PutCertificates
            .Of(App.Certificates, StepRig.Nothing with { Certificates = [wanted with { Fingerprint = "0" }] })!
            .Certificates.ShouldBe([wanted]);
    }

    [Test]
    public void A_plan_has_it_before_the_edge_that_needs_it()
    {
        var steps = DeployPlanner
            .Deploy(App, Snapshot.Empty("a"), Given.Release(App, "1"), StepRig.Options)
            .Steps.Select(step => step.Action)
            .ToList();
        var put = steps.FindIndex(step => step is PutCertificates);
        put.ShouldBeGreaterThanOrEqualTo(0);
        put.ShouldBeLessThan(steps.FindIndex(step => step is PrepareEdge));
    }

    [Test]
    public async Task The_edge_has_them_then_and_the_journal_has_no_key()
    {
        var process = new MemoryProcess();
        var time = new MemoryClock(TimeSpan.FromSeconds(14));
        var cluster = new MemoryCluster(time);
        await using var host = new MemoryLockedHost(cluster, process);
        var platform = MemoryPlatform.Of(cluster, process, Given.ShopModel, time);
        await using var watch = new ContainerWatch(platform.Health, "a", Given.Noon);
        var context = new DeployContext("id", "a", App, StepRig.Options, 0);
        var executor = new StepExecutor(context, platform, host, watch, new SpyReporter(), time);
        await executor.ExecuteAsync(new PutCertificates([App.Certificates[0].State]), CancellationToken.None);
        cluster.Certificates.Values.ShouldBe([App.Certificates[0].State]);
        (await host.ReadAsync(CancellationToken.None)).Certificates.ShouldBe([App.Certificates[0].State]);
        string.Join('\n', cluster.JournalLines).ShouldNotContain("PRIVATE");
    }
}
