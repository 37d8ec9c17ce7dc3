using Recyclic.Build;
using Recyclic.Components.Packages.Adapters;

namespace Recyclic.Components;

/// <summary>Brings the packages to a NuGet server, or to a folder that serves as one.</summary>
public interface IPublish : IPack
{
    /// <summary>With a key, the address of a server.</summary>
    [Parameter("With Publish: the NuGet server's address, a folder, or a name that NuGet's configuration has for one")]
    string? Source => TryGetValue(() => Source);

    /// <summary>Default: false, then a version that is there already is a failure.</summary>
    [Parameter("With Publish: a package whose version is there already is passed over")]
    bool SkipDuplicate => TryGetValue(() => SkipDuplicate);

    /// <summary>Goes into a header, never onto a command line.</summary>
    [Parameter("With Publish: the key of the NuGet server")]
    [Secret]
    string? NugetApiKey => TryGetValue(() => NugetApiKey);

    /// <summary>What it sends is what <see cref="IPack.Pack"/> has made in the same run.</summary>
    Target Publish =>
        _ =>
            _.Description("Makes the packages and brings them to a NuGet server or a folder")
                .DependsOn<IPack>(build => build.Pack)
                .Requires(() => Source)
                .Executes(() => Publishing.Run(this));
}
