using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Processes;
using Recyclic.Workflows;
using Serilog;

/// <summary>When our own targets run on GitHub, and where.</summary>
partial class Build : IWorkflows
{
    IEnumerable<Workflow> IWorkflows.WorkflowDefinitions => [Ci, Quality, RollbackByHand];

    private Workflow Ci => new("ci")
    {
        On = [Trigger.Push("main"), Trigger.PullRequest()],
        Targets = [Test],
        OnEachRunner = [nameof(ISetup.Setup)],
        CancelsOlderRuns = true,
        Timeout = TimeSpan.FromMinutes(45),
    };

    private Workflow Quality => new("quality")
    {
        On = [Trigger.PullRequest(), Trigger.Schedule("17 4 * * 1")],
        Targets = [Format, Audit],
        Places = [new(Format), new(Audit)],
        CancelsOlderRuns = true,
    };

    /// <summary>The host runs a runner of its own: nothing else reaches its engine.</summary>
    private Workflow RollbackByHand => new("rollback")
    {
        On = [Trigger.Dispatch(new Input("tag") { Description = "Release to return to; empty: the previous good one" })],
        Targets = [nameof(IRollback.Rollback)],
        Places = [Place.Deploy("production", nameof(IRollback.Rollback)) with { Runner = "self-hosted", Arguments = ["--yes"], Rescue = nameof(IRecover.Recover) }],
        IsUrgent = true,
    };

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
