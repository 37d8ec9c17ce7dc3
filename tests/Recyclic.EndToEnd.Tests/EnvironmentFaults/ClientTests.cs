using Recyclic.Deploy.Adapters.Edge;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>The docker command line between deployer and engine: killed, or on an engine that takes its time.</summary>
public sealed class ClientTests : FaultTests
{
    private protected override bool IsShared => true;

    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(2);

    [Test]
    public async Task A_docker_client_killed_in_the_middle_of_a_start_is_undone_and_nobody_notices()
    {
        await Stack.EnsureAsync(One, Token);
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (
            await DeployStruckAsync(Two, line => line.Begins("start "), deploy => KillClientAsync(deploy, "--detach"))
        ).ShouldExitWith(1);

        result.All.ShouldContain("137");
        await Stack.ShouldServeAsync(One, Token);
        await ShouldBeRightAfterDeployAsync(Two);
        await site.CloseFlawlesslyAsync(Token);
    }

    [TestCase("gate"), TestCase("commit")]
    public async Task A_killed_client_of_the_lock_ends_the_deploy_and_the_next_puts_things_right(string step)
    {
        Settings.OnlyWithAllFaults();
        var next = await OtherAsync();
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (
            await DeployStruckAsync(
                next,
                line => line.Begins(step),
                deploy => KillClientAsync(deploy, "recyclic-agent")
            )
        ).ShouldExitWith(3);

        result.All.ShouldContain("the deploy lock was lost");
        await ShouldBeRightAfterDeployAsync(One);
        await site.CloseFlawlesslyAsync(Token);
    }

    [TestCase("lock"), TestCase("queue")]
    public async Task A_deployer_killed_between_the_making_and_the_start_of_its_agent_leaves_nothing_for_good(
        string role
    )
    {
        Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        var name = $"{Stack.App}-deploy-{role}-0";
        var owner = await DockerHere.RunAsync(
            Token,
            "volume",
            "inspect",
            "--format",
            "{{index .Labels \"recyclic.owner\"}}",
            $"{Stack.App}.state"
        );
        await DockerHere.RunAsync(
            Token,
            "create",
            "--name",
            name,
            "--network",
            "none",
            "--label",
            $"recyclic.app={Stack.App}",
            "--label",
            $"recyclic.owner={owner}0",
            "--label",
            $"recyclic.role={role}",
            EdgeImage.Reference,
            "recyclic-agent"
        );
        (await Stack.DeployAsync(Two, Token)).ShouldExitWith(0);
        (
            await DockerHere.LinesAsync(Token, "ps", "--all", "--quiet", "--filter", $"name=^{name}$")
        ).ShouldHaveSingleItem("whoever made it may still start it");

        await Task.Delay(StrandedAgents.Age + ClockSlack, Token);
        await ShouldBeRightAfterDeployAsync(One);
    }

    [TestCase(100), TestCase(2000)]
    public async Task An_engine_that_answers_late_costs_time_and_no_request(int milliseconds)
    {
        Settings.OnlyWithAllFaults();
        var next = await OtherAsync();
        await using var slow = new SlowEngine("/var/run/docker.sock", TimeSpan.FromMilliseconds(milliseconds));
        Stack.Environment["DOCKER_HOST"] = slow.Url;
        try
        {
            await using var site = await Site.OpenAsync(Stack, Token);

            var result = (await Stack.DeployAsync(next, Token)).ShouldExitWith(0);

            TestContext.Out.WriteLine($"{milliseconds} ms late: {result.Took.TotalSeconds:0} s");
            await site.CloseFlawlesslyAsync(Token);
        }
        finally
        {
            Stack.Environment.Remove("DOCKER_HOST");
        }
        await ShouldBeRightAsync(next);
    }

    private static async Task KillClientAsync(Tool deploy, string argument)
    {
        int[] found = [];
        await Eventually.TrueAsync(
            () =>
            {
                found =
                [
                    .. HostProcesses
                        .Descendants(deploy.ProcessId)
                        .Where(process =>
                            HostProcesses.Name(process).StartsWith("docker", StringComparison.Ordinal)
                            && HostProcesses.Arguments(process).Split(' ').Contains(argument)
                        ),
                ];
                return Task.FromResult(found.Length > 0);
            },
            TimeSpan.FromSeconds(10),
            $"the deployer runs docker … {argument}",
            Token
        );
        foreach (var process in found)
            await HostProcesses.SignalAsync("KILL", process);
    }
}
