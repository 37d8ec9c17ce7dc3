using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Recyclic.Build.Paths;

namespace Recyclic.Build.Definition;

/// <summary>Collects what one target says of itself; its relations to others are in the other part.</summary>
internal sealed partial class TargetDefinition(RecyclicBuild build, string name, PropertyInfo property)
    : ITargetDefinition
{
    private const int DeepestInheritance = 50;
    private readonly Stack<TargetBody> _bodies = new();
    private int _depth;

    public string? DescriptionText { get; private set; }
    public List<Func<CancellationToken, Task>> Actions { get; } = [];
    public List<Condition> StaticConditions { get; } = [];
    public List<Condition> DynamicConditions { get; } = [];
    public List<Requirement> Requirements { get; } = [];
    public List<string> Products { get; } = [];
    public List<string> Inputs { get; } = [];
    public List<TargetOutput> DeclaredOutputs { get; } = [];
    public List<Target> FailureTargets { get; } = [];
    public List<Target> Exclusives { get; } = [];
    public TimeSpan? Timeout { get; private set; }
    public int Retries { get; private set; }
    public DependencyBehavior DependencyBehavior { get; private set; }
    public bool ProceedsAfterFailure { get; private set; }
    public bool IsAssured { get; private set; }
    public bool IsUnlisted { get; private set; }
    public bool IsWithoutTrace { get; private set; }
    public bool IsTesting { get; private set; }
    public bool HasOutput { get; private set; }

    public ITargetDefinition Description(string description) => Set(() => DescriptionText = description);

    public ITargetDefinition Executes(params Action[] actions) =>
        Array.Exists(actions, action => action.Method.IsDefined(typeof(AsyncStateMachineAttribute)))
            ? throw new DefinitionException(
                $"target {name} has an async action that returns no task, so nobody would wait for it or see it fail: let the method return Task, and give an async lambda an Executes of its own"
            )
            : Add(
                Actions,
                actions.Select(action => new Func<CancellationToken, Task>(_ =>
                {
                    action();
                    return Task.CompletedTask;
                }))
            );

    public ITargetDefinition Executes(params Func<Task>[] actions) =>
        Add(Actions, actions.Select(action => new Func<CancellationToken, Task>(_ => action())));

    public ITargetDefinition Executes<T>(params Func<T>[] actions) =>
        Add(
            Actions,
            actions.Select(action => new Func<CancellationToken, Task>(_ =>
                action() switch
                {
                    Task task => task,
                    ValueTask task => task.AsTask(),
                    { } task
                        when typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(ValueTask<>) =>
                        (Task)typeof(T).GetMethod(nameof(ValueTask.AsTask))!.Invoke(task, null)!,
                    _ => Task.CompletedTask,
                }
            ))
        );

    public ITargetDefinition Executes(params Func<CancellationToken, Task>[] actions) => Add(Actions, actions);

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string? text = null) =>
        Add(StaticConditions, [Condition.Of(condition, text)]);

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string? text = null) =>
        Add(DynamicConditions, [Condition.Of(condition, text)]);

    public ITargetDefinition OnlyWhenChanged(params string[] inputs) =>
        Array.TrueForAll(inputs, input => input.StartsWith('!'))
            ? throw new DefinitionException(
                $"target {name} has OnlyWhenChanged without an input: write OnlyWhenChanged(\"src\", \"!**/obj/**\")"
            )
            : Add(Inputs, inputs.Select(input => input.StartsWith('!') ? "!" + Input(input[1..]) : Input(input)));

    public ITargetDefinition Requires<T>(params Expression<Func<T>>[] values) =>
        values.Length > 0
            ? Add(Requirements, values.Select(v => new Requirement(v)))
            : throw new DefinitionException(
                $"target {name} has Requires<{typeof(T).Name}>() without a value: write Requires(() => …)"
            );

    public ITargetDefinition Requires(params Expression<Func<bool>>[] conditions) =>
        Add(Requirements, conditions.Select(c => new Requirement(c)));

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

    public ITargetDefinition RunsTests() => Set(() => IsTesting = true);

    public ITargetDefinition OwnsOutput() => Set(() => HasOutput = true);

    public ITargetDefinition LeavesNothing() => Set(() => IsWithoutTrace = true);

    public ITargetDefinition Produces(params string[] artifacts) => Add(Products, artifacts.Select(Relative));

    public ITargetDefinition Outputs(params TargetOutput[] outputs) => Add(DeclaredOutputs, outputs);

    public ITargetDefinition Base() =>
        Inherit(
            BaseTargets.BaseOf(
                build.GetType(),
                _bodies.TryPeek(out var body) ? body : BaseTargets.BodyOf(build.GetType(), property)
            )
        );

    public ITargetDefinition Inherit(params Target[] targets) => Set(() => Array.ForEach(targets, Apply));

    public ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets)
    {
        if (build is not T)
            throw Lacks<T>("inherits from");
        foreach (var inherited in ComponentTargets.PropertiesOf(targets))
            Inherit(new TargetBody(inherited, IsReplaced: false));
        return this;
    }

    /// <summary>While a body speaks, its own Base() is the next one behind it.</summary>
    private TargetDefinition Inherit(TargetBody body)
    {
        _bodies.Push(body);
        Apply(BaseTargets.Read(build, body.Property));
        _bodies.Pop();
        return this;
    }

    private void Apply(Target target)
    {
        if (++_depth > DeepestInheritance)
            throw new DefinitionException($"target {name} inherits from itself");
        target(this);
        _depth--;
    }

    /// <summary>
    /// A path below the root, as everybody has it who has the repository. Another one stays as it is.
    /// </summary>
    private string Relative(string pattern)
    {
        var root = ((IRecyclicBuild)build).RootDirectory;
        return Path.IsPathRooted(pattern) && new AbsolutePath(pattern).IsAtOrBelow(root)
            ? root.GetUnixRelativePathTo(pattern)
            : pattern;
    }

    /// <exception cref="DefinitionException">It is no pattern, or leaves the root directory.</exception>
    private string Input(string pattern)
    {
        try
        {
            var relative = Relative(pattern);
            return GlobPattern.Parse(relative).Any()
                ? relative
                : throw new ArgumentException($"'{pattern}' is empty", nameof(pattern));
        }
        catch (ArgumentException exception)
        {
            throw new DefinitionException(
                $"target {name} has the input '{pattern}': name files, directories or globs below {((IRecyclicBuild)build).RootDirectory} ({exception.Message.Split(" (Parameter")[0]})"
            );
        }
    }

    private DefinitionException Lacks<T>(string relation) =>
        new($"target {name} {relation} {typeof(T).Name}, which {build.GetType().Name} does not implement");

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
