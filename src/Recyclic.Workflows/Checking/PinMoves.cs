using System.Collections.Immutable;
using Recyclic.Workflows.Generation;

namespace Recyclic.Workflows.Checking;

/// <summary>
/// Pins that were moved in the files alone, as bots do that keep actions up to date: taken over when nothing else was
/// changed. Pure. </summary>
/// <param name="Moved">The pins that hold from now on.</param>
/// <param name="Refused">What was changed in a way that is not taken over: `file:line: why`.</param>
public sealed record PinMoves(ImmutableArray<ActionPin> Moved, ImmutableArray<string> Refused)
{
    /// <summary>Compares what should be with what is. Pure.</summary>
    /// <param name="wanted">As the build defines it.</param>
    /// <param name="existing">All files in the directory of workflows, by path.</param>
    public static PinMoves Between(ImmutableArray<WorkflowFile> wanted, IReadOnlyDictionary<string, string> existing)
    {
        var moved = new List<ActionPin>();
        var refused = new List<string>();
        foreach (var file in wanted)
        {
            // A file as it was generated is as its definition was then; so is one whose definition has changed in more
            // than its pins.
            if (!existing.TryGetValue(file.Path, out var now) || WorkflowFile.IsUntouched(now))
                continue;
            var (before, after) = (file.Text.Split('\n'), now.Split('\n'));
            if (before.Length != after.Length || !file.IsOfSameBuild(now))
                continue;
            // The second line is the checksum.
            var differing = Enumerable.Range(2, before.Length - 2).Where(line => before[line] != after[line]).ToList();
            if (differing.Any(line => ActionOf(before[line]) is not { } action || ActionOf(after[line]) != action))
                continue;
            foreach (var line in differing)
            {
                if (WhyNot(before[line], after[line]) is { } why)
                    refused.Add($"{file.Path}:{line + 1}: {why}");
                else
                    moved.Add(PinLine.Read(after[line])!.Pin!);
            }
        }
        return new PinMoves([.. ActionPin.Newest(moved).Values], [.. refused]);
    }

    private static string? ActionOf(string line)
    {
        var uses = line.IndexOf("uses: ", StringComparison.Ordinal);
        return uses < 0 ? null : line[(uses + 6)..].Split('@', ' ')[0];
    }

    private static string? WhyNot(string before, string after)
    {
        var (old, read) = (PinLine.Read(before), PinLine.Read(after));
        if (old?.Pin is not { } pin)
            return "this line is not one whose pin is kept";
        if (read is null || read.Before != old.Before)
            return "more than the pin was changed";
        if (!ActionPin.IsCommit(read.Reference))
            return $"{read.Action} is moved to '{read.Reference}', which is no commit: a tag can be moved, 40 hex digits cannot";
        if (read.Pin is not { } moved)
            return $"the version of {read.Action} must stand behind the commit, as in: # {pin.Version}";
        return moved.IsNewerThan(pin) || moved == pin
            ? null
            : $"{read.Action} is moved from {pin.Version} to {moved.Version}, which is no later version";
    }
}
