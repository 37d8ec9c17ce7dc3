using System.Reflection;

namespace Recyclic.Build.Definition;

/// <summary>The targets of a component that another target refers to.</summary>
internal static class ComponentTargets
{
    public static IEnumerable<Target> Of<T>(T component, Func<T, Target>[] targets) =>
        targets.Length > 0 ? targets.Select(target => target(component)) : [SingleOf(component)];

    private static Target SingleOf<T>(T component)
    {
        var properties = typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.PropertyType == typeof(Target)).ToArray();
        return properties is [var property]
            ? (Target)property.GetValue(component)!
            : throw new DefinitionException($"{typeof(T).Name} has {properties.Length} targets, not one: name those you mean, as in DependsOn<{typeof(T).Name}>(x => x.…)");
    }
}

/// <summary>The build class itself is wrong; nothing can run.</summary>
internal sealed class DefinitionException(string message) : Exception(message);
