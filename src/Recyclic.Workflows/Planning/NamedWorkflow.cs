using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>A place whose targets have names.</summary>
/// <param name="Source">As the build class says it.</param>
/// <param name="Rescue">The target of <see cref="Place.Rescue"/>; null: there is none.</param>
public sealed record NamedPlace(Place Source, ImmutableArray<string> Targets, string? Rescue);

/// <summary>A call of a reusable workflow whose targets have names.</summary>
/// <param name="Source">As the build class says it.</param>
/// <param name="After">Targets whose jobs it waits for.</param>
/// <param name="Before">Targets whose jobs wait for it.</param>
public sealed record NamedCall(Call Source, ImmutableArray<string> After, ImmutableArray<string> Before);

/// <summary>A workflow whose targets have names: plain data.</summary>
/// <param name="Source">As the build class says it: when it runs, what every job does first, how long it may
/// take.</param>
public sealed record NamedWorkflow(
    Workflow Source,
    ImmutableArray<string> Targets,
    ImmutableArray<NamedPlace> Places,
    ImmutableArray<string> OnEachRunner
)
{
    /// <summary>Targets that it leaves out.</summary>
    public ImmutableArray<string> Skips { get; init; } = [];

    /// <summary>Reusable workflows that run as jobs of it.</summary>
    public ImmutableArray<NamedCall> Calls { get; init; } = [];

    /// <summary>The place of targets that are in none.</summary>
    public NamedPlace Default { get; } = new(new Place(), [], null);

    /// <param name="workflow">As the build class says it.</param>
    /// <param name="nameOf">The name of a target of the build; null when it is none.</param>
    /// <param name="mistakes">Gets what refers to nothing.</param>
    internal static NamedWorkflow Of(Workflow workflow, Func<Target, string?> nameOf, List<string> mistakes)
    {
        return new(
            workflow,
            All(workflow.Targets, "Targets"),
            [
                .. workflow.Places.Select(place => new NamedPlace(
                    place,
                    All(place.Targets, "a place"),
                    place.Rescue is { } rescue ? One(rescue, "Rescue") : null
                )),
            ],
            All(workflow.OnEachRunner, "OnEachRunner")
        )
        {
            Skips = All(workflow.Skips, "Skips"),
            Calls =
            [
                .. workflow.Calls.Select(call => new NamedCall(
                    call,
                    All(call.After, $"After of the call {call.Name}"),
                    All(call.Before, $"Before of the call {call.Name}")
                )),
            ],
        };

        ImmutableArray<string> All(ImmutableArray<TargetReference> references, string where) =>
            [.. references.Select(reference => One(reference, where)).OfType<string>()];

        string? One(TargetReference reference, string where)
        {
            var name = reference.Name ?? (reference.Target is { } target ? nameOf(target) : null);
            if (name is null)
                mistakes.Add(
                    $"workflow {workflow.Name}: {where} names a target that is null or is no target of this build"
                );
            return name;
        }
    }

    /// <summary>The place of a target.</summary>
    public NamedPlace PlaceOf(string target) =>
        Places.FirstOrDefault(place => place.Targets.Contains(target)) ?? Default;
}
