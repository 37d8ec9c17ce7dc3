using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>The actions that generated workflows use.</summary>
public static class Actions
{
    /// <summary>Checks out the commit, without leaving the token in the checkout.</summary>
    public static Step Checkout { get; } =
        new Step("actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1").And(
            "persist-credentials",
            "false"
        );

    /// <summary>
    /// Installs the SDK that global.json names; <c>.And("dotnet-version", "8.0.x\n9.0.x")</c> installs others.
    /// </summary>
    public static Step SetupDotNet { get; } =
        new Step("actions/setup-dotnet@a98b56852c35b8e3190ac28c8c2271da59106c68", "v6.0.0").And(
            "global-json-file",
            "global.json"
        );

    /// <summary>Keeps directories between runs; see <see cref="Workflows.Cache"/>.</summary>
    public static Step Cache { get; } = new("actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae", "v5.0.5");

    /// <summary>Keeps files of a job; what a target <c>Produces</c> is kept by itself.</summary>
    public static Step UploadArtifact { get; } =
        new("actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0");

    /// <summary>Fetches files of another job; what a target <c>Consumes</c> is fetched by itself.</summary>
    public static Step DownloadArtifact { get; } =
        new("actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1");

    /// <summary>
    /// The pins of all of them. They run on node24: GitHub's machines have it since runner 2.327.1, and these versions
    /// ask for 2.329 or later.
    /// </summary>
    public static ImmutableArray<ActionPin> Pins { get; } =
    [
        .. new[] { Checkout, SetupDotNet, Cache, UploadArtifact, DownloadArtifact }.Select(step => new ActionPin(
            step.Uses.Split('@')[0],
            step.Uses.Split('@')[1],
            step.Version!
        )),
    ];
}
