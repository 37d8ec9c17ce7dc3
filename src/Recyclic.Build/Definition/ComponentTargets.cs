using System.Linq.Expressions;
using System.Reflection;

namespace Recyclic.Build.Definition;

/// <summary>The targets of a component that another target refers to.</summary>
internal static class ComponentTargets
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public;

    public static IEnumerable<Target> Of<T>(T component, Func<T, Target>[] targets) =>
        targets.Length > 0
            ? targets.Select(target => target(component))
            : [(Target)Single(typeof(T)).GetValue(component)!];

    public static IEnumerable<PropertyInfo> PropertiesOf<T>(Expression<Func<T, Target>>[] targets) =>
        targets.Length > 0 ? targets.Select(PropertyOf) : [Single(typeof(T))];

    private static PropertyInfo PropertyOf<T>(Expression<Func<T, Target>> target) =>
        (target.Body as MemberExpression)?.Member as PropertyInfo
        ?? throw new DefinitionException($"'{target}' is not a target of {typeof(T).Name}");

    private static PropertyInfo Single(Type component)
    {
        var properties = component.GetProperties(Instance).Where(p => p.PropertyType == typeof(Target)).ToArray();
        return properties is [var property]
            ? property
            : throw new DefinitionException(
                $"{component.Name} has {properties.Length} targets, not one: name those you mean, as in DependsOn<{component.Name}>(x => x.…)"
            );
    }
}
