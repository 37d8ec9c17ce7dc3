using System.Text.RegularExpressions;

namespace Recyclic.Components.Registry;

/// <summary>Pure: an image reference with registry and tag, taken apart.</summary>
/// <param name="Registry">`host[:port]`.</param>
/// <param name="Repository">The name inside the registry, for example `recyclic/api`.</param>
internal sealed partial record ImageName(string Registry, string Repository, string Tag)
{
    /// <summary>Null when it names no registry or no tag, or is no image reference.</summary>
    public static ImageName? Parse(string reference)
    {
        if (Reference().Match(reference) is not { Success: true } match)
            return null;
        var name = new ImageName(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        return RegistryAddress.WhyInvalid(name.Registry) is null ? name : null;
    }

    public string ByDigest(string digest) => $"{Registry}/{Repository}@{digest}";

    public override string ToString() => $"{Registry}/{Repository}:{Tag}";

    /// <summary>Whether a text is a digest as registries write it.</summary>
    public static bool IsDigest(string? text) => text is not null && Digest().IsMatch(text);

    [GeneratedRegex(
        @"\A([^/]+)/([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*):([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Reference();

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();
}

/// <summary>What a registry has under a tag.</summary>
/// <param name="Digest">`sha256:…` of the manifest.</param>
/// <param name="Config">`sha256:…` of the image's configuration; null: an index of several.</param>
internal sealed record RemoteImage(string Digest, string? Config)
{
    /// <summary>
    /// Whether it is the image that an engine knows by this id: engines name images by their configuration or by their
    /// manifest.
    /// </summary>
    public bool IsSameAs(string id) => id == Digest || id == Config;
}

/// <summary>Reads what a registry has. It changes nothing there.</summary>
internal interface IRegistry
{
    /// <summary>What the registry has under a tag; null: nothing.</summary>
    /// <exception cref="RegistryException">It does not say.</exception>
    Task<RemoteImage?> FindAsync(ImageName image, CancellationToken cancellationToken);
}

/// <summary>A registry did not do what it was asked. The message holds no secret.</summary>
internal sealed class RegistryException(RegistryProblem problem) : Exception($"{problem.What}: {problem.Evidence}")
{
    public RegistryProblem Problem { get; } = problem;
}
