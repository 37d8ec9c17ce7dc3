using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: what of a host is one application's. A name proves nothing, and a label alone does not either, since a
/// container has its image's labels too. What Recyclic makes bears a mark that begins with a random token of the
/// application, which only the label of its state volume has, and ends with a random part of its own: a container whose
/// image has that very mark was made of an image of ours by somebody else.
/// </summary>
/// <param name="Token">The application's token: 16 hexadecimal digits.</param>
/// <param name="AcceptsUnmarked">Whether version 0.1.0 began the application: what it made has labels and no
/// mark.</param>
internal sealed record Ownership(string App, string Token, bool AcceptsUnmarked)
{
    private const string ComposePrefix = "com.docker.compose.";

    /// <summary>Of an application that the host has no record of: nothing is its own.</summary>
    public static Ownership OfNobody(string app) => new(app, "-", AcceptsUnmarked: false);

    /// <summary>A mark for the next thing to be made.</summary>
    /// <param name="nonce">Random.</param>
    public string Mark(string nonce) => $"{Token}.{nonce}";

    /// <summary>Whether a network or a volume is the application's. Nothing but who made it gives it labels.</summary>
    public bool Owns(ImmutableDictionary<string, string> labels) =>
        OwnsContainer(labels, ImmutableDictionary<string, string>.Empty);

    /// <summary>Whether a container is the application's.</summary>
    /// <param name="image">The labels of the image that it was made of.</param>
    public bool OwnsContainer(ImmutableDictionary<string, string> labels, ImmutableDictionary<string, string> image) =>
        labels.GetValueOrDefault(Naming.AppLabel) == App
        && (
            labels.GetValueOrDefault(Naming.OwnerLabel) is { } mark
                ? mark.StartsWith(Token + ".", StringComparison.Ordinal)
                    && image.GetValueOrDefault(Naming.OwnerLabel) != mark
                : AcceptsUnmarked && !image.ContainsKey(Naming.AppLabel)
        );

    /// <summary>
    /// Whether compose itself made a container for a project: not if its image brings all that compose would have said.
    /// </summary>
    public static bool IsComposes(
        string project,
        ImmutableDictionary<string, string> labels,
        ImmutableDictionary<string, string> image
    ) =>
        labels.GetValueOrDefault(ComposePrefix + "project") == project
        && labels.Any(label =>
            label.Key.StartsWith(ComposePrefix, StringComparison.Ordinal)
            && image.GetValueOrDefault(label.Key) != label.Value
        );
}

/// <summary>Something on the host that somebody else made.</summary>
/// <param name="Kind">`container`, `network` or `volume`.</param>
/// <param name="Owner">Whose it is, as far as that can be known; a part of a sentence: `made by the compose project
/// shop`, `made of the image team/db`.</param>
/// <param name="Project">The compose project whose container compose takes it for; null: none's.</param>
/// <param name="Service">The compose service whose container compose takes it for; null: none's.</param>
public sealed record Stranger(
    string Kind,
    string Name,
    string Id,
    string Owner,
    DateTimeOffset? Created,
    string? Project = null,
    string? Service = null
)
{
    /// <summary>What its image is called; empty: it has none, or that is not known.</summary>
    public string Image { get; init; } = "";

    /// <summary>What it is, for a person.</summary>
    public override string ToString() =>
        $"the {Kind} {Name}{(Id.Length > 0 && Id != Name ? $" ({Id[..Math.Min(12, Id.Length)]})" : "")}, {Owner}{(Created is { } at ? $", created {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "")}";
}
