namespace Recyclic.Sample;

/// <summary>Asks several things whether they work, at once and with one deadline.</summary>
public static class Health
{
    /// <summary>The reasons of those that failed, joined; null when all passed in time.</summary>
    public static async Task<string?> ReasonAsync(
        TimeSpan deadline, CancellationToken cancellationToken, params (string Name, Func<CancellationToken, Task> Check)[] checks)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        var reasons = await Task.WhenAll(checks.Select(check => OneAsync(check.Name, check.Check, deadline, limit.Token, cancellationToken)));
        return string.Join("; ", reasons.OfType<string>()) is { Length: > 0 } reason ? reason : null;
    }

    private static async Task<string?> OneAsync(
        string name, Func<CancellationToken, Task> check, TimeSpan deadline, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            // WaitAsync as well: not every connect in every library lets go as soon as it is told to.
            await check(limit).WaitAsync(limit);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{name}: no answer within {deadline.TotalMilliseconds:0} ms";
        }
#pragma warning disable CA1031 // A health check turns every failure into its reason.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return $"{name}: {failure.GetBaseException().Message}";
        }
    }
}
