using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Load;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Applications side by side whose names are prefixes of each other: each serves what its own commands said.
/// </summary>
[Category("Docker"), CancelAfter(2_400_000)]
public sealed class NeighbourTests
{
    private const int FirstPort = 17770;

    /// <summary>Requests a second to each application.</summary>
    private const double Rate = 3;

    /// <summary>
    /// The one of its file included: thirty of ten applications fit into the address pools of an engine as it is
    /// installed, beside its bridge.
    /// </summary>
    private const int NetworksOfOne = 3;

    private static readonly ImmutableDictionary<string, string> NeverHealthy = Stack.Variables(("HEALTH_PORT", "9"));

    private static readonly string[] Names =
    [
        "cmpn",
        "cmpn-blue",
        "cmpn_blue",
        "cmpn-edge",
        "cmpn-green",
        "cmpn-blue-edge",
        "cmpn_slot",
        "cmpn-deploy",
        "cmpn-deploy-lock",
        "cmpn--",
    ];

    [Test]
    public async Task None_stops_or_changes_another(CancellationToken cancellationToken)
    {
        if (!Settings.AllFaults)
            Assert.Ignore("takes minutes: RECYCLIC_E2E_ALL_FAULTS=1 runs it");
        await Images.EnsureAsync();
        var random = new Random(7);
        var stacks = Names
            .Select(
                (name, index) =>
                    new Stack(name, "neighbour.yml")
                    {
                        Environment = Stack.Variables(("WEB_PORT", $"{FirstPort + index}")),
                    }
            )
            .ToImmutableArray();
        var before = await CountNetworksAsync(cancellationToken);
        try
        {
            var serves = new string[stacks.Length];
            for (var index = 0; index < stacks.Length; index++)
            {
                Good(await stacks[index].DeployAsync("v1", cancellationToken, "--watch", "0"), Names[index]);
                serves[index] = "v1";
                await ShouldServeAsync(serves, cancellationToken);
            }
            var networks = await CountNetworksAsync(cancellationToken) - before;
            networks.ShouldBeLessThanOrEqualTo(NetworksOfOne * stacks.Length);
            await using var users = new LoadClient(
                new LoadPlan([
                    .. Names.Select(
                        (_, index) => new LoadTarget(new Uri($"http://127.0.0.1:{FirstPort + index}/version"), Rate)
                    ),
                ])
            );
            await users.StartAsync(cancellationToken);
            for (var command = 0; command < 60; command++)
            {
                var index = random.Next(stacks.Length);
                var next = serves[index] == "v1" ? "v2" : "v1";
                switch (random.Next(5))
                {
                    case 0 or 1:
                        Good(await stacks[index].DeployAsync(next, cancellationToken, "--watch", "0"), Names[index]);
                        serves[index] = next;
                        break;
                    case 2:
                        await BreakAsync(stacks[index], next, cancellationToken);
                        break;
                    case 3:
                        await stacks[index]
                            .BuildAsync(
                                [
                                    "Retire",
                                    "--compose-file",
                                    stacks[index].ComposeFile,
                                    "--project",
                                    Names[index],
                                    "--no-logo",
                                ],
                                cancellationToken
                            );
                        break;
                    default:
                        var rollback = await stacks[index].RollbackAsync(cancellationToken);
                        if (rollback.ExitCode == 0)
                            serves[index] = await VersionAsync(index, cancellationToken);
                        else
                            rollback.ExitCode.ShouldBe(2, rollback.StandardOutput + rollback.StandardError);
                        break;
                }
                await ShouldServeAsync(serves, cancellationToken);
            }
            var seen = (await users.StopAsync(cancellationToken)).Summary();
            TestContext.Out.WriteLine($"{seen.Sent} requests, {seen.Failed} failed; {networks} networks");
            seen.Failed.ShouldBe(0, string.Join("\n", seen.FirstFailures));
        }
        finally
        {
            // Each by what its own names are: the prefixes of one are those of others.
            foreach (var stack in stacks.Reverse())
                await stack.DisposeAsync();
        }
    }

    private static async Task<int> CountNetworksAsync(CancellationToken cancellationToken) =>
        Stack.Lines(await Stack.DockerAsync(cancellationToken, "network", "ls", "--quiet")).Length;

    /// <summary>A release that never becomes healthy: the deploy fails, and is undone.</summary>
    private static async Task BreakAsync(Stack stack, string version, CancellationToken cancellationToken)
    {
        var usual = stack.Environment;
        stack.Environment = usual.SetItems(NeverHealthy);
        var deploy = await stack.DeployAsync(version, cancellationToken, "--deploy-timeout", "4");
        stack.Environment = usual;
        deploy.ExitCode.ShouldBe(1, deploy.StandardOutput + deploy.StandardError);
    }

    private static void Good(Processes.CommandResult result, string app) =>
        result.ExitCode.ShouldBe(0, $"{app}: {result.StandardOutput}{result.StandardError}");

    private static async Task ShouldServeAsync(string[] serves, CancellationToken cancellationToken)
    {
        for (var index = 0; index < serves.Length && serves[index] is { } version; index++)
            (await VersionAsync(index, cancellationToken)).ShouldBe(version, Names[index]);
    }

    private static async Task<string> VersionAsync(int index, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return JsonNode.Parse(
            await http.GetStringAsync($"http://127.0.0.1:{FirstPort + index}/version", cancellationToken)
        )!["version"]!.GetValue<string>();
    }
}
