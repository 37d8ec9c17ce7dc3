using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

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
}
