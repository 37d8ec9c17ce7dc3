namespace Recyclic.Deploy.Tests.ModelChecking;

/// <summary>What must hold after each happening. Each claim returns what is wrong, or null.</summary>
internal static class Claims
{
    /// <summary>Whatever has happened, by a command or by accident.</summary>
    public static string? AlwaysTrueOf(MemoryCluster cluster, int from, IReadOnlySet<Slot> damaged)
    {
        if (cluster.RanTwice)
            return "the bot ran twice";
        if (cluster.Unprotected is { } done)
            return $"users had what would not come back with the engine, by: {done}";
        if (
            cluster
                .Containers.Where(container => container.IsRunning)
                .SelectMany(cluster.Volumes.MissedBy)
                .FirstOrDefault() is
            { } lost
        )
            return lost;
        if (cluster.Seen.Skip(from).FirstOrDefault(seen => seen.Contains('+', StringComparison.Ordinal)) is { } both)
            return $"users saw two versions at once: {both}";
        if (
            (cluster.Share is not (null or 0 or 100) || cluster.FileShare is not (null or 0 or 100))
            && cluster.Journal.Interrupted?.Canary is null
        )
            return $"the share is {cluster.Share}, in the file {cluster.FileShare}";
        return ChainOf(cluster) ?? LossOf(cluster, from, damaged);
    }

    /// <summary>After a command that nothing interfered with.</summary>
    public static string? About(Does does, Ended ended, Situation before, MemoryCluster cluster)
    {
        if (ended.WasMet)
            return ended.Died || does.Fault!.Kind is FaultKind.LosesLock or FaultKind.Damaged
                ? null
                : AfterFault(does, ended, before, cluster);
        if (does.Verb == Verb.Status)
            return ended.Thrown is null ? null : $"Status: {ended}";
        // Without a canary there is nothing to say to it.
        if (ended.Refused && does.Verb is Verb.Promote or Verb.Abort)
            return null;
        if (Unfit(does, ended, before) is { } unfit)
            return unfit;
        return (
                ended.Refused ? null
                : ended.ExitCode == 0 ? Serves(cluster, does, before)
                : ended.ExitCode == 1 ? IsAsBefore(cluster, before)
                : null
            ) ?? IsSettled(cluster, ended);
    }

    /// <summary>Whether a command ended as it should on such a host.</summary>
    private static string? Unfit(Does does, Ended ended, Situation before)
    {
        if (
            ended.Thrown is not (null or ConfigurationException)
            && !(ended.Thrown is StepFailedException && does.Verb == Verb.Promote)
        )
            return $"it threw {ended}";
        switch (does.Verb)
        {
            case Verb.Deploy when before.AccessoryIsDown || before.LacksImages(does.Tag!):
                return ended.Refused ? null : $"it should have been refused, but: {ended}";
            case Verb.Deploy:
                var expected = Tags.IsGood(does.Tag!) ? 0 : 1;
                return ended.ExitCode == expected ? null : $"exit code {expected} was due, but: {ended}";
            case Verb.Rollback when ended.ExitCode is not (null or 0 or 1):
                return $"{ended}";
            case Verb.Retire or Verb.Recover when ended.Refused:
                return $"{ended}";
            default:
                return null;
        }
    }

    /// <summary>What a command says of itself after a fault is true.</summary>
    private static string? AfterFault(Does does, Ended ended, Situation before, MemoryCluster cluster) =>
        ended.ExitCode switch
        {
            0
                when does.Verb is Verb.Deploy
                    && (cluster.SeenNow() != does.Tag || cluster.Journal.Current?.Release.Tag != does.Tag) =>
                $"exit code 0, but users see {cluster.SeenNow()} and {cluster.Journal.Current?.Release.Tag} is committed",
            1 or 130 => IsAsBefore(cluster, before),
            _ => null,
        };

    private static string? IsAsBefore(MemoryCluster cluster, Situation before) =>
        before.IsGood
        && cluster.Journal.Current is { } current
        && (cluster.SeenNow() != before.Seen || current.Release.Tag != before.Seen)
        && before.Journal.Interrupted is null
            ? $"it said that all is as before, but users had {before.Seen} and see {cluster.SeenNow()}; {current.Release.Tag} is committed"
            : null;

    private static string? Serves(MemoryCluster cluster, Does does, Situation before)
    {
        var current = cluster.Journal.Current!;
        if (does.Tag is not null && current.Release.Tag != does.Tag)
            return $"{current.Release.Tag} is committed";
        if (cluster.SeenNow() != current.Release.Tag)
            return $"users see {cluster.SeenNow()}, {current.Release.Tag} is committed";
        if (cluster.Share != current.Slot.FullShare())
            return $"the share is {cluster.Share}, the commit is on {current.Slot}";
        var idle = cluster
            .Of(current.Slot.Other())
            .Where(container => container.IsRunning && !(container.IsExclusive))
            .ToList();
        var isMeant =
            does.KeepWarm
            || does.Verb == Verb.Rollback && before.MayBeWarm
            || does.Verb is not (Verb.Deploy or Verb.Rollback);
        return idle.Count > 0 && !isMeant ? $"{idle[0].Name} still runs" : null;
    }

