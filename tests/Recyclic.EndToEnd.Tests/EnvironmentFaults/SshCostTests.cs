using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>What it costs that the host is reached by ssh. It prints what it measured.</summary>
public sealed class SshCostTests : HostFaultTests
{
    private const int Rounds = 3;

    // A tenth of each is what it may cost where nothing else runs.
    private static readonly TimeSpan MostOfADeploy = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MostOfAStatus = TimeSpan.FromSeconds(5);

    private protected override Task ReachAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [Test]
    public async Task By_ssh_an_upgrade_a_rollback_and_Status_take_little_longer_than_on_the_host_itself()
    {
        var (here, there) = (new Costs(), new Costs());
        for (var round = 0; round < Rounds; round++)
        {
            await MeasureAsync(here, Host.Engine.Docker.Variables);
            await MeasureAsync(there, Host.Door.Variables);
        }
        TestContext.Out.WriteLine($"on the host: {here}\nby ssh:      {there}");
        (Median(there.Upgrades) - Median(here.Upgrades)).ShouldBeLessThan(MostOfADeploy);
        (Median(there.Rollbacks) - Median(here.Rollbacks)).ShouldBeLessThan(MostOfADeploy);
        (Median(there.Statuses) - Median(here.Statuses)).ShouldBeLessThan(MostOfAStatus);
    }

    private async Task MeasureAsync(Costs costs, IReadOnlyDictionary<string, string> way)
    {
        foreach (var (name, value) in way)
            Stack.Environment[name] = value;
        costs.Upgrades.Add((await Stack.DeployAsync(Two, Token, "--watch", "0")).ShouldExitWith(0).Took);
        costs.Statuses.Add((await Stack.RunAsync(Token, "Status")).ShouldExitWith(0).Took);
        costs.Rollbacks.Add((await Stack.RunAsync(Token, "Rollback", "--yes", "--watch", "0")).ShouldExitWith(0).Took);
        await Stack.ShouldServeAsync(One, Token);
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private sealed class Costs
    {
        public List<TimeSpan> Upgrades { get; } = [];

        public List<TimeSpan> Rollbacks { get; } = [];

        public List<TimeSpan> Statuses { get; } = [];

        public override string ToString() =>
            $"upgrade {Text(Upgrades)}, rollback {Text(Rollbacks)}, Status {Text(Statuses)}";

        private static string Text(List<TimeSpan> times) =>
            $"{Median(times).TotalSeconds:0.00} s ({string.Join(" ", times.Order().Select(time => $"{time.TotalSeconds:0.00}"))})";
    }
}
