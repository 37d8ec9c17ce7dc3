using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>Something around a deploy breaks while it runs. One ordinary command afterwards puts all right.</summary>
[CancelAfter(480_000)]
public abstract class FaultTests : StackTests
{
    private protected static readonly TimeSpan StepDeadline = TimeSpan.FromMinutes(2);
    private protected static readonly TimeSpan BackWithin = TimeSpan.FromMinutes(1);

    /// <summary>Deploys, and does something at the moment at which the journal has a certain line.</summary>
    private protected async Task<ToolResult> DeployStruckAsync(
        string tag,
        Func<JournalLine, bool> moment,
        Func<Tool, Task> strike,
        params string[] options
    )
    {
        Tool? deploy = null;
        try
        {
            await Stack.NextAsync(
                moment,
                StepDeadline,
                () => deploy = Stack.Start(["AtomicDeploy", "--tag", tag, .. options]),
                Token
            );
            await strike(deploy!);
            return await deploy!.EndAsync(Token);
        }
        finally
        {
            if (deploy is not null)
                await deploy.DisposeAsync();
        }
    }

    private protected Task<ToolResult> DeployStruckAsync(
        string tag,
        string step,
        Func<Task> strike,
        params string[] options
    ) => DeployStruckAsync(tag, line => line.Begins(step), _ => strike(), options);

    /// <summary>
    /// As <see cref="DeployStruckAsync(string, string, Func{Task}, string[])"/>, between the plan and the first step:
    /// the deployer stands still meanwhile.
    /// </summary>
    private protected async Task<ToolResult> DeployStruckAtPlanAsync(string tag, Func<Task> strike)
    {
        Stack.StrikeAt("freeze:6@after:Begin:1");
        try
        {
            return await DeployStruckAsync(tag, line => line.Kind == "Begin", _ => strike());
        }
        finally
        {
            Stack.StrikeNoMore();
        }
    }

    /// <summary>The next command is an ordinary deploy, and after it all is as it should be.</summary>
    private protected async Task ShouldBeRightAfterDeployAsync(string tag, params string[] options)
    {
        (await Stack.DeployAsync(tag, Token, ["--watch", "0", .. options])).ShouldExitWith(0);
        await ShouldBeRightAsync(tag);
    }

    private protected async Task ShouldBeRightAsync(string tag)
    {
        await Stack.ShouldServeAsync(tag, Token);
        await ShouldHaveOneServingSlotAndNothingLeftAsync(await ServingSlotAsync());
        await Stack.ShouldHaveOneBotAsync(Token);
    }

    /// <summary>The version that users do not have at present, of the two.</summary>
    private protected async Task<string> OtherAsync() => await Stack.ServesAsync(One, Token) ? Two : One;

    private protected async Task<string> IdleSlotAsync() => await ServingSlotAsync() == "blue" ? "green" : "blue";
}
