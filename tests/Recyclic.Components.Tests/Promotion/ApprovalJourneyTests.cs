using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Components.Promotion;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests;

/// <summary>From the approval to the deploy, on a host in memory.</summary>
[CancelAfter(60_000)]
public sealed class ApprovalJourneyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task What_was_approved_is_deployed_once()
    {
        var host = new MemoryHost(new MemoryApplication("shop").Service("api", "shop/api:${TAG}", port: 8000));
        var tester = new BuildTester().On(host, "production");
        string[] deploy = ["AtomicDeploy", "--environment", "production", "--tag", "v1"];

        var refused = await tester.RunAsync<ProductionBuild>(deploy);
        refused.ExitCode.ShouldBe(2, refused.Output);
        refused.Output.ShouldContain("v1 has no approval");

        var approved = await tester.RunAsync<ProductionBuild>(
            "ApproveProduction",
            "--tag",
            "v1",
            "--approver",
            "ann",
            "--override",
            "a test has no commits",
            "--yes"
        );
        approved.ExitCode.ShouldBe(0, approved.Output);
        var deployed = await tester.RunAsync<ProductionBuild>(deploy);
        deployed.ExitCode.ShouldBe(0, deployed.Output);
        host.Serving.ShouldBe("v1");

        var again = await tester.RunAsync<ProductionBuild>(deploy);
        again.ExitCode.ShouldBe(2, again.Output);
        again.Output.ShouldContain("was for the next deploy alone");
    }

    [Test]
    public async Task Nothing_is_approved_over_what_was_deployed_meanwhile(CancellationToken cancellationToken)
    {
        var host = new Host(HostState.None with { Generation = 8, Now = Noon });
        (
            await Should.ThrowAsync<ConfigurationException>(() =>
                ApprovalRecord.AppendAsync(host, Approval, Facts with { Generation = 7 }, "ann", cancellationToken)
            )
        ).Message.ShouldContain("something was deployed there while the gates were asked");
        host.Appended.ShouldBeEmpty();
    }

    [Test]
    public async Task A_host_without_a_time_has_no_approvals(CancellationToken cancellationToken)
    {
        var host = new Host(HostState.None);
        await Should.ThrowAsync<ConfigurationException>(() =>
            ApprovalRecord.AppendAsync(host, Approval, Facts, "ann", cancellationToken)
        );
        host.Appended.ShouldBeEmpty();
    }

    [Test]
    public async Task An_approval_has_its_time_from_the_host(CancellationToken cancellationToken)
    {
        var host = new Host(HostState.None with { Now = Noon.AddDays(3) });
        await ApprovalRecord.AppendAsync(host, Approval, Facts, "ann", cancellationToken);
        var record = host.Appended.ShouldHaveSingleItem();
        record.At.ShouldBe(Noon.AddDays(3));
        record.Approval!.ExpiresAt.ShouldBe(Noon.AddDays(4));
    }

    private static Approval Approval => new("production", "d", "v1", "ann", Noon);

    private static GateFacts Facts => new(new DeployEnvironment("production"), Noon, "v1", "d");

    private sealed class Host(HostState state) : IRecord
    {
        public List<JournalRecord> Appended { get; } = [];

        public Task<HostState> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(state);

        public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
        {
            Appended.Add(record);
            return Task.CompletedTask;
        }

        public Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class ProductionBuild : RecyclicBuild, IAtomicDeploy, IApproveProduction
    {
        IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments =>
            [
                DeployEnvironment.Local,
                new("production")
                {
                    Project = "shop",
                    NeedsApproval = true,
                    Gates = [new ApproverGate()],
                },
            ];
    }
}
