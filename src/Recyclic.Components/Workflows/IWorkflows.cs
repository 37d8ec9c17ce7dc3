using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows;
using Recyclic.Workflows.Checking;
using Recyclic.Workflows.Generation;
using Serilog;

namespace Recyclic.Components;

/// <summary>
/// Generates the workflows of GitHub Actions, and of other CI systems, from the targets of the build, checks them,
/// rehearses them.
/// </summary>
public interface IWorkflows : ICanCheck
{
    /// <summary>Default: false, then a file that would lose somebody's work is refused, with exit code 2.</summary>
    [Parameter("With Workflows: replace files even though somebody wrote or changed them by hand")]
    bool Overwrite => TryGetValue(() => Overwrite);

    /// <summary>
    /// The file's name without its ending, or `gitlab:` and a pipeline's; null: files are written or checked.
    /// </summary>
    [Parameter(
        "With Workflows: run the jobs of this workflow's file here, each in a clean clone; gitlab:ci takes those of .gitlab-ci.yml"
    )]
    string? Rehearse => TryGetValue(() => Rehearse);

    /// <summary>Each `name=value`; null: every input has its default.</summary>
    [Parameter("With --rehearse: inputs as name=value")]
    string[]? RehearseInput => TryGetValue(() => RehearseInput);

    /// <summary>Names of environments; null: every gate is shut.</summary>
    [Parameter("With --rehearse: environments whose gates are open")]
    string[]? RehearseApprove => TryGetValue(() => RehearseApprove);

    /// <summary>Ids of jobs; null: all run.</summary>
    [Parameter("With --rehearse: jobs that are taken as done, such as a long test")]
    string[]? RehearseSkip => TryGetValue(() => RehearseSkip);

    /// <summary>The workflows of the build.</summary>
    IEnumerable<Workflow> WorkflowDefinitions { get; }

    /// <summary>
    /// The CI systems that files are written for; default: GitHub Actions alone. <c>[new GitHubActions(), new
    /// GitLabCi()]</c> writes <c>.gitlab-ci.yml</c>, too.
    /// </summary>
    IEnumerable<ICiSystem> CiSystems => [new GitHubActions()];

    /// <summary>
    /// Pins of actions that hold instead of the library's own, by a build author's word; default: none. A later one
    /// that was moved in the files holds instead.
    /// </summary>
    IEnumerable<ActionPin> ActionPins => [];

    /// <summary>With --check it changes nothing and fails on a difference.</summary>
    Target Workflows =>
        _ =>
            _.Description(
                    "Writes .github/workflows from the targets of this build; --check compares, --rehearse runs one here"
                )
                .Executes(async cancellationToken =>
                {
                    if (Rehearse is { } name)
                        await WorkflowRehearsal.RunAsync(this, name, cancellationToken);
                    else
                        await KeepAsync(cancellationToken);
                    if (Check && Rehearse is null && this is IHazDeployment deployment)
                        await CheckProtectionAsync(deployment, cancellationToken);
                });

    /// <summary>
    /// Where CI systems look for their files; it is above the build's own root where
    /// <see cref="Workflow.WorkingDirectory"/> says so.
    /// </summary>
    internal AbsolutePath RepositoryRoot =>
        WorkflowFile.RootOf(RootDirectory, WorkflowDefinitions) is { } root ? root : RootDirectory;

