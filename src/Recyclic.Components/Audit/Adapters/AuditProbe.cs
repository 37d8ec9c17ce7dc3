using Recyclic.Build;

namespace Recyclic.Components.Adapters;

/// <summary>
/// A project that uses a package of which everybody knows that it is vulnerable. It is restored, never built.
/// </summary>
internal static class AuditProbe
{
    public const string Project = "probe.csproj";
    public const string Package = "Newtonsoft.Json";
    public const string Version = "12.0.1";
    public const string Advisory = "GHSA-5crp-9r3c-p9vr";

    public static void Write(AbsolutePath directory)
    {
        directory.CreateDirectory();
        // The repository's own settings, such as central versions, are not for it.
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            File.WriteAllText(directory / name, "<Project />\n");
        File.WriteAllText(
            directory / Project,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>netstandard2.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Package}" Version="{Version}" />
              </ItemGroup>
            </Project>

            """
        );
    }
}
