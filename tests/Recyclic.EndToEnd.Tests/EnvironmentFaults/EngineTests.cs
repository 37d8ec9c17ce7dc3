using System.Diagnostics;
using System.Globalization;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>The engine itself is stopped, killed, or loses its power: one of the test's own.</summary>
public sealed class EngineTests : HostFaultTests
{
    /// <summary>By default HAProxy forgets an address that nobody confirms for 30 s.</summary>
    private static readonly TimeSpan LongerThanAddressesLast = TimeSpan.FromSeconds(34);

    private protected override bool IsForAllFaultsOnly => false;

    private PrivateEngine Engine => Host.Engine;

    private protected override async Task ReachAsync(CancellationToken cancellationToken) =>
        Stack.Environment["COMPOSE_FILE"] = await WriteComposeFileAsync(cancellationToken);

    /// <summary>A test that failed must not take the others with it.</summary>
    [SetUp]
    public async Task StartEngineAsync()
    {
        if (Engine.IsRunning)
            return;
        await Engine.StartAsync(Token);
        await Eventually.TrueAsync(
            async () => await Stack.ServesAsync(One, Token) || await Stack.ServesAsync(Two, Token),
            BackWithin,
            "the engine of the test before serves again",
            Token
        );
    }

    [Test]
    public async Task A_killed_engine_takes_nothing_from_users_but_the_names_that_services_look_up()
    {
        Settings.OnlyWithAllFaults();
        var next = await OtherAsync();
        await using (var site = await Site.OpenAsync(Stack, Token))
        {
            await Engine.KillAsync(Token);
            await Task.Delay(LongerThanAddressesLast, Token);
            // The frontend looks the api up by name for each new connection, and it is the engine that knows names.
            await site.CloseWithFailuresOnlyOfAsync("frontend", Token);
        }

        (await Stack.DeployAsync(next, Token)).ShouldExitWith(2).All.ShouldContain("no Docker engine answers");
        await Engine.StartAsync(Token);
        await Eventually.TrueAsync(
            () => Stack.ServesAsync(next == One ? Two : One, Token),
            BackWithin,
            "users are served again by themselves",
            Token
        );
        await ShouldBeRightAfterDeployAsync(next);
    }

    [TestCase("kill")]
    [TestCase("stop")]
    [TestCase("power")]
    public async Task An_engine_that_goes_down_during_a_deploy_comes_back_with_what_was_committed(string how)
    {
        Settings.OnlyWithAllFaults();
        var next = await OtherAsync();
        var old = next == One ? Two : One;
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = await DeployStruckAsync(
            next,
            "gate",
            () =>
                how switch
                {
                    "kill" => Engine.KillAsync(Token),
                    "stop" => Engine.StopAsync(Token),
                    _ => Engine.CutPowerAsync(Token),
                }
        );

        TestContext.Out.WriteLine(
            $"{how}: exit code {result.ExitCode} after {result.Took.TotalSeconds:0} s\n{result.All}"
        );
        result.ExitCode.ShouldBeOneOf(1, 3);
        result.All.ShouldContain($"deploy of {Stack.App} {next} failed at step");
        await Engine.StartAsync(Token);
        await Eventually.TrueAsync(
            () => Stack.ServesAsync(old, Token),
            BackWithin,
            $"{old} serves again by itself",
            Token
        );
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        await site.CloseAfterOutageAsync(BackWithin * 2, Token);
        if (how == "power")
            (await Stack.RunAsync(Token, "Recover")).ShouldExitWith(0);
        await ShouldBeRightAfterDeployAsync(next);
    }

