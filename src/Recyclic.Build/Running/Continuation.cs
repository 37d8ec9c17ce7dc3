using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Build.Running;

/// <summary>What a run may take over from the last one. Pure.</summary>
/// <param name="Done">Targets that need not run again.</param>
/// <param name="Mistakes">Why nothing can be continued; empty when it can.</param>
internal sealed record Continuation(ImmutableHashSet<string> Done, ImmutableArray<string> Mistakes, string Note)
{
    public static readonly Continuation None = new([], [], "");

    public static Continuation Of(RunReport? last, RunRequest now)
    {
        if (last is null)
            return Refused("--continue: no run is recorded in .nuke/temp/run.json; leave it out");
        var time = last.StartedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        if (last.ExitCode == ExitCodes.Done)
            return Refused($"--continue: the run of {time} succeeded, so there is nothing to continue; leave it out");
        var changes = Changes(last.Request, now).ToImmutableArray();
        return changes.IsEmpty
            ? new(
                [.. last.Targets.Where(target => target.IsDone).Select(target => target.Name)],
                [],
                $"succeeded in the run of {time}"
            )
            : Refused([
                .. changes.Select(change =>
                    $"--continue: {change} since the run of {time}; give what was given then, or leave --continue out"
                ),
            ]);
    }

    private static Continuation Refused(params ImmutableArray<string> mistakes) => None with { Mistakes = mistakes };

    private static IEnumerable<string> Changes(RunRequest last, RunRequest now)
    {
        if (!last.Targets.SequenceEqual(now.Targets))
            yield return $"the targets have changed from {Text(last.Targets)} to {Text(now.Targets)}";
        if (!last.Skipped.SequenceEqual(now.Skipped))
            yield return $"--skip has changed from {Text(last.Skipped)} to {Text(now.Skipped)}";
        if (last.IsDryRun != now.IsDryRun)
            yield return last.IsDryRun ? "--dry-run is no longer given" : "--dry-run is given only";
        var names = last
            .Parameters.Concat(now.Parameters)
            .Select(parameter => parameter.Name)
            .Distinct()
            .Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var before = last.Parameters.FirstOrDefault(p => p.Name == name);
            var after = now.Parameters.FirstOrDefault(p => p.Name == name);
            if (before is null || after is null)
                yield return $"--{name} is {(before is null ? "given only" : "no longer given")}";
            else if (!before.Values.SequenceEqual(after.Values))
                yield return $"--{name} has changed from {Text(before.Values)} to {Text(after.Values)}";
        }
    }

    private static string Text(ImmutableArray<string> values) => values.IsEmpty ? "nothing" : string.Join(' ', values);
}
