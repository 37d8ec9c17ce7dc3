namespace Recyclic.Build.Tests.CommandLine;

#pragma warning disable CA1708 // LOUD and Loud: a person may mean either.

/// <summary>A build as people have it, with a parameter that makes targets fail.</summary>
public class PipelineBuild : RecyclicBuild
{
    [Parameter("Which release")]
    public string? Tag { get; set; }

    [Parameter("Where to")]
    public Stage Stage { get; set; }

    [Parameter]
    public int Retries { get; set; } = 3;

    [Parameter]
    public TimeSpan? Patience { get; set; }

    [Parameter]
    public bool WithDocs { get; set; }

    [Parameter(Separator = ",")]
    public string[] Break { get; set; } = [];

    [Parameter, Secret]
    public string? RegistryPassword { get; set; }

    public Target Clean => _ => _.Before(Restore).Executes(() => Act(nameof(Clean)));
    public Target Restore => _ => _.Executes(() => Act(nameof(Restore)));
    public Target Compile => _ => _.DependsOn(Restore).Executes(() => Act(nameof(Compile)));
    public Target Test => _ => _.DependsOn(Compile).ProceedAfterFailure().Executes(() => Act(nameof(Test)));
    public Target Pack => _ => _.DependsOn(Compile).After(Test).Executes(() => Act(nameof(Pack)));
    public Target Docs => _ => _.DependsOn(Compile).OnlyWhenStatic(() => WithDocs).Executes(() => Act(nameof(Docs)));
    public Target Lint => _ => _.OnlyWhenStatic(() => Stage != Stage.Local).Executes(() => Act(nameof(Lint)));
    public Target All => _ => _.DependsOn(Test, Pack, Docs);
    public Target Publish =>
        _ => _.DependsOn(Pack).Requires(() => Tag).Triggers(Announce).Executes(() => Act(nameof(Publish)));
    public Target Announce => _ => _.Unlisted().Executes(() => Act(nameof(Announce)));
    public Target Rollback =>
        _ =>
            _.TriggeredBy(Publish)
                .After(Announce)
                .AssuredAfterFailure()
                .OnlyWhenDynamic(() => IsFailing)
                .Executes(() => Act(nameof(Rollback)));
    public Target Sign =>
        _ => _.DependsOn(Clean).WhenSkipped(DependencyBehavior.Execute).Executes(() => Act(nameof(Sign)));
    public Target Release => _ => _.DependsOn(Sign).Executes(() => Act(nameof(Release)));

    public Target Hen => _ => _.DependsOn(Egg);
    public Target Egg => _ => _.DependsOn(Hen);
    public Target Ouroboros => _ => _.DependsOn(Ouroboros);
    public Target Echo => _ => _.Triggers(Canyon).Executes(() => { });
    public Target Canyon => _ => _.Triggers(Echo).Executes(() => { });

    public Target LOUD => _ => _.Executes(() => Act(nameof(LOUD)));
    public Target Loud => _ => _.Executes(() => Act(nameof(Loud)));

    private void Act(string target)
    {
        if (Break.Contains(target))
            throw new TargetFailedException($"{target} broke");
    }
}
