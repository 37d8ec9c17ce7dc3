using System.Net;
using System.Net.Sockets;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Toy;

/// <summary>The deployer, as it is, on a platform that nothing but this folder knows.</summary>
[CancelAfter(60_000)]
internal sealed class ToyPlatformTests
{
    private static readonly DeployOptions Options = new() { Watch = TimeSpan.Zero, DeployTimeout = TimeSpan.FromSeconds(10), DrainTimeout = TimeSpan.FromSeconds(1) };

    [Test]
    public async Task Releases_come_break_and_go_back_under_requests(CancellationToken cancellationToken)
    {
        var toy = new ToyPlatform(Given.ShopModel);
        var first = await DeployAsync(toy, "1", cancellationToken);
        first.Outcome.ShouldBe(Outcome.Success, first.Failure?.Cause.ToString());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var seen = WatchAsync(toy, stop.Token);

        var upgrade = await DeployAsync(toy, "2", cancellationToken);
        upgrade.Outcome.ShouldBe(Outcome.Success);
        upgrade.Plan.Steps.Select(step => step.Action.Describe()).ShouldNotContain(line => line.Contains("edge", StringComparison.Ordinal) || line.Contains("network", StringComparison.Ordinal));
        var broken = await DeployAsync(toy, ToyPlatform.Broken, cancellationToken);
        (broken.Outcome, broken.ExitCode).ShouldBe((Outcome.Undone, 1));
        broken.Failure!.Cause.Message.ShouldContain("unhealthy");
        (await new Deployer(toy.Platform, new SpyReporter(), TimeProvider.System).RollbackAsync("shop", Request(null), cancellationToken)).Outcome.ShouldBe(Outcome.Success);

        (await AskAsync(toy.Where()!.Value, cancellationToken)).ShouldBe("1");
        await stop.CancelAsync();
        (await seen).ShouldBe(["1", "2", "1"]);
        toy.Journal.Current!.Release.Tag.ShouldBe("1");
        toy.Journal.Interrupted.ShouldBeNull();
    }

    [Test]
    public async Task What_it_cannot_do_is_refused_before_anything_is_touched(CancellationToken cancellationToken)
    {
        var toy = new ToyPlatform(Given.StoreModel);
        var refused = await Should.ThrowAsync<ConfigurationException>(() => DeployAsync(toy, "1", cancellationToken, Options with { KeepWarm = true }));
        refused.Message.ShouldContain("service bot: it must not run twice, and this platform cannot hand a service over");
        refused.Message.ShouldContain("--keep-warm: this platform cannot keep the release before running");
        toy.Journal.Records.ShouldBeEmpty();
    }

    /// <summary>Asks without a pause; versions in the order in which they answered, each once in a row.</summary>
    private static Task<List<string>> WatchAsync(ToyPlatform toy, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        var seen = new List<string>();
        while (!cancellationToken.IsCancellationRequested)
        {
            var port = toy.Where() ?? throw new InvalidOperationException("users have nothing");
            var version = await AskAsync(port, CancellationToken.None);
            if (seen.LastOrDefault() != version) seen.Add(version);
        }
        return seen;
    }, CancellationToken.None);

    private static async Task<string> AskAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return await new StreamReader(client.GetStream()).ReadToEndAsync(cancellationToken);
    }

    private static Task<DeployOutcome> DeployAsync(ToyPlatform toy, string tag, CancellationToken cancellationToken, DeployOptions? options = null) =>
        new Deployer(toy.Platform, new SpyReporter(), TimeProvider.System).DeployAsync(Request(tag) with { Options = options ?? Options }, cancellationToken);

    private static DeployRequest Request(string? tag) => new("docker-compose.yml", null, tag is null ? null : ReleaseTag.Parse(tag), null, "ann@laptop", false, Options);
}
