using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>Releases of its own alone: their images go, which would take them away from other tests.</summary>
[CancelAfter(480_000)]
public sealed class RetentionTests : StackTests
{
    private const int Kept = 5;

    private protected override Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [Test]
    public async Task Only_the_images_of_the_last_releases_and_of_what_a_rollback_needs_are_kept()
    {
        var tags = new List<string>();
        for (var release = 1; release <= Kept + 1; release++)
        {
            tags.Add(await Images.DeriveAsync($"kept{release}", Token));
            (await Stack.DeployAsync(tags[^1], Token, "--watch", "0")).ShouldExitWith(0);
        }

        foreach (var gone in tags.SkipLast(Kept))
            (await Images.OfAsync(gone, Token)).ShouldBeEmpty(gone);
        foreach (var kept in tags.TakeLast(Kept))
            (await Images.OfAsync(kept, Token)).Length.ShouldBe(3, kept);
        await Stack.ShouldServeAsync(tags[^1], Token);
        (await Stack.RunAsync(Token, "Rollback", "--yes")).ShouldExitWith(0);
        await Stack.ShouldServeAsync(tags[^2], Token);
    }
}
