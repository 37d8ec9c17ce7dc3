using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using Recyclic.Build;

namespace Recyclic.Components.Packages.Adapters;

/// <summary>
/// A package, which is a zip archive. What makes two of the same content differ are times and names drawn by lot; here
/// they are the same each time.
/// </summary>
internal static class PackageFile
{
    private const string Properties = "package/services/metadata/core-properties/";
    private const string Relations = "_rels/.rels";
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whoever looks at the target sees the old package or the new one, whole.</summary>
    public static void Rewrite(AbsolutePath from, AbsolutePath to)
    {
        var next = new AbsolutePath($"{to}.{Environment.ProcessId}.new");
        try
        {
            using (var source = ZipFile.OpenRead(from))
            using (var target = ZipFile.Open(next, ZipArchiveMode.Create))
            {
                var properties = $"{Properties}{NameOf(source)}.psmdcp";
                foreach (
                    var (name, entry) in source
                        .Entries.Select(entry => (Name: IsProperties(entry) ? properties : entry.FullName, entry))
                        .OrderBy(pair => pair.Name, StringComparer.Ordinal)
                )
                    Copy(entry, target.CreateEntry(name, CompressionLevel.Optimal), properties);
            }
            File.Move(next, to, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
    }

    private static void Copy(ZipArchiveEntry entry, ZipArchiveEntry copy, string properties)
    {
        copy.LastWriteTime = Time;
        using var from = entry.Open();
        using var to = copy.Open();
        if (entry.FullName == Relations)
            WriteRelations(XDocument.Load(from), properties, to);
        else
            from.CopyTo(to);
    }

    private static void WriteRelations(XDocument relations, string properties, Stream to)
    {
        var number = 0;
        foreach (
            var relation in relations
                .Root!.Elements()
                .OrderBy(relation => (string?)relation.Attribute("Type"), StringComparer.Ordinal)
        )
        {
            relation.SetAttributeValue("Id", $"R{++number}");
            if (((string?)relation.Attribute("Target"))?.Contains(Properties, StringComparison.Ordinal) == true)
                relation.SetAttributeValue("Target", "/" + properties);
        }
        relations.Save(to);
    }

    private static bool IsProperties(ZipArchiveEntry entry) =>
        entry.FullName.StartsWith(Properties, StringComparison.Ordinal);

    /// <summary>By what the package says of itself.</summary>
    private static string NameOf(ZipArchive package)
    {
        using var stream = package
            .Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal))
            .Open();
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..32];
    }
}
