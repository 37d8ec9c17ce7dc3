using System.Reflection;

namespace Recyclic.Build.Parameters;

/// <summary>A parameter: its name, its type, where it is declared.</summary>
internal sealed record ParameterModel(string Name, string MemberName, Type Type)
{
    public string? Description { get; init; }
    public bool IsSecret { get; init; }
    public bool IsRequired { get; init; }

    /// <summary>Required only by the targets that say so.</summary>
    public bool IsOnDemand { get; init; }

    /// <summary>Whether help and suggestions show it.</summary>
    public bool IsListed { get; init; } = true;

    /// <summary>Not to be set from the environment or a file.</summary>
    public bool IsCommandLineOnly { get; init; }

    /// <summary>Splits each value of a list; null: none is split.</summary>
    public string? Separator { get; init; }

    /// <summary>Each mention of the option takes one value of the list.</summary>
    public bool OneValueEach { get; init; }

    /// <summary>It has what follows <c>--</c>, behind a target of its component.</summary>
    public bool TakesRest { get; init; }

    /// <summary>The variable without the prefix is another program's.</summary>
    public bool PrefixedOnly { get; init; }

    /// <summary>A variable to read besides those made from the name.</summary>
    public string? EnvironmentVariable { get; init; }

    /// <summary>
    /// The value that the option alone stands for; with one, what follows is its value only if it is of its kind. Null:
    /// it takes one.
    /// </summary>
    public string? ValueWhenAlone { get; init; }

    /// <summary>The secret whose value is in the file that this parameter names.</summary>
    public ParameterModel? FileOf { get; init; }

    /// <summary>The member to fill; null for host options and for <see cref="FileOf"/>.</summary>
    public MemberInfo? Member { get; init; }

    /// <summary>
    /// The member does not get the value, but what a <see cref="ValueInjectionAttributeBase"/> makes of it.
    /// </summary>
    public bool IsMadeOf { get; init; }

    public string Option => "--" + Name;

    /// <summary>The name in a parameters file.</summary>
    public string Key =>
        ParameterNames.Normal(MemberName) == ParameterNames.Normal(Name) ? MemberName : ParameterNames.Pascal(Name);

    public bool IsFlag => Scalar == typeof(bool);
    public bool IsList => Type.IsArray;
    public Type Scalar => Nullable.GetUnderlyingType(Element) ?? Element;

    /// <summary>In the order in which they are read.</summary>
    public string[] EnvironmentNames =>
        IsCommandLineOnly ? []
        : PrefixedOnly ? [ParameterNames.Environment(Name)[0]]
        : EnvironmentVariable is { } further ? [.. ParameterNames.Environment(Name).Append(further).Distinct()]
        : ParameterNames.Environment(Name);

    /// <summary>The build class or component that declares it.</summary>
    public string Owner => (FileOf ?? this).Member?.DeclaringType?.Name ?? "the host";

    private Type Element => Type.IsArray ? Type.GetElementType()! : Type;
}
