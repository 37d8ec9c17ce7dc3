using System.Reflection;
using Recyclic.Build.Running;

namespace Recyclic.Build.Tooling;

/// <summary>Fills members of type <see cref="Tool"/>.</summary>
internal static class ToolInjection
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Fills those of the build class; members of components ask for themselves.</summary>
    public static void Into(RecyclicBuild build, BuildSession session)
    {
        for (var type = build.GetType(); type is not null && type != typeof(RecyclicBuild); type = type.BaseType)
            foreach (var field in type.GetFields(Declared))
                if (
                    field.FieldType == typeof(Tool)
                    && MemberOf(type, field) is { } member
                    && Find(member, session) is { } tool
                )
                    field.SetValue(build, tool);
    }

    /// <summary>The program that a member names, or null when there is none on PATH.</summary>
    public static Tool? Find(MemberInfo member, BuildSession session)
    {
        if (member.GetCustomAttribute<PathVariableAttribute>() is not { } attribute)
            return null;
        var name = attribute.Name ?? member.Name.TrimStart('_').ToLowerInvariant();
        return session.HasProgram(name) ? ProcessTasks.ToolOf(name) : null;
    }

    /// <summary>The field itself, or the property that it backs.</summary>
    private static MemberInfo? MemberOf(Type type, FieldInfo field) =>
        field.Name.StartsWith('<') ? type.GetProperty(field.Name[1..field.Name.IndexOf('>')], Declared) : field;
}
