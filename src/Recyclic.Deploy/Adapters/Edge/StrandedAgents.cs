using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// Pure: agents whose container was made and never started, because whoever made it was killed in between. They hold nothing, but
/// `--rm` removes only what has run: they would stay for good.
/// </summary>
public static class StrandedAgents
{
    /// <summary>Twice as long as a deployer waits for its agent to start: it has given up by then, or is dead.</summary>
    public static readonly TimeSpan Age = 2 * AgentSession.AnswerDeadline;

    /// <summary>The ids. Their age is by the engine's clock alone: its time now is that at which it made the lock's container, or later.</summary>
    /// <param name="listed">What the engine answers to `/containers/json?all=true` for one application.</param>
    /// <param name="holder">The name of the container that holds the lock; when it is not there, nothing is stranded.</param>
    public static ImmutableArray<string> Of(JsonArray listed, string holder)
    {
        var now = listed.OfType<JsonObject>().Where(entry => entry["Names"] is JsonArray names && names.Any(name => EngineJson.Text(name) == "/" + holder)).Select(Created).FirstOrDefault();
        return now is null ? [] : [.. listed.OfType<JsonObject>().Where(entry => IsUnstartedAgent(entry) && now - Created(entry) > Age.TotalSeconds).Select(entry => EngineJson.Text(entry["Id"]))];
    }

    private static bool IsUnstartedAgent(JsonObject entry) =>
        EngineJson.Text(entry["State"]) == "created" && EngineJson.Labels(entry["Labels"]).GetValueOrDefault(Naming.RoleLabel) is EdgeImage.LockRole or EdgeImage.QueueRole or EdgeImage.ReaderRole;

    /// <summary>In seconds since 1970.</summary>
    private static double? Created(JsonObject entry) => entry["Created"] is JsonValue value && value.TryGetValue<double>(out var seconds) ? seconds : null;
}
