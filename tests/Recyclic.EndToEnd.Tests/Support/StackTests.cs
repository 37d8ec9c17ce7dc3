namespace Recyclic.EndToEnd.Support;

/// <summary>
/// Tests on an application of their own, which is removed at the end whatever happened. Every test has a deadline.
/// </summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(480_000)]
public abstract class StackTests(int replicas = 1)
{
    private static readonly TimeSpan LongestPreparation = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether all tests of the fixture are left to a run of all faults, and nothing is made for them otherwise.
    /// </summary>
    private protected virtual bool IsForAllFaultsOnly => false;

    /// <summary>
    /// Whether the fixture's tests take an application that others have left working, and leave it working.
    /// </summary>
    private protected virtual bool IsShared => false;

    /// <summary>Of each release service.</summary>
    private protected int Replicas { get; } = replicas;

    private Stack? _stack;

    private protected Stack Stack
    {
        get => _stack ??= IsShared ? SharedStack.Take() : new Stack(Replicas);
        set => _stack = value;
    }

    /// <summary>Cancelled at the test's deadline.</summary>
    private protected static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    /// <summary>Two good releases.</summary>
    private protected string One { get; private set; } = "";

    private protected string Two { get; private set; } = "";

    [OneTimeSetUp]
    public async Task PrepareReleasesAsync()
    {
        if (IsForAllFaultsOnly)
            Settings.OnlyWithAllFaults();
        await Engine.ReadyAsync();
        using var deadline = new CancellationTokenSource(LongestPreparation);
        One = await Images.DeriveAsync("1", deadline.Token);
        Two = await Images.DeriveAsync("2", deadline.Token);
        await PrepareAsync(deadline.Token);
    }

    [OneTimeTearDown]
    public virtual async Task RemoveAsync()
    {
        if (IsShared && TestContext.CurrentContext.Result.FailCount == 0)
            return;
        SharedStack.Forget(Stack);
        await Stack.DisposeAsync();
    }

    /// <summary>What the fixture's tests find; default: release one, deployed.</summary>
    private protected virtual Task PrepareAsync(CancellationToken cancellationToken) =>
        Stack.EnsureAsync(One, cancellationToken);

    /// <summary>
    /// Exactly the containers of one application: a serving slot, a stopped one or none, the edge and the accessories;
    /// no lock.
    /// </summary>
    private protected async Task ShouldHaveOneServingSlotAndNothingLeftAsync(string serving)
    {
        var containers = await Stack.Docker.LinesAsync(
            Token,
            "ps",
            "--all",
            "--filter",
            $"name=^{Stack.App}[-_]",
            "--format",
            "{{.Names}} {{.State}}"
        );
        var idle = serving == "blue" ? "green" : "blue";
        containers
            .Where(line => line.StartsWith($"{Stack.App}--{serving}-", StringComparison.Ordinal))
            .ShouldAllBe(line => line.EndsWith(" running"));
        containers
            .Where(line => line.StartsWith($"{Stack.App}--{idle}-", StringComparison.Ordinal))
            .ShouldAllBe(line => line.EndsWith(" exited"));
        containers.Count(line => line.StartsWith($"{Stack.App}--{serving}-", StringComparison.Ordinal)).ShouldBe(3);
        containers
            .Select(line => line.Split(' ')[0])
            .Where(name =>
                !name.StartsWith($"{Stack.App}--blue-", StringComparison.Ordinal)
                && !name.StartsWith($"{Stack.App}--green-", StringComparison.Ordinal)
                && !name.StartsWith($"{Stack.App}-gate-", StringComparison.Ordinal)
            )
            .ShouldBe(
                [Stack.Edge, $"{Stack.App}-postgres-1", $"{Stack.App}-redis-1", $"{Stack.App}-telegram-1"],
                ignoreOrder: true
            );
    }

    /// <summary>
    /// A cancelled deploy: no request failed, users and host are as they were, and the history says how it ended.
    /// </summary>
    /// <param name="before">The inventory of before it.</param>
    private protected async Task ShouldBeAsBeforeCancelAsync(Site site, string before)
    {
        var seen = await site.CloseFlawlesslyAsync(Token);
        Site.ShouldHaveSeenOnlyLiveVersions(seen, await Stack.JournalAsync(Token));
        await Stack.ShouldServeAsync(One, Token);
        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        (await Stack.HistoryAsync(Token))[0]!["outcome"]!.GetValue<string>().ShouldBe("cancelled");
        await Stack.ShouldHaveOneBotAsync(Token);
    }

    private protected async Task<string> ServingSlotAsync() =>
        (await Stack.StatusAsync(Token))["slot"]!.GetValue<string>();
}
