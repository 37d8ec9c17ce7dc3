using System.Diagnostics;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Steps;

/// <summary>What is true of all verbs, also of those that are still to come.</summary>
[CancelAfter(20_000)]
internal sealed class EveryVerbTests
{
    private static readonly Release Release = Given.Release(Given.Shop, "1");

    private static readonly AcmeCertificate Wanted = new("shop.test", "https://ca.test/dir", null, null);

    [TestCaseSource(typeof(OneVerbOneFileTests), nameof(OneVerbOneFileTests.Verbs))]
    public async Task Every_kind_of_step_can_be_carried_out(Type kind)
    {
        var cluster = new MemoryCluster(new MemoryClock(TimeSpan.FromSeconds(14)));
        var (step, executor, watch) = Ready(kind, cluster);
        await using (watch)
        {
            try
            {
                await executor.ExecuteAsync(step, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
            }
            catch (Exception exception) when (exception is not UnreachableException)
            {
                // On an empty host most steps find nothing to do or fail; that they are known is the claim.
            }
        }
    }

    [TestCaseSource(typeof(OneVerbOneFileTests), nameof(OneVerbOneFileTests.Verbs))]
    public void Every_kind_of_step_says_in_the_imperative_what_it_does(Type kind)
    {
        var step = (DeployStep)Create(kind);
        step.Describe().ShouldMatch("^[a-z][^\n]+$");
        step.ToString().ShouldBe(step.Describe());
    }

    private static (DeployStep Step, StepExecutor Executor, ContainerWatch Watch) Ready(
        Type kind,
        MemoryCluster cluster
    )
    {
        var time = new MemoryClock(TimeSpan.FromSeconds(14));
        var process = new MemoryProcess();
        var platform = MemoryPlatform.Of(cluster, process, Given.ShopModel, time);
        var watch = new ContainerWatch(platform.Health, "shop", Given.Noon);
        var context = new DeployContext(
            "id",
            "shop",
            Given.Shop,
            new DeployOptions { DeployTimeout = TimeSpan.FromMilliseconds(100) },
            0
        );
        return (
            (DeployStep)Create(kind),
            new StepExecutor(context, platform, new MemoryLockedHost(cluster, process), watch, new SpyReporter(), time),
            watch
        );
    }

    internal static object Create(Type kind) =>
        kind.GetConstructors()
            .Single(constructor => constructor.GetParameters().All(parameter => parameter.ParameterType != kind))
            .Invoke([.. kind.GetConstructors()[0].GetParameters().Select(parameter => Value(parameter.ParameterType))]);

    private static object? Value(Type type) =>
        type == typeof(string) ? "db"
        : type == typeof(Release) ? Release
        : type == typeof(ImmutableArray<string>) ? ImmutableArray.Create("db")
        : type == typeof(EdgeConfiguration) ? EdgeConfiguration.For("shop", Given.Shop.Routes, Given.Shop.Routes)
        : type == typeof(ImmutableArray<Door>) ? Doors.Added(Given.App(Model.DoorTests.Calls)).Doors
        : type == typeof(ImmutableArray<AdoptedContainer>)
            ? ImmutableArray.Create(new AdoptedContainer("id", "shop-api-1", "api", "always", ["8000"]))
        : type == typeof(ImmutableArray<PortGate>) ? ImmutableArray.Create(new PortGate(null, 8000))
        : type == typeof(ImmutableArray<CertificateState>) ? ImmutableArray.Create(Model.TlsSettingTests.State)
        : type == typeof(ImmutableArray<AcmeCertificate>) ? ImmutableArray.Create(Wanted)
        : type == typeof(ImmutableArray<Renewal>)
            ? ImmutableArray.Create(new Renewal(Wanted, RenewalReason.Missing, null))
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(1)
        : Activator.CreateInstance(type);
}
