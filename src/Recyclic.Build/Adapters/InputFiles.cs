using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Recyclic.Build.Changes;
using Recyclic.Build.Paths;

namespace Recyclic.Build.Adapters;

/// <summary>What a target recorded when it last succeeded.</summary>
internal sealed record InputRecord(DateTimeOffset Time, InputState State);

/// <summary>
/// The inputs of a target on the disk, and its record of them in <c>.nuke/temp/inputs</c>: a line for the version and
/// time, one for the definition, and one for each file and parameter, <c>file HASH path</c>.
/// </summary>
internal sealed class InputFiles(AbsolutePath root, string target)
{
    private const string Header = "recyclic-inputs-1 ";
    private readonly AbsolutePath _record = root / ".nuke" / "temp" / "inputs" / target;

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The files that match, with a hash of their content, and the patterns that match none.</summary>
    /// <param name="patterns">Files, directories with all below them, and globs, relative to the root; with <c>!</c> in
    /// front, what is left out.</param>
    public (ImmutableSortedDictionary<string, string> Hashes, ImmutableArray<string> Unmatched) Hash(
        IReadOnlyList<string> patterns
    )
    {
        // What a run itself writes, and what git does, is no input of anything.
        var excluded = patterns
            .Append("!{.nuke/temp,.git}/**")
            .Where(pattern => pattern.StartsWith('!'))
            .SelectMany(pattern => GlobPattern.Parse(pattern[1..]))
            .ToArray();
        var hashes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var unmatched = ImmutableArray.CreateBuilder<string>();
        foreach (var pattern in patterns.Where(pattern => !pattern.StartsWith('!')))
        {
            var found = root.GlobFiles(Directory.Exists(root / pattern) ? pattern.TrimEnd('/') + "/**/*" : pattern)
                .Select(file => (File: file, Name: root.GetUnixRelativePathTo(file)))
                .Where(file => !Array.Exists(excluded, glob => glob.Matches(file.Name.Split('/'))))
                .ToArray();
            if (found.Length == 0)
                unmatched.Add(pattern);
            foreach (var (file, name) in found)
                if (!hashes.ContainsKey(Line(name)))
                    hashes.Add(Line(name), HashOf(file));
        }
        return (hashes.ToImmutable(), unmatched.ToImmutable());
    }

    /// <summary>The first of the patterns that nothing matches; null: all have something.</summary>
    public string? Missing(IReadOnlyList<string> patterns) =>
        patterns.FirstOrDefault(pattern =>
            !Path.Exists(root / pattern)
            && (IsOutside(pattern) || (root.GlobFiles(pattern).Count == 0 && root.GlobDirectories(pattern).Count == 0))
        );

    /// <summary>The record; null when there is none, or not a readable one.</summary>
    public InputRecord? Read()
    {
        try
        {
            if (!File.Exists(_record))
                return null;
            var lines = File.ReadAllLines(_record);
            if (
                lines is not [var header, var definition, .. var rest]
                || !header.StartsWith(Header, StringComparison.Ordinal)
            )
                return null;
            var things = rest.Select(line => line.Split(' ', 3)).Where(parts => parts.Length == 3).ToArray();
            return new(
                DateTimeOffset.Parse(header[Header.Length..], CultureInfo.InvariantCulture),
                new(Of("file"), Of("parameter"), definition)
            );

            ImmutableSortedDictionary<string, string> Of(string kind) =>
                things
                    .Where(parts => parts[0] == kind)
                    .ToImmutableSortedDictionary(parts => parts[2], parts => parts[1], StringComparer.Ordinal);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            // Written by hand or half: as good as none, and the target runs.
            return null;
        }
    }

    public void Forget()
    {
        if (File.Exists(_record))
            File.Delete(_record);
    }

    /// <returns>Why it could not be written; null when it was.</returns>
    public string? Write(InputRecord record)
    {
        var text = new StringBuilder(Header)
            .Append(record.Time.ToString("O", CultureInfo.InvariantCulture))
            .Append('\n')
            .Append(record.State.Definition)
            .Append('\n');
        foreach (var (name, hash) in record.State.Files)
            text.Append("file ").Append(hash).Append(' ').Append(name).Append('\n');
        foreach (var (name, hash) in record.State.Parameters)
            text.Append("parameter ").Append(hash).Append(' ').Append(name).Append('\n');
        try
        {
            Directory.CreateDirectory(_record.Parent!);
            // At once, for builds that run at the same time.
            var draft = _record + $".{Environment.ProcessId}";
            File.WriteAllText(draft, text.ToString());
            File.Move(draft, _record, overwrite: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"the inputs could not be recorded in {_record}, so it will run again: {exception.Message}";
        }
    }

    private static bool IsOutside(string pattern) => Path.IsPathRooted(pattern) || pattern.Split('/').Contains("..");

    private static string HashOf(AbsolutePath file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>A name on one line.</summary>
    private static string Line(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal);
}
