using System.Reflection;

namespace Recyclic.Build.Parameters;

/// <summary>Fills the members of a build class. Members of interfaces read their values themselves.</summary>
internal static class ParameterInjection
{
    public static void Into(RecyclicBuild build, ParameterValues values)
    {
        foreach (var value in values.All)
            if (value.Parameter is { IsMadeOf: false, Member: { DeclaringType.IsInterface: false } member })
                Set(build, member, value.Value);
    }

    /// <summary>
    /// The value now in a member of a build class; null for members of interfaces, whose getters may do anything.
    /// </summary>
    public static object? Current(RecyclicBuild build, MemberInfo? member) =>
        member switch
        {
            FieldInfo field => field.GetValue(build),
            PropertyInfo property when BackingField(property) is { } field => field.GetValue(build),
            _ => null,
        };

    /// <summary>What holds the value of a property without a body of its own; null: there is none.</summary>
    public static FieldInfo? BackingField(PropertyInfo property) =>
        property.DeclaringType is { IsInterface: false } type
            ? type.GetField($"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)
            : null;

    public static void Set(RecyclicBuild build, MemberInfo member, object? value)
    {
        if (member is FieldInfo field)
            field.SetValue(build, value);
        else if (member is PropertyInfo { CanWrite: true } property)
            property.SetValue(build, value);
        else
            BackingField((PropertyInfo)member)?.SetValue(build, value);
    }
}
