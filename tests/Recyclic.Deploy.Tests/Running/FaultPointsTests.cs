namespace Recyclic.Deploy.Tests.Running;

[CancelAfter(20_000)]
internal sealed class FaultPointsTests
{
    [TestCase("kill@before:StepBegun:2", new[] { 1 })]
    [TestCase("kill@after:StepBegun:2", new[] { 2 })]
    [TestCase("kill@after:StepBegun:4", new int[0])]
    [TestCase("kill@before:UndoBegun:1", new int[0])]
    public async Task A_fault_strikes_once_on_its_side_of_its_record(string fault, int[] recordsThatWereThere)
    {
        List<int> strikes = [];
        var cluster = new MemoryCluster(new MemoryClock());
        var host = await TakeAsync(cluster, fault, () => strikes.Add(cluster.JournalLines.Count));
        foreach (var number in Enumerable.Range(1, 3))
            await host.AppendAsync(
                new JournalRecord(Given.Noon, "id", JournalKind.StepBegun) { Number = number },
                CancellationToken.None
            );
        strikes.ShouldBe(recordsThatWereThere);
        cluster.JournalLines.Count.ShouldBe(3);
    }

    [Test]
    public async Task A_commit_is_a_record_like_the_others()
    {
        var strikes = 0;
        var host = await TakeAsync(new MemoryCluster(new MemoryClock()), "kill@after:Commit:1", () => strikes++);
        await host.CommitAsync(
            0,
            new JournalRecord(Given.Noon, "id", JournalKind.Commit)
            {
                Release = Given.Release(Given.Shop, "1"),
                Slot = Slot.Blue,
            },
            CancellationToken.None
        );
        strikes.ShouldBe(1);
        (await host.ReadAsync(CancellationToken.None)).Generation.ShouldBe(1);
    }

    private static async Task<ILockedHost> TakeAsync(MemoryCluster cluster, string fault, Action strike)
    {
        var process = new MemoryProcess();
        process.NowListens();
        var points = new FaultPoints(
            new MemoryLock(cluster, process, new MemoryClock()),
            Fault.Parse(fault)!,
            _ =>
            {
                strike();
                return Task.CompletedTask;
            }
        );
        return await points.TakeAsync("shop", "ann@laptop", null, CancellationToken.None);
    }
}
