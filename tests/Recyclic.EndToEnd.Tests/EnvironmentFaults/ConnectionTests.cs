using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>The deployer reaches the host by ssh, and the connection goes. Users come by another way.</summary>
public sealed class ConnectionTests : HostFaultTests
{
    private const int Ssh = 22;

    /// <summary>The lock's agent gives a silent holder up after one to two minutes.</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromMinutes(2);

    /// <summary>Shorter than what ssh takes for the end of a connection.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    private protected override Task ReachAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, value) in Host.Door.Variables)
            Stack.Environment[name] = value;
        return Task.CompletedTask;
    }

    [
        TestCase("start "),
        TestCase("gate"),
        TestCase("hand over"),
        TestCase("cut over"),
        TestCase("commit"),
        TestCase("watch"),
        TestCase("drain")
    ]
    public async Task A_connection_that_breaks_leaves_users_served_and_the_next_deploy_puts_things_right(string step)
    {
        await StrikeAsync(
            step,
            async () =>
            {
                await Host.Door.StopAsync();
                await Host.Door.StartAsync(Token);
            },
            () => Task.CompletedTask
        );
    }

    [TestCase("gate"), TestCase("cut over")]
    public async Task A_connection_that_is_cut_without_a_word_is_noticed_and_its_lock_goes_by_itself(string step)
    {
        await StrikeAsync(step, () => Host.Network.CutAsync(Ssh, Token), () => Host.Network.MendAsync(Ssh, Token));
    }

    [
        TestCase("start "),
        TestCase("gate"),
        TestCase("hand over"),
        TestCase("cut over"),
        TestCase("commit"),
        TestCase("watch"),
        TestCase("drain")
    ]
    public async Task A_link_that_is_cut_for_five_seconds_holds_a_deploy_up_and_nothing_else(string step)
    {
        await PassAsync(
            step,
            async () =>
            {
                await Host.Network.CutAsync(Ssh, Token);
                await Task.Delay(Short, Token);
                await Host.Network.MendAsync(Ssh, Token);
            }
        );
    }

    [TestCase("start "), TestCase("hand over"), TestCase("cut over"), TestCase("watch")]
    public async Task An_sshd_that_is_restarted_as_its_service_is_leaves_a_deploy_alone(string step)
    {
        await PassAsync(step, () => Host.Door.RestartAsync(Token));
    }

    /// <summary>A deploy that is struck at a step, and goes through all the same.</summary>
    private async Task PassAsync(string step, Func<Task> strike)
    {
        var next = await OtherAsync();
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = await DeployStruckAsync(next, step, strike);

        TestContext.Out.WriteLine($"{step}: exit code {result.ExitCode} after {result.Took.TotalSeconds:0.0} s");
        result.ShouldExitWith(0);
        result.Took.ShouldBeLessThan(Noticed);
        await ShouldBeRightAsync(next);
        await site.CloseFlawlesslyAsync(Token);
    }

    private async Task StrikeAsync(string step, Func<Task> break_, Func<Task> mend)
    {
        var next = await OtherAsync();
        var old = next == One ? Two : One;
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = await DeployStruckAsync(next, step, break_);

        TestContext.Out.WriteLine(
            $"{step}: exit code {result.ExitCode} after {result.Took.TotalSeconds:0} s\n{result.All}"
        );
        result.Took.ShouldBeLessThan(Noticed);
        // Whichever of its connections is asked first tells it.
        result.All.ShouldMatch(
            "the deploy lock was lost|error during connect|the engine did not answer|the engine stopped telling"
        );
        // Where nothing is left to drain, the deploy may be past that step before the connection breaks: what comes
        // then only tidies up.
        if (step is "drain" && result.ExitCode == 0)
            result.All.ShouldContain($"{next} is live");
        else
            result.ShouldExitWith(3).All.ShouldContain($"deploy of {Stack.App} {next} failed at step");
        await mend();
        (await Stack.ServesAsync(old, Token) || await Stack.ServesAsync(next, Token)).ShouldBeTrue(
            "users have one of the two"
        );
        await ShouldBeRightAfterDeployAsync(One, "--wait");
        await site.CloseFlawlesslyAsync(Token);
    }
}
