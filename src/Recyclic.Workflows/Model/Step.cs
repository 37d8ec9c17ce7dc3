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
    public static Step Checkout { get; } = new Step("actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1").And("persist-credentials", "false");
    public static Step SetupDotNet { get; } = new Step("actions/setup-dotnet@a98b56852c35b8e3190ac28c8c2271da59106c68", "v6.0.0").And("global-json-file", "global.json");
    public static Step Cache { get; } = new("actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae", "v5.0.5");
    public static Step UploadArtifact { get; } = new("actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0");
    public static Step DownloadArtifact { get; } = new("actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1");

    /// <summary>The pins of all of them. They run on node24: GitHub's machines have it since runner 2.327.1, and these versions ask for 2.329 or later.</summary>
    public static ImmutableArray<ActionPin> Pins { get; } = [.. new[] { Checkout, SetupDotNet, Cache, UploadArtifact, DownloadArtifact }.Select(step => new ActionPin(step.Uses.Split('@')[0], step.Uses.Split('@')[1], step.Version!))];
}

/// <summary>Directories that are kept between runs for as long as the files that decide their content are the same.</summary>
/// <param name="Name">Begins the key.</param>
/// <param name="Path">What is kept.</param>
/// <param name="KeyFiles">Patterns of the files whose content is the key, such as lock files.</param>
public sealed record Cache(string Name, string Path, params ImmutableArray<string> KeyFiles)
{
    public static Cache NuGet { get; } = new("nuget", "~/.nuget/packages", "**/packages.lock.json");
}
