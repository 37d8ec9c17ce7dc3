using System.Linq.Expressions;

namespace Recyclic.Build.Definition;

/// <summary>Collects what one target says of itself.</summary>
internal sealed class TargetDefinition(RecyclicBuild build, string name) : ITargetDefinition
{
    public string? DescriptionText { get; private set; }
    public List<Func<CancellationToken, Task>> Actions { get; } = [];
    public List<Target> Dependencies { get; } = [];
    public List<Target> Dependents { get; } = [];
    public List<Target> Successors { get; } = [];
    public List<Target> Predecessors { get; } = [];
    public List<Target> Triggered { get; } = [];
    public List<Target> Triggering { get; } = [];
    public List<Condition> StaticConditions { get; } = [];
    public List<Condition> DynamicConditions { get; } = [];
    public List<Requirement> Requirements { get; } = [];
    public List<Target> FailureTargets { get; } = [];
    public List<Target> Exclusives { get; } = [];
    public TimeSpan? Timeout { get; private set; }
    public int Retries { get; private set; }
    public DependencyBehavior DependencyBehavior { get; private set; }
    public bool ProceedsAfterFailure { get; private set; }
    public bool IsAssured { get; private set; }
    public bool IsUnlisted { get; private set; }

    public ITargetDefinition Description(string description) => Set(() => DescriptionText = description);

    public ITargetDefinition Executes(params Action[] actions) =>
        Add(Actions, actions.Select(action => new Func<CancellationToken, Task>(_ =>
        {
            action();
            return Task.CompletedTask;
        })));

    public ITargetDefinition Executes(Func<Task> action) => Executes(_ => action());

    public ITargetDefinition Executes(Func<CancellationToken, Task> action) => Add(Actions, [action]);

    public ITargetDefinition DependsOn(params Target[] targets) => Add(Dependencies, targets);

    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) =>
        build is T component
            ? Add(Dependencies, ComponentTargets.Of(component, targets))
            : throw new DefinitionException($"target {name} depends on {typeof(T).Name}, which {build.GetType().Name} does not implement");

    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) => build is T ? DependsOn(targets) : this;

    public ITargetDefinition DependentFor(params Target[] targets) => Add(Dependents, targets);

    public ITargetDefinition Before(params Target[] targets) => Add(Successors, targets);

    public ITargetDefinition After(params Target[] targets) => Add(Predecessors, targets);

    public ITargetDefinition Triggers(params Target[] targets) => Add(Triggered, targets);

    public ITargetDefinition TriggeredBy(params Target[] targets) => Add(Triggering, targets);

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string? text = null) => Add(StaticConditions, [Condition.Of(condition, text)]);

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string? text = null) => Add(DynamicConditions, [Condition.Of(condition, text)]);

    public ITargetDefinition Requires<T>(params Expression<Func<T>>[] values) => Add(Requirements, values.Select(v => new Requirement(v)));

    public ITargetDefinition Requires(params Expression<Func<bool>>[] conditions) => Add(Requirements, conditions.Select(c => new Requirement(c)));

    public ITargetDefinition WhenSkipped(DependencyBehavior behavior) => Set(() => DependencyBehavior = behavior);

    public ITargetDefinition ProceedAfterFailure() => Set(() => ProceedsAfterFailure = true);

    public ITargetDefinition AssuredAfterFailure() => Set(() => IsAssured = true);

    public ITargetDefinition OnFailure(params Target[] targets) => Add(FailureTargets, targets);

    public ITargetDefinition WithTimeout(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return Set(() => Timeout = timeout);
    }

    public ITargetDefinition WithRetry(int retries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retries);
        return Set(() => Retries = retries);
    }

    public ITargetDefinition NotInParallelWith(params Target[] targets) => Add(Exclusives, targets);

    public ITargetDefinition Unlisted() => Set(() => IsUnlisted = true);

    public ITargetDefinition Inherit(params Target[] targets) => Set(() => Array.ForEach(targets, target => target(this)));

    public ITargetDefinition Inherit<T>(params Func<T, Target>[] targets) =>
        build is T component
            ? Inherit([.. ComponentTargets.Of(component, targets)])
            : throw new DefinitionException($"target {name} inherits from {typeof(T).Name}, which {build.GetType().Name} does not implement");

    private TargetDefinition Set(Action action)
    {
        action();
        return this;
    }

    private TargetDefinition Add<T>(List<T> list, IEnumerable<T> items)
    {
        list.AddRange(items);
        return this;
    }
}
