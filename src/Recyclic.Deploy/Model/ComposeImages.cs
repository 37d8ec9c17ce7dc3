using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: images that the file leaves to compose to name.</summary>
internal static class ComposeImages
{
    /// <summary>
    /// Names the images of release services that are built here and have none: as compose does, with the release's tag.
    /// </summary>
    public static ComposeModel Name(ComposeModel compose, ReleaseTag tag, string? registry)
    {
        var model = compose.Resolved;
        var services = model["services"] as JsonObject ?? [];
        ImmutableHashSet<string> nameless =
        [
            .. compose.Choice.Released.Where(name => ReleaseChoice.IsNameless(services[name])),
        ];
        foreach (var name in nameless)
            services[name]!["image"] = ImageVariables.OfBuilt(model["name"].AsText() ?? "", name, tag.Value, registry);
        return compose with { Named = nameless };
    }
}
