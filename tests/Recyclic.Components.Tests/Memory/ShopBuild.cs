using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Memory;

/// <summary>A build as a team has it: everything mixed in, and two environments.</summary>
public class ShopBuild
    : RecyclicBuild,
        ISetup,
        IBuildImages,
        IPushImages,
        IEnvironments,
        IAtomicDeploy,
        IRollback,
        IInspect,
        ILogs,
        IMaintainEdge,
        IBackup,
        IRemove,
        IEveryday,
        IRecover,
        ICanary
{
    IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments =>
        [
            DeployEnvironment.Local,
            new DeployEnvironment("production")
            {
                Engine = EngineAddress.Parse("ssh://deploy@shop.example"),
                Registry = "registry.example",
            },
        ];

    /// <summary>Where it deploys to in memory: one service in two slots, one that never runs twice, one that all share.</summary>
    internal static MemoryHost InMemory() =>
        new(
            new MemoryApplication("shop")
                .Service("api", "shop/api:${TAG}", port: 8000, dependsOn: "db")
                .Service("bot", "shop/bot:${TAG}", overlap: false)
                .Service("db", "postgres:16")
        );
}
