using System.Diagnostics;
using System.Reflection;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>
/// The table of handlers: for each kind of step the one that carries it out. They are found by their type, so a new
/// verb has no list to be added to.
/// </summary>
internal sealed class StepHandlers
{
    private readonly Dictionary<Type, StepHandler> _byStep;

    private StepHandlers(IEnumerable<StepHandler> handlers) =>
        _byStep = handlers.ToDictionary(handler => handler.Handles);

    /// <summary>Those of this library.</summary>
    public static StepHandlers All { get; } = In(typeof(StepHandlers).Assembly);

    /// <exception cref="ArgumentException">A step has two of them.</exception>
    public static StepHandlers In(params IEnumerable<Assembly> assemblies) =>
        new(
            from assembly in assemblies
            from type in assembly.GetTypes()
            where type.IsSubclassOf(typeof(StepHandler)) && !type.IsAbstract
            select (StepHandler)Activator.CreateInstance(type)!
        );

    public StepHandler For(DeployStep step) =>
        _byStep.GetValueOrDefault(step.GetType())
        ?? throw new UnreachableException($"No handler carries out {step.GetType().Name}");
}