    /// <summary>Whether GitHub protects the environments that jobs of these workflows deploy to.</summary>
    private async Task CheckProtectionAsync(IHazDeployment deployment, CancellationToken cancellationToken)
    {
        var used = WorkflowDefinitions
            .SelectMany(workflow => workflow.Places)
            .Select(place => place.Environment)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var problems = await GitHub.Adapters.GitHubEnvironments.MissingAsync(
            EnvironmentVariables,
            deployment.DeployEnvironments.Where(environment =>
                GitHub.ProtectionCheck.NamesOf(environment).Any(used.Contains)
            ),
            WriteLine,
            cancellationToken
        );
        if (!problems.IsEmpty)
            throw new TargetFailedException(
                new Deploy.Model.ConfigurationException([.. problems]).Message,
                exitCode: 2
            );
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var directory = new Recyclic.Workflows.Adapters.WorkflowDirectory(RepositoryRoot);
        var pinFile = new Recyclic.Workflows.Adapters.PinFile(RootDirectory);
        var existing = await directory.ReadAsync(Files([]).Select(file => file.Path), cancellationToken);
        var defined = ActionPins.ToImmutableArray();
        var kept = await pinFile.ReadAsync(cancellationToken);
        var moves = PinMoves.Between(Files([.. defined, .. kept]), existing);
        if (!Overwrite && !moves.Refused.IsEmpty)
            throw new TargetFailedException(
                $"pins of actions were changed in a way that is not taken over\n{string.Join('\n', moves.Refused.Select(line => "  - " + line))}\n  files   untouched\n  next    mend the line, or ./build.sh Workflows --overwrite",
                exitCode: 2
            );
        var moved = ActionPin.Newest(moves.Moved);
        foreach (var pin in moved.Values)
            WriteLine(
                $"{pin.Action} was moved to {pin.Version} in the files: {(Check || DryRun ? "./build.sh Workflows keeps it" : $"kept, in {Recyclic.Workflows.Adapters.PinFile.Path}")}"
            );
        var wanted = Files([.. defined, .. kept, .. moves.Moved]);
        var pins = wanted.SelectMany(file => PinLine.In(file.Text)).ToList();
        foreach (
            var warning in ActionRuntimes.Warnings(
                pins,
                DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
            )
        )
            Log.Warning("{Text:l}", warning);
        var changes = FileChange
            .Between(wanted, existing)
            .RemoveAll(change =>
                Check
                && change is { Now: { } now, Wanted: { } text }
                && WorkflowFile.SaysTheSame(PinLine.Apply(now, moved), text)
            );
        if (changes.IsEmpty)
        {
            if (!Check && !DryRun && pins.Count > 0)
                await pinFile.WriteAsync(ActionPin.Newest(pins).Values, cancellationToken);
            var workflows = WorkflowDefinitions.Count();
            WriteLine(
                $"{workflows} workflow{(workflows == 1 ? " is" : "s are")} as the build defines {(workflows == 1 ? "it" : "them")}."
            );
            return;
        }
        foreach (var change in changes.Where(change => Check || LosesWork(change)))
            WriteLine(change.Diff().TrimEnd());
        if (Check)
            throw new TargetFailedException(
                $"{Listed(changes)}\n  files   untouched; the lines that differ are above\n  next    ./build.sh Workflows, and commit what it writes"
            );
        if (!Overwrite && changes.Any(LosesWork))
            throw new TargetFailedException(
                $"{Listed(changes.Where(LosesWork))}\n  files   untouched; what would be lost is above\n  next    put it into the definition of the workflow, then ./build.sh Workflows --overwrite",
                exitCode: 2
            );
        if (!DryRun && pins.Count > 0)
            await pinFile.WriteAsync(ActionPin.Newest(pins).Values, cancellationToken);
        foreach (var change in changes)
        {
            if (!DryRun)
                await directory.ApplyAsync(change, cancellationToken);
            WriteLine(
                $"{change.Describe()}: {(DryRun ? "would be " : "")}{(change.Wanted is null ? "deleted" : "written")}"
            );
        }
    }

    /// <param name="pins">Each action has the newest of them, if that is newer than the definition's own; a pin of
    /// <see cref="ActionPins"/> holds even if it is older.</param>
    private ImmutableArray<WorkflowFile> Files(ImmutableArray<ActionPin> pins) =>
        WorkflowFile.Of(CiSystems, WorkflowDefinitions, Graph, NameOf, PinsOver(pins));

    private ImmutableSortedDictionary<string, ActionPin> PinsOver(ImmutableArray<ActionPin> pins)
    {
        var own = WorkflowFile
            .Of(CiSystems, WorkflowDefinitions, Graph, NameOf)
            .SelectMany(file => PinLine.In(file.Text))
            .Where(pin => ActionPins.All(set => set.Action != pin.Action));
        return ActionPin.Newest([.. own, .. pins]);
    }

    /// <summary>
    /// One that differs in its checksum alone, because a pin was moved in it that is kept, loses nothing.
    /// </summary>
    private static bool LosesWork(FileChange change) =>
        change.LosesWork && !(change is { Now: { } now, Wanted: { } wanted } && WorkflowFile.SaysTheSame(now, wanted));

    private static string Listed(IEnumerable<FileChange> changes) =>
        string.Join('\n', changes.Select(change => change.Describe()));
}
