using Recyclic.Build;
using Recyclic.Build.Versions;
using Recyclic.Components.Packages.Adapters;

namespace Recyclic.Components;

/// <summary>Makes the NuGet packages of the repository's libraries, the same to the byte each time.</summary>
public interface IPack : IRecyclicBuild
{
    /// <summary>Null: `artifacts/packages`.</summary>
    [Parameter("With Pack and Publish: the folder of the packages; default: artifacts/packages")]
    AbsolutePath? Output => TryGetValue(() => Output);

    /// <summary>Null: <see cref="DefaultPackageVersion"/>.</summary>
    [Parameter("With Pack and Publish: the packages' version; default: what the repository's tags say")]
    string? PackageVersion => TryGetValue(() => PackageVersion);

    /// <summary>The projects that become packages.</summary>
    IEnumerable<AbsolutePath> PackedProjects { get; }

    /// <summary>
    /// Asked for once the target runs, where nobody gave a version. Default: what the tags <c>v1.2.3</c> say.
    /// </summary>
    string DefaultPackageVersion => MinVer.FromTags("v").Version;

    /// <summary>
    /// What release notes are taken from: the section of the version, or else the first one. Where it is not there,
    /// packages have none. Default: CHANGELOG.md of the root directory.
    /// </summary>
    AbsolutePath PackagesChangelog => RootDirectory / "CHANGELOG.md";

    /// <summary>Where the packages go.</summary>
    sealed AbsolutePath PackagesDirectory => Output ?? RootDirectory / "artifacts" / "packages";

    /// <summary>Packages that are there already, of other versions too, stay.</summary>
    Target Pack =>
        _ =>
            _.Description("Makes the packages of the libraries, with symbols, the same to the byte each time")
                .Executes(cancellationToken => Packing.RunAsync(this, cancellationToken));
}
