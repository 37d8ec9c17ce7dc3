namespace Recyclic.Workflows.Planning;

/// <summary>What groups of which one is at work at a time must be. Pure.</summary>
internal static class ConcurrencyRules
{
    public static IEnumerable<string> Mistakes(Concurrency? concurrency, string where)
    {
        if (concurrency is null)
            yield break;
        if (string.IsNullOrWhiteSpace(concurrency.Group))
            yield return $"{where}: its Concurrency has no group: name it";
        else if (ConditionRules.OfText(concurrency.Group) is { } open)
            yield return $"{where}: the group of its Concurrency {open}";
        if (concurrency is { CancelsRunning: true, KeepsWaiting: true })
            yield return $"{where}: its Concurrency ends what is at work for the newest, and keeps what waits, of which there is nothing then: say one of CancelsRunning and KeepsWaiting";
    }
}
