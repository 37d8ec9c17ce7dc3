using System.Reflection;

namespace Recyclic.Build.Parameters;

/// <summary>A parameter: its name, its type, where it is declared.</summary>
internal sealed record ParameterModel(string Name, string MemberName, Type Type)
{
    public string? Description { get; init; }
    public bool IsSecret { get; init; }

    /// <summary>Not to be set from the environment or a file.</summary>
    public bool IsCommandLineOnly { get; init; }

    /// <summary>The value that the option alone stands for; with one, only <c>--x=y</c> or a number that follows gives another.</summary>
    public string? ValueWhenAlone { get; init; }

    /// <summary>The member to fill; null for host options.</summary>
    public MemberInfo? Member { get; init; }

    public string Option => "--" + Name;
    public bool IsFlag => Scalar == typeof(bool);
    public bool IsList => Type.IsArray;
    public Type Scalar => Nullable.GetUnderlyingType(Element) ?? Element;
    public string[] EnvironmentNames => IsCommandLineOnly ? [] : ParameterNames.Environment(Name);

    /// <summary>The build class or component that declares it.</summary>
    public string Owner => Member?.DeclaringType?.Name ?? "the host";

    private Type Element => Type.IsArray ? Type.GetElementType()! : Type;
}
