using Recyclic.Deploy.Model;

namespace Recyclic.Components.Everyday;

/// <summary>A container whose log is wanted.</summary>
/// <param name="Label">Its service; where that has several, with its number: `web-2`.</param>
/// <param name="Release">The tag of its release; null: it is an accessory.</param>
internal sealed record LogSource(Container Container, string Label, string? Release)
{
    public string Id => Container.Id;
}
