using System.Threading.Channels;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Toy;

/// <summary>The deployer, as it is, on a platform that nothing but this folder knows.</summary>
[CancelAfter(60_000)]
internal sealed class ToyPlatformTests
{
    private static readonly DeployOptions Options = new()
    {
        Watch = TimeSpan.Zero,
        DeployTimeout = TimeSpan.FromSeconds(10),
        DrainTimeout = TimeSpan.FromSeconds(1),
    };

    [Test]
    public async Task Releases_come_break_and_go_back_under_requests(CancellationToken cancellationToken)
    {
        var toy = new ToyPlatform(Given.ShopModel);
        var first = await DeployAsync(toy, "1", cancellationToken);
        first.Outcome.ShouldBe(Outcome.Success, first.Failure?.Cause.ToString());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var seen = Channel.CreateUnbounded<string?>();
        var asking = KeepAskingAsync(toy, seen.Writer, stop.Token);
        (await seen.Reader.ReadAsync(cancellationToken)).ShouldBe("1");

        var upgrade = await DeployAsync(toy, "2", cancellationToken);
        upgrade.Outcome.ShouldBe(Outcome.Success);
        upgrade
            .Plan.Steps.Select(step => step.Action.Describe())
            .ShouldNotContain(line =>
                line.Contains("edge", StringComparison.Ordinal) || line.Contains("network", StringComparison.Ordinal)
            );
        (await seen.Reader.ReadAsync(cancellationToken)).ShouldBe("2");
        var broken = await DeployAsync(toy, ToyPlatform.Broken, cancellationToken);
        (broken.Outcome, broken.ExitCode).ShouldBe((Outcome.Undone, 1));
        broken.Failure!.Cause.Message.ShouldContain("unhealthy");
        (
            await new Deployer(toy.Platform, new SpyReporter(), TimeProvider.System).RollbackAsync(
                "shop",
                Request(null),
                cancellationToken
            )
        ).Outcome.ShouldBe(Outcome.Success);
        (await seen.Reader.ReadAsync(cancellationToken)).ShouldBe("1");

        await stop.CancelAsync();
        await asking;
        seen.Reader.TryRead(out _).ShouldBeFalse("users had nothing else");
        toy.Journal.Current!.Release.Tag.ShouldBe("1");
        toy.Journal.Interrupted.ShouldBeNull();
    }

    [Test]
    public async Task What_it_cannot_do_is_refused_before_anything_is_touched(CancellationToken cancellationToken)
    {
        var toy = new ToyPlatform(Given.StoreModel);
        var refused = await Should.ThrowAsync<ConfigurationException>(() =>
            DeployAsync(toy, "1", cancellationToken, Options with { KeepWarm = true })
        );
        refused.Message.ShouldContain(
            "service bot: it must not run twice, and this platform cannot hand a service over"
        );
        refused.Message.ShouldContain("--keep-warm: this platform cannot keep the release before running");
        toy.Journal.Records.ShouldBeEmpty();
    }

    /// <summary>
    /// Asks without a pause, and tells each answer that is not the one before; one that fails fails the test.
    /// </summary>
    private static Task KeepAskingAsync(
        ToyPlatform toy,
        ChannelWriter<string?> seen,
        CancellationToken cancellationToken
    ) =>
        Task.Run(
            async () =>
            {
                string? last = null;
                while (!cancellationToken.IsCancellationRequested)
                {
                    var answer = await toy.AskAsync(CancellationToken.None);
                    if (answer != last)
                        seen.TryWrite(answer);
                    last = answer;
                }
            },
            CancellationToken.None
        );

    private static Task<DeployOutcome> DeployAsync(
        ToyPlatform toy,
        string tag,
        CancellationToken cancellationToken,
        DeployOptions? options = null
    ) =>
        new Deployer(toy.Platform, new SpyReporter(), TimeProvider.System).DeployAsync(
            Request(tag) with
            {
                Options = options ?? Options,
            },
            cancellationToken
        );

    private static DeployRequest Request(string? tag) =>
        new("docker-compose.yml", null, tag is null ? null : ReleaseTag.Parse(tag), null, "ann@laptop", false, Options);
}
