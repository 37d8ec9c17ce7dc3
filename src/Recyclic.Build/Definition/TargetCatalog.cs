using System.Collections.Immutable;
using System.Reflection;

namespace Recyclic.Build.Definition;

/// <summary>Finds the targets of a build class and of its components, and turns what they say of each other into edges.</summary>
internal static class TargetCatalog
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Target properties by name: the class's own first, then those of its interfaces, as declared.</summary>
    /// <exception cref="DefinitionException">Several interfaces declare the same target.</exception>
    public static IReadOnlyDictionary<string, PropertyInfo> PropertiesOf(Type type)
    {
        var properties = new Dictionary<string, PropertyInfo>();
        var mistakes = new List<string>();
        foreach (var property in TargetsIn(type)) properties.TryAdd(property.Name, property);
        foreach (var property in type.GetInterfaces().SelectMany(TargetsIn))
            if (!properties.TryAdd(property.Name, property) && properties[property.Name].DeclaringType is { IsInterface: true } other)
                mistakes.Add($"target {property.Name} is declared by {other.Name} and by {property.DeclaringType!.Name}: implement it in the build class");
        return mistakes.Count == 0 ? properties : throw new DefinitionException(mistakes);
    }

    /// <exception cref="DefinitionException">Definitions refer to what is not there.</exception>
    public static ImmutableArray<ExecutableTarget> Create(RecyclicBuild build, IReadOnlyDictionary<string, PropertyInfo> properties, ImmutableArray<string> defaults)
    {
        var mistakes = new List<string>();
        var factories = new Dictionary<string, Target>();
        var definitions = new Dictionary<string, TargetDefinition>();
        foreach (var (name, property) in properties)
        {
            try
            {
                var factory = property.GetValue(build) as Target ?? throw new DefinitionException($"target {name} is null");
                factories.Add(name, factory);
                definitions.Add(name, new(build, name, property));
                factory(definitions[name]);
            }
            catch (DefinitionException exception)
            {
                mistakes.AddRange(exception.Mistakes);
            }
        }
        if (mistakes.Count > 0) throw new DefinitionException(mistakes);
        var edges = new TargetEdges(definitions, factories, build.GetType().Name, mistakes);
        Declare(definitions, mistakes);
        mistakes.AddRange(defaults.Where(name => !properties.ContainsKey(name)).Select(name => $"the default target {name} is not a target of {build.GetType().Name}"));
        if (mistakes.Count > 0) throw new DefinitionException(mistakes);
        return [.. definitions.Select(d => new ExecutableTarget(edges.NodeOf(d.Key), factories[d.Key], d.Value, defaults.Contains(d.Key)) { Consumes = edges.ConsumedBy(d.Key) })];
    }

    private static void Declare(Dictionary<string, TargetDefinition> definitions, List<string> mistakes)
    {
        foreach (var (name, definition) in definitions)
            foreach (var output in definition.DeclaredOutputs)
                if (output.Owner is { } owner && owner != name) mistakes.Add($"the output {output.Name} is declared by {owner} and by {name}");
                else output.Owner = name;
    }

    private static IEnumerable<PropertyInfo> TargetsIn(Type type) =>
        type.GetProperties(Instance).Where(p => p.PropertyType == typeof(Target) && !p.Name.Contains('.'));
}
