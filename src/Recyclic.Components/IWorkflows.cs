using Recyclic.Build;
using Recyclic.Workflows;
using Recyclic.Workflows.Checking;
using Recyclic.Workflows.Generation;

namespace Recyclic.Components;

/// <summary>Generates the workflows of GitHub Actions from the targets of the build, checks them, rehearses them.</summary>
public interface IWorkflows : ICanCheck
{
    [Parameter("With Workflows: replace files even though somebody wrote or changed them by hand")]
    bool Overwrite => TryGetValue(() => Overwrite);

    [Parameter("With Workflows: run the jobs of this workflow's file here, each in a clean clone")]
    string? Rehearse => TryGetValue(() => Rehearse);

    [Parameter("With --rehearse: inputs as name=value")]
    string[]? RehearseInput => TryGetValue(() => RehearseInput);

    [Parameter("With --rehearse: environments whose gates are open")]
    string[]? RehearseApprove => TryGetValue(() => RehearseApprove);

    [Parameter("With --rehearse: jobs that are taken as done, such as a long test")]
    string[]? RehearseSkip => TryGetValue(() => RehearseSkip);

    /// <summary>The workflows of the build.</summary>
    IEnumerable<Workflow> WorkflowDefinitions { get; }

    Target Workflows => _ => _
        .Description("Writes .github/workflows from the targets of this build; --check compares, --rehearse runs one here")
        .Executes(async cancellationToken =>
        {
            if (Rehearse is { } name) await WorkflowRehearsal.RunAsync(this, name, cancellationToken);
            else await KeepAsync(cancellationToken);
        });

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var directory = new Recyclic.Workflows.Adapters.WorkflowDirectory(RootDirectory);
        var wanted = WorkflowFile.Of(WorkflowDefinitions, Graph, NameOf);
        var changes = FileChange.Between(wanted, await directory.ReadAsync(cancellationToken));
        if (changes.IsEmpty)
        {
            WriteLine($"{wanted.Length} workflow{(wanted.Length == 1 ? " is" : "s are")} as the build defines {(wanted.Length == 1 ? "it" : "them")}.");
            return;
        }
        foreach (var change in changes.Where(change => Check || change.LosesWork)) WriteLine(change.Diff().TrimEnd());
        if (Check) throw new TargetFailedException($"{Listed(changes)}\n  files   untouched; the lines that differ are above\n  next    ./build.sh Workflows, and commit what it writes");
        if (!Overwrite && changes.Any(change => change.LosesWork))
            throw new TargetFailedException($"{Listed(changes.Where(change => change.LosesWork))}\n  files   untouched; what would be lost is above\n  next    put it into the definition of the workflow, then ./build.sh Workflows --overwrite", exitCode: 2);
        foreach (var change in changes)
        {
            if (!DryRun) await directory.ApplyAsync(change, cancellationToken);
            WriteLine($"{change.Describe()}: {(DryRun ? "would be " : "")}{(change.Wanted is null ? "deleted" : "written")}");
        }
    }

    private static string Listed(IEnumerable<FileChange> changes) => string.Join('\n', changes.Select(change => change.Describe()));
}
