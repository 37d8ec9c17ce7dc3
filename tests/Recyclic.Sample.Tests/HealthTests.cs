namespace Recyclic.Sample.Tests;

public sealed class HealthTests
{
    [Test, CancelAfter(10_000)]
    public async Task Healthy_means_that_every_check_passed(CancellationToken cancellationToken) =>
        (await Health.ReasonAsync(TimeSpan.FromSeconds(5), cancellationToken, ("a", _ => Task.CompletedTask), ("b", _ => Task.CompletedTask))).ShouldBeNull();

    [Test, CancelAfter(10_000)]
    public async Task Each_failure_is_named(CancellationToken cancellationToken) =>
        (await Health.ReasonAsync(TimeSpan.FromSeconds(5), cancellationToken,
            ("postgres", _ => throw new InvalidOperationException("no table")),
            ("redis", _ => Task.FromException(new IOException("refused"))))).ShouldBe("postgres: no table; redis: refused");

    [Test, CancelAfter(10_000)]
    public async Task A_check_that_ignores_its_deadline_is_left_behind(CancellationToken cancellationToken) =>
        (await Health.ReasonAsync(TimeSpan.FromMilliseconds(20), cancellationToken, ("postgres", _ => new TaskCompletionSource().Task)))
            .ShouldBe("postgres: no answer within 20 ms");

    [Test, CancelAfter(10_000)]
    public async Task A_caller_that_gives_up_is_not_a_failure_of_the_service(CancellationToken cancellationToken)
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = Health.ReasonAsync(TimeSpan.FromSeconds(5), caller.Token, ("redis", token => Task.Delay(Timeout.Infinite, token)));
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);
    }
}
