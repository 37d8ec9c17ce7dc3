using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Build.Planning;

namespace Recyclic.Build.Definition;

/// <summary>Finds the targets of a build class and of its components, and turns what they say of each other into edges.</summary>
internal static class TargetCatalog
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Target properties by name: the class's own first, then those of its interfaces, as declared.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> PropertiesOf(Type type)
    {
        var properties = new Dictionary<string, PropertyInfo>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in TargetsIn(type)) properties.TryAdd(property.Name, property);
        foreach (var property in type.GetInterfaces().SelectMany(TargetsIn))
            if (!properties.TryAdd(property.Name, property) && properties[property.Name].DeclaringType is { IsInterface: true } other)
                throw new DefinitionException($"target {property.Name} is declared by {other.Name} and by {property.DeclaringType!.Name}: implement it in the build class");
        return properties;
    }

    public static ImmutableArray<ExecutableTarget> Create(RecyclicBuild build, IReadOnlyDictionary<string, PropertyInfo> properties, ImmutableArray<string> defaults)
    {
        var factories = properties.ToDictionary(p => p.Key, p => p.Value.GetValue(build) as Target
            ?? throw new DefinitionException($"target {p.Key} is null"));
        var definitions = factories.ToDictionary(f => f.Key, f => DefinitionOf(build, f.Key, f.Value));
        var names = new Dictionary<Target, string>();
        foreach (var (name, factory) in factories) names.TryAdd(factory, name);

        string[] Names(string from, List<Target> targets) => [.. targets.Select(t => names.GetValueOrDefault(t)
            ?? throw new DefinitionException($"target {from} refers to a target that is not a property of {build.GetType().Name} or its components")).Distinct()];

        string[] Reverse(string name, Func<TargetDefinition, List<Target>> of) =>
            [.. definitions.Where(d => of(d.Value).Count > 0 && Names(d.Key, of(d.Value)).Contains(name)).Select(d => d.Key)];

        TargetNode NodeOf(string name, TargetDefinition definition) => new(name)
        {
            DependsOn = [.. Names(name, definition.Dependencies).Union(Reverse(name, d => d.Dependents))],
            After = [.. Names(name, definition.Predecessors).Union(Reverse(name, d => d.Successors))],
            Triggers = [.. Names(name, definition.Triggered).Union(Reverse(name, d => d.Triggering))],
            WhenSkipped = definition.DependencyBehavior,
        };

        return [.. definitions.Select(d => new ExecutableTarget(NodeOf(d.Key, d.Value), factories[d.Key], d.Value, defaults.Contains(d.Key)))];
    }

    private static TargetDefinition DefinitionOf(RecyclicBuild build, string name, Target factory)
    {
        var definition = new TargetDefinition(build, name);
        factory(definition);
        return definition;
    }

    private static IEnumerable<PropertyInfo> TargetsIn(Type type) =>
        type.GetProperties(Instance).Where(p => p.PropertyType == typeof(Target) && !p.Name.Contains('.'));
}
