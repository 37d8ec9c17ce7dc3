using Recyclic.Build;
using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Components.Tests.Memory;

/// <summary>A build with smoke tests and hooks of its own.</summary>
public class TestedShop : RecyclicBuild, IAtomicDeploy, IRollback, IInspect, IRecover
{
    Func<SmokeTests, SmokeTests> IHazDeployment.SmokeTests =>
        _ => _.Http("/health", health => health.Contains("up").Retry(1, TimeSpan.Zero)).Command("api", "check");

    Func<DeployHooks, DeployHooks> IHazDeployment.Hooks =>
        _ =>
            _.After(
                Phase.Shift,
                "tell",
                (facts, _) =>
                {
                    WriteLine($"{facts.App} {facts.Tag} is live in {facts.Environment}");
                    return Task.CompletedTask;
                }
            );

    /// <summary>A parameter that is no use to hooks.</summary>
    [Parameter("A secret"), Secret]
    public string? Token { get; set; }
}

/// <summary>A build whose smoke test could never pass.</summary>
public class MistakenShop : RecyclicBuild, IAtomicDeploy
{
    Func<SmokeTests, SmokeTests> IHazDeployment.SmokeTests => _ => _.Http("/health", health => health.Matches("("));
}

/// <summary>A build that lets no hook take longer than a second.</summary>
public class HurriedShop : RecyclicBuild, IAtomicDeploy
{
    TimeSpan IHazDeployment.HookDeadline => TimeSpan.FromSeconds(1);
}
