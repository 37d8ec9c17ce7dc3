using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what a build adds to the plan of a deploy. Without smoke tests and hooks, a plan is what it was.</summary>
internal static class PlanExtras
{
    /// <param name="app">Null: of a way back that reads no compose file.</param>
    public static DeployPlan With(DeployPlan plan, Application? app, DeployOptions options) =>
        HookPlan.With(app is null ? plan : SmokePlan.With(plan, app, options), options.Hooks);
}
