using System.Collections.Immutable;
using System.Text.Json;
using Recyclic.Build;

namespace Recyclic.Workflows.Adapters;

/// <summary>
/// The pins of a build, in one small file: `{ "owner/name": { "commit": "…", "version": "v1.2.3" } }`.
/// </summary>
/// <param name="root">The root of the repository.</param>
public sealed class PinFile(string root)
{
    /// <summary>Relative to the root of the repository.</summary>
    public const string Path = ".github/action-pins.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private string FullPath => System.IO.Path.Combine(root, Path);

    /// <summary>None where there is no file.</summary>
    /// <exception cref="TargetFailedException">It cannot be read; exit code 2.</exception>
    public async Task<ImmutableArray<ActionPin>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(FullPath))
            return [];
        try
        {
            var entries =
                JsonSerializer.Deserialize<Dictionary<string, Entry>>(
                    await File.ReadAllTextAsync(FullPath, cancellationToken),
                    Options
                ) ?? [];
            var pins = entries
                .Select(entry => new ActionPin(entry.Key, entry.Value?.Commit ?? "", entry.Value?.Version ?? ""))
                .ToImmutableArray();
            return
                pins.FirstOrDefault(pin => !ActionPin.IsCommit(pin.Commit) || ActionPin.Numbers(pin.Version) is null)
                    is { } bad
                ? throw Unreadable(
                    $"{bad.Action} has commit '{bad.Commit}' and version '{bad.Version}'; a commit is 40 hex digits, a version is v1.2.3"
                )
                : pins;
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception.Message);
        }
    }

    /// <summary>Writes the file where it would change.</summary>
    public async Task WriteAsync(IEnumerable<ActionPin> pins, CancellationToken cancellationToken)
    {
        var entries = pins.OrderBy(pin => pin.Action, StringComparer.Ordinal)
            .ToDictionary(pin => pin.Action, pin => new Entry(pin.Commit, pin.Version));
        var text = JsonSerializer.Serialize(entries, Options).ReplaceLineEndings("\n") + "\n";
        if (
            File.Exists(FullPath)
            && (await File.ReadAllTextAsync(FullPath, cancellationToken)).ReplaceLineEndings("\n") == text
        )
            return;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(FullPath)!);
        await File.WriteAllTextAsync(FullPath, text, cancellationToken);
    }

    private static TargetFailedException Unreadable(string why) =>
        new(
            $"{Path} cannot be read: {why}\n  files   untouched\n  next    mend it, or delete it: the build's own pins hold then",
            exitCode: 2
        );

    private sealed record Entry(string? Commit, string? Version);
}
