using System.Reflection;

namespace Recyclic.Build.Definition;

/// <summary>
/// What a target replaces: the same property of a base class, or the body that its interface gives it.
/// </summary>
internal static class BaseTargets
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The property whose body stands behind a definition at first.</summary>
    public static TargetBody BodyOf(Type build, PropertyInfo property) =>
        property.DeclaringType is { IsInterface: true } component
            ? new(property, IsReplaced(build, component, property))
            : new(property, IsReplaced: false);

    /// <exception cref="DefinitionException">There is none, or there are several.</exception>
    public static TargetBody BaseOf(Type build, TargetBody body)
    {
        if (body.IsReplaced)
            return body with { IsReplaced = false };
        for (var type = body.Property.DeclaringType!.BaseType; type is not null; type = type.BaseType)
            if (Find(type, body.Property.Name) is { } inherited)
                return new(inherited, IsReplaced: false);
        var bodies = body.Property.DeclaringType.IsInterface
            ? []
            : build
                .GetInterfaces()
                .Select(component => Find(component, body.Property.Name))
                .OfType<PropertyInfo>()
                .ToArray();
        return bodies switch
        {
            [var one] => new(one, IsReplaced: false),
            [] => throw new DefinitionException(
                $"target {body.Property.Name} of {body.Property.DeclaringType.Name} replaces no other, so it has no Base()"
            ),
            _ => throw new DefinitionException(
                $"Base() of target {body.Property.Name} may be that of {string.Join(" or of ", bodies.Select(b => b.DeclaringType!.Name))}: write Inherit<{bodies[0].DeclaringType!.Name}>(x => x.{body.Property.Name})"
            ),
        };
    }

    /// <summary>The target as this very property defines it, whatever replaces it in the build.</summary>
    public static Target Read(RecyclicBuild build, PropertyInfo property)
    {
        var body = property.GetMethod!.MethodHandle.GetFunctionPointer();
        return ((Func<Target>)Activator.CreateInstance(typeof(Func<Target>), build, body)!)();
    }

    private static PropertyInfo? Find(Type type, string name) =>
        type.GetProperty(name, Declared) is { GetMethod.IsAbstract: false } property
        && property.PropertyType == typeof(Target)
            ? property
            : null;

    private static bool IsReplaced(Type build, Type component, PropertyInfo property)
    {
        if (property.GetMethod is not { IsAbstract: false, IsVirtual: true } getter)
            return false;
        var map = build.GetInterfaceMap(component);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, getter)] != getter;
    }
}

/// <summary>
/// A property that defines a target; replaced when the build implements the interface's property explicitly, under no
/// name of its own.
/// </summary>
internal sealed record TargetBody(PropertyInfo Property, bool IsReplaced);
