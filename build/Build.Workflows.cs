using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Processes;
using Recyclic.Workflows;
using Serilog;

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
        Targets = [Format, Audit],
        Places = [new(Format), new(Audit)],
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

    /// <summary>Nothing is built: production gets the images that staging has run, so main is to be moved to a commit that was on develop.</summary>
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

    Target Format => _ => _
        .Description("Fails when the code is not formatted, or an analyzer has something to say")
        .Executes(async cancellationToken =>
        {
            var format = await CheckedAsync(["format", "Recyclic.sln", "--verify-no-changes"], cancellationToken);
            if (!format.Succeeded) throw new TargetFailedException("the code is not as dotnet format leaves it; the places are above\n  next    dotnet format Recyclic.sln");
        });

    Target Audit => _ => _
        .Description("Fails when a package that we use is known to be vulnerable")
        .Executes(async cancellationToken =>
        {
            var list = await CheckedAsync(["list", "Recyclic.sln", "package", "--vulnerable", "--include-transitive"], cancellationToken);
            if (!list.Succeeded) throw new TargetFailedException("the packages could not be looked up; the reason is above");
            if (list.StandardOutput.Contains("has the following vulnerable packages", StringComparison.Ordinal))
                throw new TargetFailedException("a package is known to be vulnerable; it is named above\n  next    raise its version in Directory.Packages.props");
        });

    private Task<CommandResult> CheckedAsync(string[] arguments, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync(
            Command.Of("dotnet", arguments) with { WorkingDirectory = RootDirectory, Timeout = TimeSpan.FromMinutes(15), IsReadOnly = true, OnLine = line => Log.Information("{Line:l}", line) },
            cancellationToken);
}
