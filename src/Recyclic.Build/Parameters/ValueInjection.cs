using System.Reflection;
using Recyclic.Build.Definition;
using Recyclic.Build.Running;

namespace Recyclic.Build.Parameters;

/// <summary>Fills members with what their attributes make.</summary>
internal static class ValueInjection
{
    private const BindingFlags Declared =
        BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    /// <param name="mistakes">Gets what is wrong with a member, or what its attribute throws.</param>
    public static void Into(RecyclicBuild build, BuildSession session, List<string> mistakes)
    {
        foreach (
            var member in MembersOf(build.GetType(), mistakes).OrderByDescending(m => m.Attribute.Priority).ToArray()
        )
            if (TryMake(build, member, mistakes) is { } value)
            {
                session.Injected[member.Member] = value;
                if (member.Member.IsDefined(typeof(SecretAttribute)))
                    session.Output.Redactor.AddValue(value);
                if (member.Member is { DeclaringType.IsInterface: false })
                    ParameterInjection.Set(build, member.Member, value);
            }
    }

    /// <summary>
    /// What was made for a member; a component also sees what was made for the member of the class that stands in for
    /// its own.
    /// </summary>
    public static object? Find(BuildSession session, MemberInfo member) =>
        session.Injected.FirstOrDefault(made => IsSame(made.Key, member)).Value
        ?? session
            .Injected.FirstOrDefault(made =>
                made.Key is { DeclaringType.IsInterface: false } own && own.Name == member.Name
            )
            .Value;

    /// <summary>Whether an attribute makes the value of a member.</summary>
    public static bool Has(MemberInfo member) => member.IsDefined(typeof(ValueInjectionAttributeBase));

    private static bool IsSame(MemberInfo one, MemberInfo other) =>
        one.Name == other.Name && one.DeclaringType == other.DeclaringType;

    private static IEnumerable<InjectedMember> MembersOf(Type type, List<string> mistakes)
    {
        var levels = new List<Type>();
        for (var level = type; level is not null && level != typeof(RecyclicBuild); level = level.BaseType)
            levels.Add(level);
        var own = new HashSet<string>();
        foreach (var member in levels.Concat(type.GetInterfaces()).SelectMany(level => level.GetMembers(Declared)))
        {
            if (member is not (PropertyInfo or FieldInfo) || !Has(member))
                continue;
            if (member.DeclaringType is { IsInterface: true } ? own.Contains(member.Name) : !own.Add(member.Name))
                continue;
            ValueInjectionAttributeBase[] attributes = [.. member.GetCustomAttributes<ValueInjectionAttributeBase>()];
            var injected = new InjectedMember(member, attributes[0]);
            if (Mistake(injected, attributes) is { } mistake)
                mistakes.Add(mistake);
            else
                yield return injected;
        }
    }

    private static string? Mistake(InjectedMember injected, ValueInjectionAttributeBase[] attributes)
    {
        var member = injected.Member;
        if (attributes.Length > 1)
            return $"{injected.Name} has both {injected} and {new InjectedMember(member, attributes[1])}: leave one of them out";
        if (member.IsDefined(typeof(ParameterAttribute)))
            return $"{injected.Name} has both {injected} and [Parameter]: leave one of them out";
        if (member is FieldInfo { IsStatic: true } or PropertyInfo { GetMethod.IsStatic: true })
            return $"{injected.Name} cannot be filled by {injected}: it is static, and a value belongs to one run: leave out static";
        return
            member is PropertyInfo { CanWrite: false, DeclaringType.IsInterface: false } property
            && ParameterInjection.BackingField(property) is null
            ? $"{injected.Name} cannot be filled by {injected}: it has a body and no setter: write {TypeText.Of(property.PropertyType)} {member.Name} {{ get; set; }}"
            : null;
    }

    private static object? TryMake(RecyclicBuild build, InjectedMember injected, List<string> mistakes)
    {
        try
        {
            var value = injected.Attribute.GetValue(injected.Member, build);
            if (value is null || injected.Type.IsInstanceOfType(value))
                return value;
            mistakes.Add(
                $"{injected.Name} cannot be filled by {injected}, which makes a {TypeText.Of(value.GetType())}: give the member that type, not {TypeText.Of(injected.Type)}"
            );
        }
        catch (Exception exception)
        {
            mistakes.Add(
                $"{injected.Name} cannot be filled by {injected}: {ExceptionText.Of(ExceptionText.Unwrapped(exception), Verbosity.Normal)}"
            );
        }
        return null;
    }

    /// <summary>A member with the attribute that fills it, which is its text: <c>[Solution]</c>.</summary>
    private sealed record InjectedMember(MemberInfo Member, ValueInjectionAttributeBase Attribute)
    {
        public string Name => $"{TypeText.Of(Member.DeclaringType!)}.{Member.Name}";

        public Type Type => Nullable.GetUnderlyingType(Members.TypeOf(Member)) ?? Members.TypeOf(Member);

        public override string ToString() =>
            $"[{(Attribute.GetType().Name is var name && name.EndsWith(nameof(System.Attribute), StringComparison.Ordinal) ? name[..^nameof(System.Attribute).Length] : name)}]";
    }
}
