using System.Collections.Immutable;

namespace Recyclic.Deploy.Ports;

/// <summary>The images of the place where releases run.</summary>
public interface IImageStore
{
    /// <summary>The images that are present, by the reference asked for; absent ones are left out.</summary>
    Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    );

    /// <summary>Pulls an image. Returns null, or why it cannot be had.</summary>
    Task<string?> PullAsync(string reference, CancellationToken cancellationToken);

    /// <summary>
    /// The registries, `host[:port]`, that the place speaks to without TLS beyond those of its own machine. Default:
    /// none.
    /// </summary>
    Task<ImmutableHashSet<string>> ReadPlainRegistriesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableHashSet<string>.Empty);

    /// <summary>Returns why an image stays, a sentence each: another one may use it.</summary>
    Task<ImmutableArray<string>> RemoveImagesAsync(IEnumerable<string> references, CancellationToken cancellationToken);
}
