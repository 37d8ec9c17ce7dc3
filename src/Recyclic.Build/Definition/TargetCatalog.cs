using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Build.Parameters;
using Recyclic.Build.Running;

namespace Recyclic.Build.Definition;

/// <summary>
/// Finds the targets of a build class and of its components, and turns what they say of each other into edges.
/// </summary>
internal static class TargetCatalog
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const BindingFlags Anything = Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Target properties by name: the class's own first, then those of its interfaces, as declared.</summary>
    /// <exception cref="DefinitionException">Several interfaces declare the same target, or a member looks like one and
    /// is none.</exception>
    public static IReadOnlyDictionary<string, PropertyInfo> PropertiesOf(Type type)
    {
        var properties = new Dictionary<string, PropertyInfo>();
        var mistakes = Lookalikes(type).ToList();
        foreach (var property in TargetsIn(type))
            properties.TryAdd(property.Name, property);
        foreach (var property in type.GetInterfaces().SelectMany(TargetsIn))
            if (
                !properties.TryAdd(property.Name, property)
                && properties[property.Name].DeclaringType is { IsInterface: true } other
            )
                mistakes.Add(
                    $"target {property.Name} is declared by {other.Name} and by {property.DeclaringType!.Name}: implement it in the build class"
                );
        return mistakes.Count == 0 ? properties : throw new DefinitionException(mistakes);
    }

    /// <summary>The parameter that has what follows <c>--</c> behind some targets; null: those are targets too.</summary>
    public static ParameterModel? RestOf(
        Type type,
        IEnumerable<string> targets,
        ImmutableArray<ParameterModel> parameters
    ) =>
        parameters.FirstOrDefault(parameter =>
            parameter is { TakesRest: true, Member.DeclaringType: { } owner }
            && targets.Any(target => OwnersOf(type, target).Contains(owner))
        );

    /// <summary>
    /// The class and the components that declare a target, with what these components build on: their parameters are
    /// the target's.
    /// </summary>
    public static IEnumerable<Type> OwnersOf(Type type, string target)
    {
        foreach (var component in type.GetInterfaces().Where(Declares))
        foreach (var owner in component.GetInterfaces().Prepend(component))
            yield return owner;
        for (var level = type; level is not null && level != typeof(RecyclicBuild); level = level.BaseType)
            if (Declares(level) && level.GetInterfaces().All(component => !Declares(component)))
                yield return level;

        bool Declares(Type owner) =>
            owner
                .GetProperties(Instance | BindingFlags.DeclaredOnly)
                .Any(p => p.PropertyType == typeof(Target) && p.Name == target);
    }

    /// <exception cref="DefinitionException">Definitions refer to what is not there.</exception>
    public static ImmutableArray<ExecutableTarget> Create(
        RecyclicBuild build,
        IReadOnlyDictionary<string, PropertyInfo> properties,
        ImmutableArray<string> defaults
    )
    {
        var mistakes = new List<string>();
        var factories = new Dictionary<string, Target>();
        var definitions = new Dictionary<string, TargetDefinition>();
        foreach (var (name, property) in properties)
        {
            try
            {
                var factory =
                    property.GetValue(build) as Target ?? throw new DefinitionException($"target {name} is null");
                factories.Add(name, factory);
                definitions.Add(name, new(build, name, property));
                factory(definitions[name]);
            }
            catch (Exception exception) when (ExceptionText.Unwrapped(exception) is DefinitionException mistaken)
            {
                mistakes.AddRange(mistaken.Mistakes);
            }
            catch (Exception exception) when (ExceptionText.Unwrapped(exception) is not TargetFailedException)
            {
                mistakes.Add(
                    $"target {name} cannot be defined: {ExceptionText.Of(ExceptionText.Unwrapped(exception), Verbosity.Normal)}"
                );
            }
        }
        if (mistakes.Count > 0)
            throw new DefinitionException(mistakes);
        var edges = new TargetEdges(definitions, factories, build.GetType().Name, mistakes);
        Declare(definitions, mistakes);
        mistakes.AddRange(
            defaults
                .Where(name => !properties.ContainsKey(name))
                .Select(name => $"the default target {name} is not a target of {build.GetType().Name}")
        );
        if (mistakes.Count > 0)
            throw new DefinitionException(mistakes);
        return
        [
            .. definitions.Select(d => new ExecutableTarget(
                edges.NodeOf(d.Key),
                factories[d.Key],
                d.Value,
                defaults.Contains(d.Key)
            )
            {
                Consumes = edges.ConsumedBy(d.Key),
            }),
        ];
    }

    private static void Declare(Dictionary<string, TargetDefinition> definitions, List<string> mistakes)
    {
        foreach (var (name, definition) in definitions)
        {
            if (definition is { Inputs.Count: > 0, DeclaredOutputs: [var lost, ..] })
                mistakes.Add(
                    $"target {name} has OnlyWhenChanged and the output {lost.Name}, which nobody would set when it is left out: let a target of its own set it"
                );
            foreach (var output in definition.DeclaredOutputs)
                if (output.Owner is { } owner && owner != name)
                    mistakes.Add($"the output {output.Name} is declared by {owner} and by {name}");
                else
                    output.Owner = name;
        }
    }

    /// <summary>Fields and static properties: nobody could run them, and what refers to them would fail.</summary>
    private static IEnumerable<string> Lookalikes(Type type)
    {
        var levels = type.GetInterfaces().AsEnumerable();
        for (var level = type; level is not null && level != typeof(RecyclicBuild); level = level.BaseType)
            levels = levels.Prepend(level);
        foreach (var level in levels)
        {
            foreach (
                var field in level
                    .GetFields(Anything)
                    .Where(field => field.FieldType == typeof(Target) && !field.Name.StartsWith('<'))
            )
                yield return $"{level.Name}.{field.Name} is a field, and a target is a property: write Target {field.Name} => _ => _…";
            foreach (
                var property in level
                    .GetProperties(Anything)
                    .Where(property =>
                        property.PropertyType == typeof(Target) && property.GetMethod is { IsStatic: true }
                    )
            )
                yield return $"{level.Name}.{property.Name} is static, and a target belongs to one build: leave out static";
        }
    }

    private static IEnumerable<PropertyInfo> TargetsIn(Type type) =>
        type.GetProperties(Instance).Where(p => p.PropertyType == typeof(Target) && !p.Name.Contains('.'));
}
