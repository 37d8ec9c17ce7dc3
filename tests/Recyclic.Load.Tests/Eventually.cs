namespace Recyclic.Load.Tests;

/// <summary>Waits for something that another thread brings about.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            if (condition())
                return;
            await Task.Delay(10, cancellationToken);
        }
        Assert.Fail("did not come about within 10 s");
    }
}
