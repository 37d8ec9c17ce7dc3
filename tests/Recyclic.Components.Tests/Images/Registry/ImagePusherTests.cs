using System.Collections.Concurrent;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Components.Tests.Registry;

[CancelAfter(20_000)]
public sealed class ImagePusherTests
{
    private static readonly string Digest = "sha256:" + new string('d', 64);
    private static readonly string Other = "sha256:" + new string('e', 64);
    private static readonly ImageName Api = new("r.example", "api", "1");
    private static readonly ImageName Web = new("r.example", "web", "1");
    private readonly ConcurrentQueue<string> _lines = new();

    [SetUp]
    public void Forget() => _lines.Clear();

    [Test]
    public async Task Images_are_pushed_and_what_the_registry_has_is_their_digest(CancellationToken cancellationToken)
    {
        var docker = new FakeDocker(_ => (0, $"1: digest: {Digest} size: 1"));
        var digests = await PushAsync(docker, new FakeRegistry(_ => new(Digest, null)), cancellationToken, Api, Web);
        digests.Values.ShouldBe([Digest, Digest]);
        docker
            .Ran.Select(command => command.ToString())
            .Order()
            .ShouldBe(["docker push r.example/api:1", "docker push r.example/web:1"]);
        _lines.ShouldContain(line => line.Contains($"r.example/api:1  {Digest}  pushed in", StringComparison.Ordinal));
    }

    [Test]
    public async Task What_the_registry_has_is_not_pushed(CancellationToken cancellationToken)
    {
        var docker = new FakeDocker(_ => (1, "must not run"));
        var pusher = new ImagePusher(
            new DockerCli(docker),
            new FakeRegistry(_ => null),
            new Impatient(),
            _lines.Enqueue,
            _ => { }
        );
        (
            await pusher.PushAsync(
                [new PushItem("api", Api, Digest, new RemoteImage(Digest, null))],
                TimeSpan.FromSeconds(5),
                cancellationToken
            )
        )[Api]
            .ShouldBe(Digest);
        docker.Ran.ShouldBeEmpty();
    }

    [Test]
    public async Task A_push_that_may_help_to_repeat_is_repeated(CancellationToken cancellationToken)
    {
        var tried = 0;
        var docker = new FakeDocker(_ =>
            ++tried < 3 ? (1, "received unexpected HTTP status: 502 Bad Gateway") : (0, $"1: digest: {Digest} size: 1")
        );
        (await PushAsync(docker, new FakeRegistry(_ => new(Digest, null)), cancellationToken, Api))[Api]
            .ShouldBe(Digest);
        tried.ShouldBe(3);
        _lines.Count(line => line.Contains("once more in", StringComparison.Ordinal)).ShouldBe(2);
    }

    [TestCase("unauthorized: authentication required", 1)]
    [TestCase("no space left on device", 1)]
    [TestCase("connect: connection refused", 3)]
    public async Task A_push_is_tried_so_often(string printed, int times, CancellationToken cancellationToken)
    {
        var docker = new FakeDocker(_ => (1, printed));
        await Should.ThrowAsync<PushFailedException>(() =>
            PushAsync(docker, new FakeRegistry(_ => null), cancellationToken, Api)
        );
        docker.Ran.Count.ShouldBe(times);
    }

    [Test]
    public async Task A_failure_says_which_images_arrived_and_what_to_do(CancellationToken cancellationToken)
    {
        var docker = new FakeDocker(command =>
            command.Arguments[^1].Contains("web", StringComparison.Ordinal)
                ? (1, "no space left on device")
                : (0, $"1: digest: {Digest} size: 1")
        );
        var failed = await Should.ThrowAsync<PushFailedException>(() =>
            PushAsync(docker, new FakeRegistry(_ => new(Digest, null)), cancellationToken, Api, Web)
        );
        failed.Message.ShouldBe(
            """
            r.example/web:1 was not pushed: it is full
              cause   no space left on device
              users   untouched: nothing was deployed
              undone  nothing had to be; in the registry now: r.example/api:1
              next    Free space on the registry's disk, for example by its garbage collection. Then run the same command again: what has arrived is not sent twice.
            """
        );
    }

    [Test]
    public async Task A_tag_that_somebody_else_moved_meanwhile_is_found_out(CancellationToken cancellationToken)
    {
        var docker = new FakeDocker(_ => (0, $"1: digest: {Digest} size: 1"));
        var failed = await Should.ThrowAsync<PushFailedException>(() =>
            PushAsync(docker, new FakeRegistry(_ => new(Other, null)), cancellationToken, Api)
        );
        failed.Message.ShouldContain("the tag has been moved meanwhile");
    }

    [Test]
    public async Task What_did_not_arrive_is_found_out(CancellationToken cancellationToken)
    {
        var docker = new FakeDocker(_ => (0, $"1: digest: {Digest} size: 1"));
        (
            await Should.ThrowAsync<PushFailedException>(() =>
                PushAsync(docker, new FakeRegistry(_ => null), cancellationToken, Api)
            )
        ).Message.ShouldContain("it does not have what was pushed");
    }

    private Task<System.Collections.Immutable.ImmutableDictionary<ImageName, string>> PushAsync(
        FakeDocker docker,
        FakeRegistry registry,
        CancellationToken cancellationToken,
        params ImageName[] images
    ) =>
        new ImagePusher(new DockerCli(docker), registry, new Impatient(), _lines.Enqueue, _ => { }).PushAsync(
            [.. images.Select(image => new PushItem(image.Repository, image, "sha256:local", null))],
            TimeSpan.FromSeconds(5),
            cancellationToken
        );

    private sealed class FakeRegistry(Func<ImageName, RemoteImage?> has) : IRegistry
    {
        public Task<RemoteImage?> FindAsync(ImageName image, CancellationToken cancellationToken) =>
            Task.FromResult(has(image));
    }
}

/// <summary>A clock whose every wait is over at once.</summary>
internal sealed class Impatient : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, TimeSpan.Zero, period);
}
