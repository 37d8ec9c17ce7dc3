using System.Xml.Linq;
using Recyclic.Build;
using Recyclic.Build.Versions;
using Recyclic.Components;

/// <summary>The library as packages.</summary>
partial class Build : IPublish
{
    IEnumerable<AbsolutePath> IPack.PackedProjects => RootDirectory.GlobFiles("src/*/*.csproj", "templates/*.csproj").OrderBy(project => project.Name, StringComparer.Ordinal);

    /// <summary>What the tags say, and at least the version that is being worked on.</summary>
    string IPack.DefaultPackageVersion
    {
        get
        {
            var next = XDocument.Load(RootDirectory / "Directory.Build.props").Descendants("Version").Single().Value;
            return MinVer.FromTags("v", string.Join('.', next.Split('.').Take(2))).Version;
        }
    }
}
