using System.Collections.Immutable;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Setup;

/// <summary>Pure: what a person should know of a machine, and what is asked before it is changed.</summary>
internal static class SetupNotes
{
    public static ImmutableArray<string> Of(SetupFacts facts)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        if (
            facts.Socket is { State: SocketState.Answers, Api: { } api }
            && EngineProviders.Of(facts) is not EngineProvider.Podman
            && api < Validator.StartIntervalApiVersion
        )
            notes.Add(
                $"Docker Engine {facts.Socket.Version} (API {api}) is older than 25 (API {Validator.StartIntervalApiVersion}), which brought start_interval: until then health checks keep the compose file's own interval while a container starts. Setup leaves an engine as it is; its vendor's packages upgrade it, and stop its containers meanwhile."
            );
        if (facts.Socket.State is SocketState.Answers && !facts.OtherEngines.IsEmpty)
            notes.Add(
                $"More than one engine runs here; what follows is about {facts.Socket.Path}, not {string.Join(", ", facts.OtherEngines.Select(other => other.Path))}."
            );
        return notes.ToImmutable();
    }

    /// <summary>
    /// Whether the consent to all questions, given beforehand, answers this one too. Not where an engine is, unless it
    /// stays as it is.
    /// </summary>
    public static bool IsAnsweredByYes(SetupPlan plan, SetupFacts facts) =>
        EngineProviders.Of(facts) is EngineProvider.None || plan.Steps.All(step => step is ProvideBaseImage);

    /// <summary>What a person is asked, with what comes of a yes.</summary>
    public static string Question(SetupPlan plan, SetupFacts facts)
    {
        var consequences = new List<string>();
        var packages = plan.Steps.OfType<InstallPackages>().SelectMany(step => step.Packages).ToList();
        if (EngineProviders.Of(facts) is EngineProvider.None)
        {
            if (packages.Count > 0)
                consequences.Add(
                    "This installs an engine and starts it; nothing that is installed is removed, upgraded or restarted. ./build.sh Setup --undo takes it back."
                );
        }
        else
        {
            var running = facts.Running switch
            {
                [] => "",
                var names =>
                    $" with {names.Length} running container{(names.Length == 1 ? "" : "s")} ({string.Join(", ", names.Take(5))}{(names.Length > 5 ? ", …" : "")})",
            };
            if (packages.Count > 0)
                consequences.Add(
                    $"{EngineProviders.Describe(facts)} is here{running}. This adds {string.Join(", ", packages)} beside it; the engine is neither changed nor restarted, or else nothing is done."
                );
            if (plan.Steps.Any(step => step is StartEngine))
                consequences.Add(
                    $"{EngineProviders.Describe(facts)} is stopped. This starts it, and with it every container that restarts by itself."
                );
        }
        return string.Join(' ', [.. consequences, "Do this now?"]);
    }
}
