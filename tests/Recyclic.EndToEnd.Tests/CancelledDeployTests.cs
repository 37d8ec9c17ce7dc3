using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

[CancelAfter(480_000)]
public sealed class CancelledDeployTests : StackTests
{
    private protected override bool IsForAllFaultsOnly => true;

    private static readonly TimeSpan StepDeadline = TimeSpan.FromMinutes(2);

    [TestCase("INT", "gate", "start-delay=60s")]
    [TestCase("TERM", "gate", "start-delay=60s")]
    [TestCase("INT", "watch", null)]
    [TestCase("TERM", "watch", null)]
    public async Task A_cancelled_deploy_leaves_users_and_host_as_they_were(string signal, string step, string? fault)
    {
        await Stack.EnsureAsync(One, Token);
        var tag = fault is null ? Two : await Images.DeriveAsync("slow-start", Token, fault);
        var before = await Stack.InventoryAsync(Token);
        await using var site = await Site.OpenAsync(Stack, Token);
        Tool? deploy = null;
        try
        {
            await Stack.NextAsync(
                line => line.Begins(step),
                StepDeadline,
                () => deploy = Stack.Start("AtomicDeploy", "--tag", tag, "--watch", "60"),
                Token
            );

            await deploy!.SignalAsync(signal, Token);

            (await deploy.EndAsync(Token))
                .ShouldExitWith(signal == "TERM" ? 143 : 130)
                .All.ShouldContain("was cancelled at step ");
        }
        finally
        {
            if (deploy is not null)
                await deploy.DisposeAsync();
        }
        await ShouldBeAsBeforeCancelAsync(site, before);
    }
}
