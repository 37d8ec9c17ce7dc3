using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Running;

/// <summary>An application goes whole, whatever befalls who removes it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase), CancelAfter(60_000)]
internal sealed class RemovalCommandTests
{
    private readonly Stage _stage = new();

    [Test]
    public async Task While_a_deploy_runs_nothing_is_touched_and_it_is_said_who_deploys()
    {
        await _stage.DeployAsync("1");
        var before = Left();
        _stage.Cluster.Holder = new LockHolder("bob@desk", _stage.Time.GetUtcNow(), null);
        (await Should.ThrowAsync<LockHeldException>(() => RemoveAsync())).Message.ShouldContain("bob@desk");
        Left().ShouldBe(before);
    }

    [Test]
    public async Task Killed_after_any_call_the_next_one_takes_the_rest()
    {
        for (var call = 1; ; call++)
        {
            call.ShouldBeLessThan(200);
            var stage = new Stage();
            await stage.DeployAsync("1");
            await stage.DeployAsync("2");
            var last = call;
            var process = new MemoryProcess { DiesAfter = (number, _) => number == last };
            var died =
                await Task.WhenAny(RemoveAsync(stage, process), process.Died).WaitAsync(TimeSpan.FromSeconds(15))
                == process.Died;
            await RemoveAsync(stage);
            Left(stage).ShouldBeEmpty($"killed after call {call}");
            // The name is free again.
            await stage.DeployAsync("3");
            stage.Cluster.Journal.Current!.Release.Tag.ShouldBe("3");
            if (!died)
                return;
        }
    }

    [Test]
    public async Task What_came_after_a_person_agreed_is_not_removed()
    {
        await _stage.DeployAsync("1");
        var agreed = await PlanAsync(_stage, new MemoryProcess());
        _stage.Cluster.Volumes.Create($"{_stage.App}_new");
        await Should.ThrowAsync<ConfigurationException>(() => RemoveAsync(agreed: agreed, data: true));
        _stage.Cluster.Containers.ShouldNotBeEmpty();
    }

    private Task<RemovalOutcome?> RemoveAsync(RemovalPlan? agreed = null, bool data = false) =>
        RemoveAsync(_stage, new MemoryProcess(), agreed, data);

    private static Task<RemovalOutcome?> RemoveAsync(Stage stage) => RemoveAsync(stage, new MemoryProcess());

    private static async Task<RemovalOutcome?> RemoveAsync(
        Stage stage,
        MemoryProcess process,
        RemovalPlan? agreed = null,
        bool data = false
    )
    {
        var plan = agreed ?? await PlanAsync(stage, process);
        return plan.Removes.IsEmpty
            ? null
            : await CommandOf(stage, process).RunAsync(plan, data, Request(stage), CancellationToken.None);
    }

    private static Task<RemovalPlan> PlanAsync(Stage stage, MemoryProcess process) =>
        CommandOf(stage, process).PlanAsync(stage.App, false, stage.Options, CancellationToken.None);

    private static RemovalCommand CommandOf(Stage stage, MemoryProcess process) =>
        new(MemoryPlatform.Of(stage.Cluster, process, stage.Model, stage.Time), stage.Reporter, stage.Time);

    private static DeployRequest Request(Stage stage) =>
        new("docker-compose.yml", null, null, null, "ann@laptop", false, stage.Options);

    private string[] Left() => Left(_stage);

    /// <summary>All that a host has of it but volumes of data.</summary>
    private static string[] Left(Stage stage)
    {
        var cluster = stage.Cluster;
        return
        [
            .. cluster.Containers.Select(container => container.Name),
            .. cluster.Accessories.Select(container => container.Name),
            .. cluster.Gates.Select(gate => gate.Name),
            .. cluster.Doors.Select(door => door.Name),
            .. cluster.Networks,
            .. cluster.JournalLines,
            .. cluster.Edge.Exists ? new[] { "edge" } : [],
        ];
    }
}
