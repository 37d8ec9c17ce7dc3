using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The labels that images bring to their containers. An image never changes, so each is asked for once.</summary>
internal sealed class ImageLabels(EngineApi api)
{
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, string>> _known = new();

    /// <param name="id">`sha256:…`. One that is gone brings nothing that could be known.</param>
    public async Task<ImmutableDictionary<string, string>> OfAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var labels)) return labels;
        labels = EngineJson.Labels((await api.GetAsync($"/images/{Uri.EscapeDataString(id)}/json", cancellationToken))?["Config"]?["Labels"]);
        return _known[id] = labels;
    }
}
