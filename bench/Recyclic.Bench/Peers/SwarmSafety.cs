namespace Recyclic.Bench;

/// <summary>
/// Joining and leaving a swarm wipes the names of an engine's running containers: what finds another by name finds
/// nobody until it is connected anew or restarted. So the comparison does neither where something else runs.
/// </summary>
internal static class SwarmSafety
{
    private const int MostNamed = 5;

    /// <summary>Why this engine must not join and leave a swarm; null: it may.</summary>
    /// <param name="swarmState">What the engine says of itself: `inactive`, or it is in a swarm already, which stays as
    /// it is.</param>
    /// <param name="running">The names of the containers that run on it.</param>
    public static string? Refusal(string swarmState, IReadOnlyCollection<string> running)
    {
        if (swarmState != "inactive")
            return null;
        var others = running
            .Where(name => !name.StartsWith("bench-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (others.Count == 0)
            return null;
        var named =
            string.Join(", ", others.Take(MostNamed))
            + (others.Count > MostNamed ? $" and {others.Count - MostNamed} more" : "");
        return $"the peer swarm makes this engine join a swarm and leave it, which takes the names from all running containers, and {named} {(others.Count == 1 ? "runs" : "run")} here. "
            + "The engine was left as it is. Use a machine where nothing else runs, or leave it out: --peers compose,bash,recyclic";
    }
}
