using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Setup;

/// <summary>What a machine is like when what Setup did is to be taken back.</summary>
/// <param name="Containers">Those that exist, running or not; null: no engine answers.</param>
/// <param name="HasEngine">Whether the engine's program is there.</param>
/// <param name="Packages">What is installed.</param>
/// <param name="Edited">Files of the record whose content is no longer what Setup wrote.</param>
/// <param name="Removal">What apt would do to remove the record's packages; null: none of them is left.</param>
internal sealed record UndoFacts(
    ImmutableArray<string>? Containers,
    bool HasEngine,
    ImmutableArray<InstalledPackage> Packages,
    ImmutableArray<string> Edited,
    AptSimulation? Removal,
    bool IsRoot
);

/// <summary>Pure: how what Setup did is taken back, or why it is not.</summary>
/// <param name="Images">Removed, unless something uses them.</param>
/// <param name="Engine">Stopped; null: none was started.</param>
/// <param name="Packages">Removed; their configuration and the engine's data stay.</param>
/// <param name="Files">Deleted.</param>
/// <param name="Kept">What stays, and why, as lines.</param>
internal sealed record UndoPlan(
    ImmutableArray<string> Images,
    SetupChange? Engine,
    ImmutableArray<string> Packages,
    ImmutableArray<string> Files,
    ImmutableArray<string> Kept,
    ConfigurationProblem? Refusal
)
{
    private const string Place = "Setup --undo";

    /// <summary>What of the record is installed still.</summary>
    public static ImmutableArray<string> StillInstalled(
        SetupRecord record,
        ImmutableArray<InstalledPackage> packages
    ) =>
        [
            .. record
                .Of(ChangeKind.Package)
                .Select(change => change.What)
                .Where(name => packages.Any(package => package.Name == name))
                .Order(StringComparer.Ordinal),
        ];

    public static UndoPlan For(SetupRecord record, UndoFacts facts)
    {
        if (WhyNot(record, facts) is { } refusal)
            return new([], null, [], [], [], refusal);
        var packages = StillInstalled(record, facts.Packages);
        var kept = facts.Edited.Select(file => $"{file} was edited since, and stays").ToList();
        if (!packages.IsEmpty && facts.HasEngine)
            kept.Add(
                "volumes and images in /var/lib/docker stay, and so do files in /etc: delete them by hand if nobody wants them"
            );
        return new(
            facts.Containers is null ? [] : [.. record.Of(ChangeKind.Image).Select(change => change.What)],
            facts.HasEngine ? record.Of(ChangeKind.Engine).FirstOrDefault() : null,
            packages,
            [.. record.Of(ChangeKind.Source).Select(change => change.What).Where(file => !facts.Edited.Contains(file))],
            [.. kept],
            null
        );
    }

    public IEnumerable<string> Describe()
    {
        foreach (var image in Images)
            yield return $"remove the image {image}";
        if (Engine is not null)
            yield return $"stop {Engine.What}{(Engine.Detail == "systemd" ? ", and no longer start it with the machine" : "")}";
        if (!Packages.IsEmpty)
            yield return $"apt-get remove {string.Join(' ', Packages)}";
        foreach (var file in Files)
            yield return $"delete {file}";
    }

    private static ConfigurationProblem? WhyNot(SetupRecord record, UndoFacts facts)
    {
        var touchesEngine = record.Of(ChangeKind.Engine).Any() || record.Of(ChangeKind.Package).Any();
        if (touchesEngine && facts.Containers is [_, ..] containers)
            return new(
                Place,
                $"{containers.Length} container{(containers.Length == 1 ? " uses" : "s use")} this engine: {string.Join(", ", containers.Take(10))}{(containers.Length > 10 ? ", …" : "")}",
                "Remove them first if nobody needs them; a stopped container counts too. The engine's data would stay."
            );
        if (touchesEngine && facts is { Containers: null, HasEngine: true })
            return new(
                Place,
                "the engine does not answer, so whether containers exist cannot be known",
                "Start it first: ./build.sh Setup."
            );
        if (!facts.IsRoot)
            return new(Place, "that needs root", "Run it as root: sudo ./build.sh Setup --undo.");
        if (facts.Removal is not { } removal)
            return null;
        if (removal.Error is { } error)
            return new(
                Place,
                $"apt-get cannot remove what Setup installed: {error}",
                "Mend that first; nothing was removed."
            );
        var ours = record.Of(ChangeKind.Package).Select(change => change.What).ToHashSet(StringComparer.Ordinal);
        var others = removal
            .Changes.Where(change => change.Verb != "remove" || !ours.Contains(change.Name))
            .Select(change => change.ToString())
            .Concat(removal.New.Keys.Select(name => $"install {name}"))
            .ToList();
        return others.Count == 0
            ? null
            : new(
                Place,
                $"something else uses what Setup installed; with it apt-get would: {string.Join(", ", others)}",
                "Remove what uses it first, or leave it as it is."
            );
    }
}
