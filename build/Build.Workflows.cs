using Recyclic.Components;
using Recyclic.Workflows;

/// <summary>When our own targets run on GitHub, and where.</summary>
partial class Build : IDeployWorkflows
{
    private static readonly TargetReference[] MakeReady = [nameof(ISetup.Setup)];

    /// <summary>All commits, where a target asks for those since another.</summary>
    private static readonly Step[] WholeHistory = [Actions.Checkout.And("fetch-depth", "0"), Actions.SetupDotNet];

    IEnumerable<Workflow> IWorkflows.WorkflowDefinitions => [Ci, Quality, Staging, Production, HotfixByHand, RollbackByHand];

    IEnumerable<string> IDeployWorkflows.RegistryVariables => ["SAMPLE_REGISTRY"];

    private IDeployWorkflows Places => this;

    private Workflow Ci => new("ci")
    {
        On = [Trigger.Push("main"), Trigger.PullRequest()],
        Targets = [Test],
        OnEachRunner = [.. MakeReady],
        CancelsOlderRuns = true,
        Timeout = TestsTake,
    };

    private Workflow Quality => new("quality")
    {
        On = [Trigger.PullRequest(), Trigger.Schedule("17 4 * * 1")],
        Targets = [Format, nameof(IAudit.Audit)],
        Places = [new(Format), new(nameof(IAudit.Audit))],
        CancelsOlderRuns = true,
    };

    private Workflow Staging => new("staging")
    {
        On = [Trigger.Push("develop")],
        Targets = [Test, nameof(IDeployStaging.DeployStaging)],
        OnEachRunner = [.. MakeReady],
        Places =
        [
            Places.ImagesPlace("staging", nameof(IBuildImages.BuildImages), nameof(IPushImages.PushImages)),
            Places.DeployPlace("staging", nameof(IDeployStaging.DeployStaging)),
        ],
        Timeout = TestsTake,
    };

    /// <summary>
    /// Nothing is built: production gets the images that staging has run, so main is to be moved to a commit that was
    /// on develop.
    /// </summary>
    private Workflow Production => new("production")
    {
        On = [Trigger.Push("main"), Trigger.Dispatch(new Input("tag") { Description = "Release to deploy; empty: the commit's own" })],
        Targets = [nameof(IApproveProduction.ApproveProduction), nameof(IAtomicDeploy.AtomicDeploy)],
        Skips = [nameof(IBuildImages.BuildImages)],
        OnEachRunner = [.. MakeReady],
        Places = [ProductionGate, ToProduction],
        Setup = [.. WholeHistory],
    };

    /// <summary>From the branch on which it is started; staging is left to what develop has there.</summary>
    private Workflow HotfixByHand => new("hotfix")
    {
        On = [Trigger.Dispatch(new Input("hotfix") { Description = "Why it cannot wait; it is recorded and announced", IsRequired = true })],
        Targets = [Test, nameof(IPushImages.PushImages), nameof(IApproveProduction.ApproveProduction), nameof(IAtomicDeploy.AtomicDeploy)],
        OnEachRunner = [.. MakeReady],
        Places = [Places.ImagesPlace("production", nameof(IBuildImages.BuildImages), nameof(IPushImages.PushImages)), ProductionGate, ToProduction],
        Setup = [.. WholeHistory],
        Timeout = TestsTake,
    };

    private Workflow RollbackByHand => new("rollback")
    {
        On = [Trigger.Dispatch(new Input("tag") { Description = "Release to return to; empty: the previous good one" })],
        Targets = [nameof(IRollback.Rollback)],
        Places = [Places.HostPlace("production", nameof(IRollback.Rollback)) with { Arguments = ["--environment", "production", "--yes"] }],
        IsUrgent = true,
    };

    private Place ProductionGate => Places.GatePlace("production", nameof(IApproveProduction.ApproveProduction));

    private Place ToProduction => Places.DeployPlace("production", nameof(IAtomicDeploy.AtomicDeploy));

    private static TimeSpan TestsTake => TimeSpan.FromMinutes(45);
}
