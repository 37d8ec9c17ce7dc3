using Recyclic.Deploy.Tests.Fakes;
using Recyclic.Deploy.Tests.Model;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Certificates that are obtained, in the course of deploys.</summary>
[CancelAfter(60_000)]
internal sealed class AcmeScenarios
{
    private const string Shop = "shop.example.org";

    [Test]
    public async Task The_first_deploy_has_one_before_its_users_have_the_release()
    {
        var stage = new Stage(AcmeSettingTests.Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.Certificates.Values.ShouldHaveSingleItem().Origin.ShouldBe(CertificateOrigin.Obtained);
        var changes = stage.Cluster.Changes.ToList();
        var obtained = changes.FindIndex(change => change.StartsWith("adopt ", StringComparison.Ordinal));
        obtained.ShouldBeInRange(
            1,
            changes.FindIndex(change => change.StartsWith("commit ", StringComparison.Ordinal))
        );
        var steps = (await stage.PlanAsync("2")).Steps;
        steps.ShouldNotContain(step => step.Action is ObtainCertificates || step.Action is PutStandIns);
    }

    [Test]
    public async Task Its_plan_opens_the_port_that_is_asked_before_and_the_others_with_the_switch()
    {
        var stage = new Stage(AcmeSettingTests.Model);
        var steps = (await stage.PlanAsync("1")).Steps.Select(step => step.Action).ToList();
        var opened = steps.OfType<OpenGates>().ToList();
        opened.Select(step => step.Describe()).ShouldBe(["publish 80", "publish 443"]);
        var obtain = steps.FindIndex(step => step is ObtainCertificates);
        obtain.ShouldBe(steps.IndexOf(opened[0]) + 1);
        obtain.ShouldBeGreaterThan(steps.FindIndex(step => step is PrepareEdge));
        steps.FindIndex(step => step is PutStandIns).ShouldBeLessThan(steps.FindIndex(step => step is PrepareEdge));
        obtain.ShouldBeLessThan(steps.FindIndex(step => step is CutOver));
    }

    [Test]
    public async Task A_first_deploy_that_fails_closes_the_port_again()
    {
        var stage = new Stage(AcmeSettingTests.Model);
        stage.Cluster.Fates["sha256:web-1"] = Fate.Exits;
        stage.Options = stage.Options with { DeployTimeout = TimeSpan.FromSeconds(5) };
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(1);
        stage.Cluster.Gates.ShouldBeEmpty();
        stage.Cluster.Edge.Exists.ShouldBeFalse();
    }

    [Test]
    public async Task Where_none_can_be_obtained_the_release_comes_up_and_it_is_obtained_later()
    {
        var stage = new Stage(AcmeSettingTests.Model);
        stage.Cluster.AcmeProblems[Shop] = new("dns", "no such host");
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.Certificates.Values.ShouldHaveSingleItem().Origin.ShouldBe(CertificateOrigin.SelfSigned);
        stage.Reporter.Lines.ShouldContain(line =>
            line.Contains("browsers warn of the edge's", StringComparison.Ordinal)
        );
        (await Should.ThrowAsync<StepFailedException>(() => RenewAsync(stage))).Message.ShouldContain("was obtained: ");

        stage.Cluster.AcmeProblems.Clear();
        (await RenewAsync(stage, isDry: true)).Due.ShouldBe([Shop]);
        (await RenewAsync(stage)).Obtained.ShouldHaveSingleItem().Hosts.ShouldBe([Shop]);
        (await RenewAsync(stage)).Kept.ShouldHaveSingleItem();
    }

    [Test]
    public async Task One_that_ends_is_renewed_with_the_next_deploy_and_a_failure_is_a_warning()
    {
        var stage = new Stage(AcmeSettingTests.Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        var valid = Age(stage, daysLeft: 20);
        stage.Cluster.AcmeProblems[Shop] = new("rateLimited", "too many");
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        stage.Reporter.Lines.ShouldContain(line => line.Contains("was not renewed: ", StringComparison.Ordinal));
        stage.Cluster.Certificates.Values.ShouldBe([valid]);

        stage.Cluster.AcmeProblems.Clear();
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        stage.Cluster.Certificates.Values.ShouldHaveSingleItem().ShouldNotBe(valid);
    }

    [Test]
    public async Task One_that_has_expired_and_is_not_renewed_fails_a_deploy_and_no_way_back()
    {
        var stage = new Stage(AcmeSettingTests.Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        Age(stage, daysLeft: -1);
        stage.Cluster.AcmeProblems[Shop] = new("connection", "timeout");
        (await stage.PlanAsync("3")).Notes.ShouldContain(note =>
            note.Contains("has expired", StringComparison.Ordinal)
        );
        var outcome = await stage.DeployAsync("3");
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Evidence.ShouldContain("its answer: connection: timeout");
        (await stage.ObserveAsync()).Current!.Release.Tag.ShouldBe("2");
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task Another_host_is_obtained_with_the_deploy_that_brings_it()
    {
        var stage = new Stage(AcmeSettingTests.Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Model = stage.Model.Replace(Shop, "blog.example.org", StringComparison.Ordinal);
        var change = await RenewAsync(stage);
        (change.Obtained.IsEmpty, change.Undeployed.Single()).ShouldBe((true, "blog.example.org"));
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        stage.Cluster.Certificates.Values.ShouldContain(state => state.Hosts[0] == "blog.example.org");
    }

    /// <summary>Its certificate has lived for most of 90 days.</summary>
    private static CertificateState Age(Stage stage, int daysLeft)
    {
        var (name, state) = stage.Cluster.Certificates.Single();
        var end = stage.Cluster.HostTime.AddDays(daysLeft);
        return stage.Cluster.Certificates[name] = state with
        {
            NotAfter = end,
            NotBefore = end.AddDays(-90),
            Fingerprint = "aged",
        };
    }

    private static Task<CertificateChange> RenewAsync(Stage stage, bool isDry = false) =>
        stage.RunAsync(
            null,
            (deployer, interrupted) =>
                deployer.PutCertificatesAsync(
                    stage.App,
                    new("docker-compose.yml", null, null, null, "ann@laptop", false, stage.Options),
                    isDry,
                    interrupted,
                    renews: true
                )
        );
}
