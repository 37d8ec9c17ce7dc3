namespace Recyclic.Build.Definition;

/// <summary>What a target says of others.</summary>
internal sealed partial class TargetDefinition
{
    public List<Target> Dependencies { get; } = [];
    public List<Target> Dependents { get; } = [];
    public List<Target> Successors { get; } = [];
    public List<Target> Predecessors { get; } = [];
    public List<Target> Triggered { get; } = [];
    public List<Target> Triggering { get; } = [];
    public List<(Target Target, string[] Artifacts)> Consumed { get; } = [];

    public ITargetDefinition DependsOn(params Target[] targets) => Add(Dependencies, targets);

    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) =>
        Add(Dependencies, Of(targets, "depends on"));

    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) =>
        build is T ? DependsOn(targets) : this;

    public ITargetDefinition DependentFor(params Target[] targets) => Add(Dependents, targets);

    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) =>
        Add(Dependents, Of(targets, "is a dependency of"));

    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) =>
        build is T ? DependentFor(targets) : this;

    public ITargetDefinition Before(params Target[] targets) => Add(Successors, targets);

    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Add(Successors, Of(targets, "runs before"));

    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => build is T ? Before(targets) : this;

    public ITargetDefinition After(params Target[] targets) => Add(Predecessors, targets);

    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => Add(Predecessors, Of(targets, "runs after"));

    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => build is T ? After(targets) : this;

    public ITargetDefinition Triggers(params Target[] targets) => Add(Triggered, targets);

    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Add(Triggered, Of(targets, "triggers"));

    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => build is T ? Triggers(targets) : this;

    public ITargetDefinition TriggeredBy(params Target[] targets) => Add(Triggering, targets);

    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) =>
        Add(Triggering, Of(targets, "is triggered by"));

    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) =>
        build is T ? TriggeredBy(targets) : this;

    public ITargetDefinition Consumes(params Target[] targets) =>
        Add(Consumed, targets.Select(target => (target, Array.Empty<string>())));

    public ITargetDefinition Consumes<T>(params Func<T, Target>[] targets) => Consumes([.. Of(targets, "consumes")]);

    public ITargetDefinition Consumes(Target target, params string[] artifacts) => Consume([target], artifacts);

    public ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts) =>
        Consume(Of([target], "consumes"), artifacts);

    public ITargetDefinition Consumes<T>(params string[] artifacts) => Consume(Of<T>([], "consumes"), artifacts);

    public ITargetDefinition Consumes<T>() => Consumes<T>(Array.Empty<string>());

    private TargetDefinition Consume(IEnumerable<Target> targets, string[] artifacts) =>
        Add(Consumed, targets.Select(target => (target, artifacts.Select(Relative).ToArray())));

    private IEnumerable<Target> Of<T>(Func<T, Target>[] targets, string relation) =>
        build is T component ? ComponentTargets.Of(component, targets) : throw Lacks<T>(relation);
}
