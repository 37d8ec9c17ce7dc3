using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Build.Definition;

namespace Recyclic.Build.Parameters;

/// <summary>Finds the parameters of a build class and of its components.</summary>
internal static class ParameterCatalog
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <exception cref="DefinitionException">Two parameters have the same name.</exception>
    public static ImmutableArray<ParameterModel> Of(Type type)
    {
        var own = Declared(type);
        var inherited = type.GetInterfaces().SelectMany(t => Declared(t)).Where(p => !own.Any(o => o.MemberName == p.MemberName));
        var all = own.Concat(inherited).ToImmutableArray();
        var optional = HostOptions.Parameters.Where(h => h.Name != "version" || all.All(p => p.Name != h.Name));
        var withHost = all.AddRange(optional);
        foreach (var twins in withHost.GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            throw new DefinitionException($"parameter --{twins.Key} is declared twice, by {string.Join(" and by ", twins.Select(t => t.Owner))}");
        return withHost;
    }

    private static ImmutableArray<ParameterModel> Declared(Type type)
    {
        var members = new Dictionary<string, ParameterModel>();
        for (var level = type; level is not null && level != typeof(RecyclicBuild) && level != typeof(object); level = level.BaseType)
            foreach (var member in level.GetMembers(Instance | BindingFlags.DeclaredOnly))
                if (member is PropertyInfo or FieldInfo && member.GetCustomAttribute<ParameterAttribute>() is { } attribute)
                    members.TryAdd(member.Name, ModelOf(member, attribute));
        return [.. members.Values];
    }

    private static ParameterModel ModelOf(MemberInfo member, ParameterAttribute attribute)
    {
        var type = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
        return new(attribute.Name ?? ParameterNames.Kebab(member.Name), member.Name, type)
        {
            Description = attribute.Description,
            IsSecret = member.IsDefined(typeof(SecretAttribute)),
            Member = member,
        };
    }
}
