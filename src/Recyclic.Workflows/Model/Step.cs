using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>A step that is an action of somebody else.</summary>
/// <param name="Uses"><c>owner/name@</c> and the 40 hex digits of a commit, or a path in this repository: a tag can be moved, a commit cannot.</param>
/// <param name="Version">The version that the commit is, for readers.</param>
public sealed record Step(string Uses, string? Version = null)
{
    public string? Name { get; init; }

    /// <summary>Its inputs; default: none.</summary>
    public ImmutableSortedDictionary<string, string> With { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public Step And(string input, string value) => this with { With = With.SetItem(input, value) };
}

/// <summary>The actions that generated workflows use.</summary>
public static class Actions
{
    /// <summary>Without leaving the token in the checkout.</summary>
    public static Step Checkout { get; } = new Step("actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", "v4.2.2").And("persist-credentials", "false");
    public static Step SetupDotNet { get; } = new Step("actions/setup-dotnet@67a3573c9a986a3f9c594539f4ab511d57bb3ce9", "v4.3.1").And("global-json-file", "global.json");
    public static Step Cache { get; } = new("actions/cache@5a3ec84eff668545956fd18022155c47e93e2684", "v4.2.3");
    public static Step UploadArtifact { get; } = new("actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2");
    public static Step DownloadArtifact { get; } = new("actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093", "v4.3.0");
}

/// <summary>Directories that are kept between runs for as long as the files that decide their content are the same.</summary>
/// <param name="Name">Begins the key.</param>
/// <param name="Path">What is kept.</param>
/// <param name="KeyFiles">Patterns of the files whose content is the key, such as lock files.</param>
public sealed record Cache(string Name, string Path, params ImmutableArray<string> KeyFiles)
{
    public static Cache NuGet { get; } = new("nuget", "~/.nuget/packages", "**/packages.lock.json");
}