    /// <summary>Nothing of what was interrupted, begun or broken is left.</summary>
    private static string? IsSettled(MemoryCluster cluster, Ended ended)
    {
        var journal = cluster.Journal;
        if (cluster.Holder is not null)
            return "the lock is still held";
        if (ended.Refused && ended.Thrown!.Message.Contains("service ", StringComparison.Ordinal))
            return null;
        if (journal.Interrupted is not null)
            return "the journal still has an interrupted deploy";
        if (journal.Current is not { } current)
            return journal.Records.IsEmpty || cluster.Containers.Count == 0
                ? null
                : $"nothing is committed, but {cluster.Containers[0].Name} is there";
        if (cluster.Edge.IsRunning && (cluster.Share != current.Slot.FullShare() || cluster.FileShare != cluster.Share))
            return $"the share is {cluster.Share}, in the file {cluster.FileShare}, the commit is on {current.Slot}";
        foreach (var slot in Enum.GetValues<Slot>())
            if (cluster.Of(slot).Select(container => container.Label(Naming.ReleaseLabel)).Distinct().Count() > 1)
                return $"{slot} holds two releases";
        var policy = cluster.Containers.FirstOrDefault(container =>
            cluster.Restarts.GetValueOrDefault(container.Id, "no")
            != (container.Label(Naming.SlotLabel) == current.Slot.Name() ? "unless-stopped" : "no")
        );
        if (policy is not null)
            return $"the restart policy of {policy.Name} is {cluster.Restarts.GetValueOrDefault(policy.Id, "no")}, the commit is on {current.Slot}";
        var bots = cluster
            .Containers.Where(container =>
                container.IsExclusive
                && (
                    container.IsRunning
                    || cluster.Crashed.Contains(container.Id) && cluster.Restarts[container.Id] != "no"
                )
            )
            .Select(container => container.Name)
            .ToList();
        if (bots.Find(bot => !bot.Contains(current.Slot.Name(), StringComparison.Ordinal)) is { } elsewhere)
            return $"{elsewhere} runs, the commit is on {current.Slot}";
        return bots.Count == 0 && cluster.Of(current.Slot).Any(container => container.IsExclusive)
            ? "no bot runs"
            : null;
    }

    /// <summary>
    /// The journal is one chain: what is recorded belongs to the deploy that has begun and not ended.
    /// </summary>
    private static string? ChainOf(MemoryCluster cluster)
    {
        string? open = null;
        var ended = new HashSet<string>();
        foreach (var record in cluster.Journal.Records)
        {
            if (record.Kind == JournalKind.Begin)
            {
                if (open is not null)
                    return $"{record.Deploy} began before {open} had ended";
                open = record.Deploy;
            }
            else if (record.Deploy != open)
                return $"{record.Kind} of {record.Deploy} is recorded while {open ?? "nothing"} is open";
            if (record.Kind != JournalKind.End)
                continue;
            if (record.Outcome == Outcome.Failed)
                continue;
            if (!ended.Add(record.Deploy))
                return $"{record.Deploy} ended twice";
            open = null;
        }
        return cluster.Generation > cluster.Journal.Records.Count(record => record.Kind == JournalKind.Commit)
            ? "the generation is ahead of the commits"
            : null;
    }

    /// <summary>
    /// Users lose what they have by accidents only, and move only to what works. A first release has nothing to go back
    /// to.
    /// </summary>
    private static string? LossOf(MemoryCluster cluster, int from, IReadOnlySet<Slot> damaged)
    {
        for (var i = from; i < cluster.Seen.Count; i++)
        {
            var (was, now, why) = (cluster.Seen[i - 1], cluster.Seen[i], cluster.SeenBecause[i]);
            if (
                why.StartsWith("fault", StringComparison.Ordinal)
                || why.StartsWith("first deploy", StringComparison.Ordinal)
                || was == "nothing"
            )
                continue;
            // What must not run twice is down while it is handed over; then its users wait.
            if (now == "gap" && was != "wait" && damaged.Count == 0)
                return $"users had {was} and then a gap, by '{why}'";
            var isLost =
                now == "nothing"
                || why.StartsWith("share", StringComparison.Ordinal)
                    && now.EndsWith("(sick)", StringComparison.Ordinal);
            if (isLost && damaged.Count == 0)
                return $"users had {was} and then {now}, by '{why}'";
        }
        return null;
    }
}
