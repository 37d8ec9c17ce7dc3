using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The labels that images bring to their containers. An image never changes, so each is asked for once.
/// </summary>
internal sealed class ImageLabels(EngineClient engine)
{
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, string>> _known = new();

    /// <param name="id">`sha256:…`. One that is gone brings nothing that could be known.</param>
    public async Task<ImmutableDictionary<string, string>> OfAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var labels))
            return labels;
        labels = EngineAnswers.Labels((await engine.FindImageAsync(id, cancellationToken))?.Config?.Labels);
        return _known[id] = labels;
    }
}