    /// <summary>
    /// While users move, what restarts is what the edge points to: nobody's command is needed for users to be served
    /// again.
    /// </summary>
    /// <param name="point">With the numbers of a plan that begins by clearing the idle slot; of one that need not they
    /// are one less.</param>
    [Test]
    public async Task An_engine_that_goes_down_while_users_move_comes_back_with_one_release(
        [Values("kill", "stop")] string how,
        [Values(
            "after:StepBegun:4",
            "after:StepBegun:5",
            "after:StepEnded:5",
            "before:Commit:1",
            "after:Commit:1",
            "after:StepEnded:6"
        )]
            string point,
        [Values(1, 2, 3)] int time
    )
    {
        // The moment at which users were once left with nothing.
        if ((how, point, time) != ("kill", "before:Commit:1", 1))
            Settings.OnlyWithAllFaults();
        var next = await OtherAsync();
        var old = next == One ? Two : One;
        var moment =
            await HasIdleReleaseAsync() || point.Contains("Commit", StringComparison.Ordinal)
                ? point
                : $"{point[..^1]}{point[^1] - '1'}";
        var (kind, number) = (moment.Split(':')[1], int.Parse(moment.Split(':')[2], CultureInfo.InvariantCulture));
        Func<JournalLine, bool> isThere =
            moment == "before:Commit:1"
                ? line => line.Begins("commit")
                : line => line.Kind == kind && (kind == "Commit" || line.Number == number);
        Stack.StrikeAt("freeze:4@" + moment);
        try
        {
            var result = await DeployStruckAsync(
                next,
                isThere,
                _ => how == "kill" ? Engine.KillAsync(Token) : Engine.StopAsync(Token)
            );
            TestContext.Out.WriteLine($"{how} {moment} ({time}): exit code {result.ExitCode}\n{result.All}");
        }
        finally
        {
            Stack.StrikeNoMore();
        }

        await Engine.StartAsync(Token);
        var start = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(
            async () => await Stack.ServesAsync(old, Token) || await Stack.ServesAsync(next, Token),
            BackWithin,
            "one release serves by itself",
            Token
        );
        TestContext.Out.WriteLine($"served again after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        await using (var site = await Site.OpenAsync(Stack, Token))
        {
            await Task.Delay(TimeSpan.FromSeconds(2), Token);
            await site.CloseFlawlesslyAsync(Token);
        }
        await ShouldBeRightAfterDeployAsync(next);
    }

    private async Task<bool> HasIdleReleaseAsync() =>
        (
            await Stack.Docker.LinesAsync(
                Token,
                "ps",
                "--all",
                "--quiet",
                "--filter",
                $"name=^{Stack.App}--{await IdleSlotAsync()}-"
            )
        ).Length > 0;

    [Test]
    public async Task A_host_that_reboots_serves_what_was_committed_without_a_deployer()
    {
        Settings.OnlyWithAllFaults();
        var serving = await Stack.ServesAsync(One, Token) ? One : Two;
        var idle = await IdleSlotAsync();

        await Engine.CutPowerAsync(Token);
        (await Stack.ServesAsync(serving, Token)).ShouldBeFalse();
        await Engine.StartAsync(Token);

        await Eventually.TrueAsync(
            () => Stack.ServesAsync(serving, Token),
            BackWithin,
            $"{serving} serves again by itself",
            Token
        );
        (await Stack.RunningAsync(idle, Token)).ShouldBeEmpty();
        await using var site = await Site.OpenAsync(Stack, Token);
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        await site.CloseFlawlesslyAsync(Token);
        await ShouldBeRightAsync(serving);
    }

    [Test]
    public async Task A_killed_supervisor_of_a_new_container_is_a_failed_gate()
    {
        Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        var slow = await Images.DeriveAsync("slow-start", Token, "start-delay=60s");
        await Engine.LoadAsync(await Images.OfSampleAsync(Token, slow), Token);
        var api = $"{Stack.App}--{await IdleSlotAsync()}-api-1";
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (
            await DeployStruckAsync(
                slow,
                "gate",
                async () => await HostProcesses.SignalAsync("KILL", await Engine.FindShimAsync(api, Token))
            )
        ).ShouldExitWith(1);

        result.All.ShouldContain($"cause   {api} exited with code");
        await Stack.ShouldServeAsync(One, Token);
        await ShouldBeRightAfterDeployAsync(Two);
        await site.CloseFlawlesslyAsync(Token);
    }

    /// <summary>
    /// The sample with `restart: always`. An engine that was killed stops, when it starts again, what it finds running,
    /// and takes that for a stop by hand: `unless-stopped` leaves it down.
    /// </summary>
    private async Task<string> WriteComposeFileAsync(CancellationToken cancellationToken)
    {
        var sample = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "samples", "recyclic", "docker-compose.yml"),
            cancellationToken
        );
        var file = Path.Combine(Host.Directory, "docker-compose.yml");
        await File.WriteAllTextAsync(
            file,
            sample.Replace("restart: unless-stopped", "restart: always", StringComparison.Ordinal),
            cancellationToken
        );
        return file;
    }
}
