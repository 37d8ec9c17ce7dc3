using System.Reflection;
using Recyclic.Build.Definition;

namespace Recyclic.Build.Parameters;

/// <summary>
/// What a member must be, so that a parameter's value reaches it. Each answer is a mistake with its mend, or null.
/// Pure.
/// </summary>
internal static class ParameterRules
{
    public static string? Mistake(MemberInfo member) =>
        WhyNot(member) is { } why ? $"{TextOf(member)} cannot be a parameter: {why}" : null;

    /// <summary>A member of a base class that another one hides would be left as it was.</summary>
    public static string? Hiding(MemberInfo nearer, MemberInfo member) =>
        nearer is PropertyInfo { GetMethod: { } one }
        && member is PropertyInfo { GetMethod: { } other }
        && one.GetBaseDefinition() == other.GetBaseDefinition()
            ? null
            : $"{TextOf(nearer)} hides the parameter {TextOf(member)}, which would never get its value: override it, or give one of them another name";

    /// <summary>The class's member gets the value, and the component reads it as one of its own type.</summary>
    public static string? Disagreement(ParameterModel own, ParameterModel component) =>
        Bare(own.Type) == Bare(component.Type)
            ? null
            : $"parameter {own.Option}: {TextOf(own.Member!)} is of type {TypeText.Of(own.Type)}, and {TextOf(component.Member!)} of type {TypeText.Of(component.Type)}, so its value would be lost on the way: "
                + $"give {TextOf(own.Member!)} the type {TypeText.Of(component.Type)}, or another name";

    private static string? WhyNot(MemberInfo member)
    {
        var type = Members.TypeOf(member);
        if (IsStatic(member))
            return "it is static, and a value belongs to one run: leave out static";
        if (
            member
                is PropertyInfo
                {
                    CanWrite: false,
                    DeclaringType.IsInterface: false,
                    GetMethod.IsAbstract: false
                } property
            && ParameterInjection.BackingField(property) is null
        )
            return $"it has a body and no setter, so nothing can be put into it: write {TypeText.Of(type)} {member.Name} {{ get; set; }}";
        var model = new ParameterModel(member.Name, member.Name, type);
        if (ValueConverter.Supports(model.Scalar))
            return null;
        return ElementOf(type) is { } element && ValueConverter.Supports(Bare(element))
            ? $"a list is an array: write {TypeText.Of(element)}[] instead of {TypeText.Of(type)}"
            : $"{TypeText.Of(model.Scalar)} has no static Parse or TryParse and no type converter: give it one, or take a string";
    }

    private static bool IsStatic(MemberInfo member) =>
        member switch
        {
            FieldInfo field => field.IsStatic,
            PropertyInfo property => (property.GetMethod ?? property.SetMethod)!.IsStatic,
            _ => false,
        };

    /// <summary>Of a list, set or sequence of any kind.</summary>
    private static Type? ElementOf(Type type) =>
        type.GetInterfaces()
            .Append(type)
            .FirstOrDefault(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            ?.GetGenericArguments()[0];

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static string TextOf(MemberInfo member) => $"{TypeText.Of(member.DeclaringType!)}.{member.Name}";
}
