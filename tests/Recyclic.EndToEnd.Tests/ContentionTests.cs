using Recyclic.Deploy.Adapters.Edge;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>
/// Many deployers at once, some of them killed at any moment: one at a time is at work, and users notice none of it.
/// </summary>
[CancelAfter(7_200_000)]
public sealed class ContentionTests : StackTests
{
    private const int Deployers = 8;
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestBeforeDeath = TimeSpan.FromSeconds(8);

    /// <summary>Success, refused because of the lock, or killed.</summary>
    private static readonly int[] Endings = [0, 4, 137];

    [Test]
    public async Task Of_eight_deployers_at_once_one_at_a_time_is_at_work_whoever_is_killed()
    {
        var random = new Random(Settings.Seed);
        await using var site = await Site.OpenAsync(Stack, Token);
        var (killed, refused, through) = (0, 0, 0);
        for (var round = 1; round <= Settings.Rounds; round++)
        {
            var ended = await Task.WhenAll(
                Enumerable
                    .Range(0, Deployers)
                    .Select(number => DeployAsync(number, random.Next(3) == 0 ? random.NextDouble() : null))
            );

            foreach (var result in ended)
                Endings.ShouldContain(result.ExitCode, $"round {round}, ./build.sh {result.Arguments}\n{result.All}");
            killed += ended.Count(result => result.ExitCode == 137);
            refused += ended.Count(result => result.ExitCode == 4);
            through += ended.Count(result => result.ExitCode == 0);
            Chain.ShouldBeOne(await Stack.JournalAsync(Token));
            TestContext.Progress.WriteLine(
                $"round {round}: {string.Join(' ', ended.Select(result => result.ExitCode))}"
            );
        }
        if (await CountUnstartedAsync() is > 0 and var unstarted)
        {
            TestContext.Out.WriteLine($"{unstarted} killed between the making and the start of their container");
            await Task.Delay(StrandedAgents.Age + ClockSlack, Token);
        }
        (await Stack.DeployAsync(Two, Token)).ShouldExitWith(0);

        TestContext.Out.WriteLine(
            $"{Settings.Rounds} rounds of {Deployers}, seed {Settings.Seed}: {through} went through, {refused} were refused, {killed} were killed"
        );
        var journal = await Stack.JournalAsync(Token);
        Chain.ShouldBeOne(journal);
        Chain.ShouldHaveEnded(journal);
        (await DockerHere.RunAsync(Token, "exec", Stack.Edge, "cat", "/var/lib/recyclic/generation")).ShouldBe(
            $"{journal.Count(line => line.Kind == "Commit")}"
        );
        await site.CloseFlawlesslyAsync(Token);
        await Stack.ShouldServeAsync(Two, Token);
        await ShouldHaveOneServingSlotAndNothingLeftAsync(await ServingSlotAsync());
        await Stack.ShouldHaveOneBotAsync(Token);
        through.ShouldBeGreaterThan(0);
    }

    private async Task<int> CountUnstartedAsync() =>
        (
            await DockerHere.LinesAsync(
                Token,
                "ps",
                "--all",
                "--quiet",
                "--filter",
                "status=created",
                "--filter",
                $"name=^{Stack.App}-deploy-"
            )
        ).Length;

    /// <param name="dies">When it is killed, as a share of the longest time; null: it may live.</param>
    private async Task<ToolResult> DeployAsync(int number, double? dies)
    {
        string[] waits = number % 4 == 0 ? ["--wait"] : [];
        await using var deploy = Stack.Start([
            "AtomicDeploy",
            "--tag",
            number % 2 == 0 ? One : Two,
            "--watch",
            "0",
            .. waits,
        ]);
        if (
            dies is { } share
            && await Task.WhenAny(deploy.Ended, Task.Delay(LongestBeforeDeath * share, Token)) != deploy.Ended
        )
            await deploy.SignalAsync("KILL", Token);
        return await deploy.EndAsync(Token);
    }
}
