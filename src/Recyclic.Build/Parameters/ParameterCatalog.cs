using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Build.Definition;

namespace Recyclic.Build.Parameters;

/// <summary>Finds the parameters of a build class and of its components.</summary>
internal static class ParameterCatalog
{
    private const BindingFlags Declared =
        BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    /// <exception cref="DefinitionException">Parameters have the same name, none that can be typed, or a member that
    /// cannot hold their value.</exception>
    public static ImmutableArray<ParameterModel> Of(Type type)
    {
        var wrong = new List<string>();
        var own = DeclaredBy(type, wrong);
        var inherited = type.GetInterfaces().SelectMany(component => DeclaredBy(component, wrong)).ToArray();
        wrong.AddRange(
            own.Join(inherited, o => o.MemberName, p => p.MemberName, ParameterRules.Disagreement).OfType<string>()
        );
        var all = own.Concat(inherited.Where(p => !own.Any(o => o.MemberName == p.MemberName))).ToImmutableArray();
        var optional = HostOptions.Parameters.Where(h => h.Name != "version" || all.All(p => p.Name != h.Name));
        var withHost = all.AddRange(optional);
        var mistakes = wrong
            .Concat(
                withHost
                    .GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
                    .Where(g => g.Count() > 1)
                    .Select(twins =>
                        $"parameter --{twins.Key} is declared twice, by {string.Join(" and by ", twins.Select(t => t.Owner))}: give {Renamed([.. twins])} another name, or a Name in its [Parameter]"
                    )
            )
            .Concat(
                all.Where(p => !IsTypable(p.Name))
                    .Select(p =>
                        $"{p.Owner}.{p.MemberName} cannot be a parameter called '{p.Name}': letters, digits and dashes, no dash first"
                    )
            )
            .ToList();
        if (mistakes.Count > 0)
            throw new DefinitionException(mistakes);
        return withHost.AddRange(
            all.Where(p => p.IsSecret)
                .Select(FileOf)
                .Where(f => withHost.All(p => !p.Name.Equals(f.Name, StringComparison.OrdinalIgnoreCase)))
        );
    }

    private static string Renamed(ImmutableArray<ParameterModel> twins) =>
        twins.Where(twin => twin.Member is not null).ToArray() is [var only]
            ? $"{only.Owner}.{only.MemberName}"
            : "one of them";

    private static ImmutableArray<ParameterModel> DeclaredBy(Type type, List<string> mistakes)
    {
        var members = new Dictionary<string, ParameterModel>();
        for (
            var level = type;
            level is not null && level != typeof(RecyclicBuild) && level != typeof(object);
            level = level.BaseType
        )
            foreach (var member in level.GetMembers(Declared))
            {
                if (member is not (PropertyInfo or FieldInfo))
                    continue;
                if (member.GetCustomAttribute<ParameterAttribute>() is not { } attribute)
                {
                    if (ValueInjection.Has(member) && MadeOf(member) is { } made)
                        members.TryAdd(member.Name, made);
                    continue;
                }
                var nearer = members.GetValueOrDefault(member.Name);
                if (
                    (nearer is null ? ParameterRules.Mistake(member) : ParameterRules.Hiding(nearer.Member!, member)) is
                    { } mistake
                )
                    mistakes.Add(mistake);
                else
                    members.TryAdd(member.Name, ModelOf(member, attribute));
            }
        return [.. members.Values];
    }

    private static ParameterModel ModelOf(MemberInfo member, ParameterAttribute attribute)
    {
        var prefix = member.DeclaringType is { IsInterface: true } component
            ? component.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix
            : null;
        var name = ParameterNames.Kebab(attribute.Name ?? member.Name);
        return new(
            string.IsNullOrEmpty(prefix) ? name : $"{ParameterNames.Kebab(prefix)}-{name}",
            member.Name,
            Members.TypeOf(member)
        )
        {
            Description = attribute.Description,
            Separator = string.IsNullOrEmpty(attribute.Separator) ? null : attribute.Separator,
            OneValueEach = attribute.OneValueEach,
            TakesRest = attribute.Rest,
            PrefixedOnly = attribute.PrefixedOnly,
            EnvironmentVariable = attribute.EnvironmentVariable,
            IsListed = attribute.List,
            IsSecret = member.IsDefined(typeof(SecretAttribute)),
            IsRequired = member.IsDefined(typeof(RequiredAttribute)),
            IsOnDemand = member.IsDefined(typeof(OnDemandAttribute)),
            Member = member,
        };
    }

    /// <summary>The parameter that an attribute makes the member's value of; null: there is none.</summary>
    private static ParameterModel? MadeOf(MemberInfo member)
    {
        if (
            member.GetCustomAttributes<ValueInjectionAttributeBase>().First()
            is not { ParameterType: { } type } attribute
        )
            return null;
        return ModelOf(member, new ParameterAttribute(attribute.ParameterDescription)) with
        {
            Type = type,
            IsMadeOf = true,
        };
    }

    private static ParameterModel FileOf(ParameterModel secret) =>
        new(secret.Name + "-file", secret.MemberName + "File", typeof(AbsolutePath))
        {
            Description = $"A file that holds {secret.Option}",
            FileOf = secret,
            IsListed = false,
        };

    private static bool IsTypable(string name) =>
        name.Length > 0 && name[0] != '-' && name.All(c => char.IsLetterOrDigit(c) || c == '-');
}
