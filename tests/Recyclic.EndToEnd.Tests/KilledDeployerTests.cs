using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>A deployer that dies at once, without a chance to clean up, at the moments that matter.</summary>
[CancelAfter(480_000)]
public sealed class KilledDeployerTests : StackTests
{
    private protected override bool IsForAllFaultsOnly => true;

    private static readonly TimeSpan StepDeadline = TimeSpan.FromMinutes(2);

    [TestCase("gate", "start-delay=60s", false)]
    [TestCase("hand over bot", null, false)]
    [TestCase("cut over", null, null)]
    [TestCase("commit", null, null)]
    [TestCase("watch", null, true)]
    public async Task A_killed_deployer_costs_no_request_and_the_next_deploy_puts_things_right(
        string step,
        string? fault,
        bool? committed
    )
    {
        await Stack.EnsureAsync(One, Token);
        var killed = fault is null ? Two : await Images.DeriveAsync("slow-start", Token, fault);
        await using var site = await Site.OpenAsync(Stack, Token);

        await KillAtAsync(step, killed);

        var interrupted = (await Stack.StatusAsync(Token))["interrupted"]!;
        interrupted["tag"]!.GetValue<string>().ShouldBe(killed);
        var diedAt = interrupted["step"]!.GetValue<string>();
        // Between the record of the cutover's begin and the kill, a step more may have begun: either side is right
        // then.
        if (committed is not null)
            diedAt.ShouldStartWith(step);
        string[] allowed = committed switch
        {
            true => [killed],
            false => [One],
            null => [One, killed],
        };
        allowed.ShouldContain(await OneOfAsync(One, killed));
        var next = committed == true ? One : Two;
        (await Stack.DeployAsync(next, Token)).ShouldExitWith(0).All.ShouldContain($"died at: {diedAt}");

        await site.CloseFlawlesslyAsync(Token);
        await Stack.ShouldServeAsync(next, Token);
        await ShouldHaveOneServingSlotAndNothingLeftAsync(await ServingSlotAsync());
        (await Stack.HistoryAsync(Token))
            .Take(2)
            .Select(entry => entry!["outcome"]!.GetValue<string>())
            .ShouldBe(["success", "interrupted"]);
        await Stack.ShouldHaveOneBotAsync(Token);
    }

    [Test]
    public async Task Recover_alone_puts_right_what_a_killed_deployer_left()
    {
        await Stack.EnsureAsync(One, Token);
        var slow = await Images.DeriveAsync("slow-start", Token, "start-delay=60s");
        await using var site = await Site.OpenAsync(Stack, Token);
        await KillAtAsync("gate", slow);

        (await Stack.RunAsync(Token, "Recover")).ShouldExitWith(0).All.ShouldContain("Recovered.");

        await site.CloseFlawlesslyAsync(Token);
        await Stack.ShouldServeAsync(One, Token);
        await ShouldHaveOneServingSlotAndNothingLeftAsync(await ServingSlotAsync());
        await Stack.ShouldHaveOneBotAsync(Token);
    }

    private async Task KillAtAsync(string step, string tag)
    {
        Tool? deploy = null;
        try
        {
            await Stack.NextAsync(
                line => line.Begins(step),
                StepDeadline,
                () => deploy = Stack.Start("AtomicDeploy", "--tag", tag, "--watch", "60"),
                Token
            );
            await deploy!.SignalAsync("KILL", Token);
            (await deploy.EndAsync(Token)).ExitCode.ShouldBe(137);
        }
        finally
        {
            if (deploy is not null)
                await deploy.DisposeAsync();
        }
        await Eventually.TrueAsync(
            async () =>
                (
                    await DockerHere.LinesAsync(
                        Token,
                        "ps",
                        "--all",
                        "--quiet",
                        "--filter",
                        $"name=^{Stack.App}-deploy-lock$"
                    )
                ).Length == 0,
            TimeSpan.FromSeconds(20),
            "the lock of a dead deployer is gone by itself",
            Token
        );
    }

    /// <summary>The one version that both ports answer with.</summary>
    private async Task<string> OneOfAsync(string one, string other) =>
        await Stack.ServesAsync(one, Token) ? one
        : await Stack.ServesAsync(other, Token) ? other
        : "neither, or a mixture";
}
