using Recyclic.Deploy.Tests.Fakes;
using Recyclic.Deploy.Tests.ModelChecking;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>
/// Applications on one host in memory whose names are prefixes of each other: each serves what its own commands said,
/// and no command changes another's.
/// </summary>
internal sealed class NeighbourScenarios
{
    private const int Hosts = 25;
    private const int CommandsOnEach = 200;

    private static readonly string[] Names =
    [
        "a",
        "a-blue",
        "a_blue",
        "a-edge",
        "a-green",
        "a-blue-edge",
        "a_slot_blue",
        "a-deploy",
        "a-deploy-lock",
        "a--",
    ];

    [Test]
    [CancelAfter(300_000)]
    public async Task Ten_applications_and_five_thousand_commands()
    {
        var done = new Dictionary<string, int>();
        for (var seed = 1; seed <= Hosts; seed++)
            await RunAsync(new Random(seed), done);
        TestContext.Out.WriteLine(
            string.Join(
                ", ",
                done.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Value} {entry.Key}")
            )
        );
        done.Values.Sum().ShouldBe(Hosts * CommandsOnEach);
        done.Keys.Order(StringComparer.Ordinal)
            .ShouldBe(
                ["broken", "deployed", "interrupted", "killed", "retired", "rollback refused", "rolled back"],
                Case.Sensitive,
                "each kind of command was met"
            );
    }

    private static async Task RunAsync(Random random, Dictionary<string, int> done)
    {
        var shared = new SharedHost();
        var stages = Names
            .Select(name => new Stage(
                Given.StoreModel.Replace("\"store\"", $"\"{name}\"", StringComparison.Ordinal),
                shared
            ))
            .ToList();
        foreach (var stage in stages)
            Tags.Fate(stage.Cluster);
        var serves = stages.ToDictionary(stage => stage.App, _ => Tags.Good[0]);
        foreach (var stage in stages)
            (await stage.DeployAsync(Tags.Good[0])).ExitCode.ShouldBe(0, stage.App);
        for (var command = 0; command < CommandsOnEach; command++)
        {
            var stage = stages[random.Next(stages.Count)];
            var others = stages
                .Where(other => other != stage)
                .ToDictionary(other => other.App, other => (shared.Describe(other.App), other.Cluster.Seen.Count));
            var (what, now) = await CommandAsync(stage, serves[stage.App], random);
            done[what] = done.GetValueOrDefault(what) + 1;
            serves[stage.App] = now;
            foreach (var each in stages)
            {
                each.Cluster.SeenNow()
                    .ShouldBe(serves[each.App], $"{each.App} after command {command + 1}, '{what}' of {stage.App}");
                if (each != stage)
                    (shared.Describe(each.App), each.Cluster.Seen.Count).ShouldBe(
                        others[each.App],
                        $"{each.App}: '{what}' of {stage.App} changed it"
                    );
            }
        }
        foreach (var stage in stages)
            stage
                .Cluster.Seen.Skip(1)
                .ShouldNotContain("nothing", $"{stage.App}: {string.Join(" > ", stage.Cluster.Seen)}");
    }

    /// <summary>What was done, and what the application serves after it.</summary>
    private static async Task<(string Done, string Serves)> CommandAsync(Stage stage, string serving, Random random)
    {
        var tag = Tags.Good[random.Next(Tags.Good.Length)];
        switch (random.Next(10))
        {
            case <= 3:
                var deploy = await stage.DeployAsync(tag);
                deploy.ExitCode.ShouldBe(0, $"{stage.App} {tag}: {deploy.Failure?.Cause}");
                return ("deployed", tag);
            case 4:
                (await stage.DeployAsync(Tags.Broken[random.Next(Tags.Broken.Length)])).ExitCode.ShouldBe(1);
                return ("broken", serving);
            case 5:
                using (var interrupted = new MemoryProcess { InterruptsAt = (call, _) => call == 12 })
                    (await stage.DeployAsync(tag, interrupted)).ExitCode.ShouldBe(130);
                return ("interrupted", serving);
            case 6:
                using (var killed = new MemoryProcess { DiesAfter = (call, _) => call == 12 })
                    (
                        await stage.DiesAsync(
                            killed,
                            (deployer, request, cancellationToken) => deployer.DeployAsync(request, cancellationToken),
                            tag
                        )
                    ).ShouldBeTrue();
                await stage.RecoverAsync();
                return ("killed", serving);
            case 7:
                await stage.RetireAsync();
                return ("retired", serving);
            default:
                try
                {
                    var rollback = await stage.RollbackAsync();
                    rollback.ExitCode.ShouldBe(0, $"{stage.App}: {rollback.Failure?.Cause}");
                    return ("rolled back", rollback.Plan.To.Tag);
                }
                catch (ConfigurationException)
                {
                    return ("rollback refused", serving);
                }
        }
    }
}
