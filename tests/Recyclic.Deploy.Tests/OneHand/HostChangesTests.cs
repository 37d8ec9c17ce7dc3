using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Tests.OneHand;

/// <summary>The one hand on a Docker host: by ID, with the labels that are expected, under the lock.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HostChangesTests : IDisposable
{
    private static readonly ImmutableDictionary<string, string> Nothing = ImmutableDictionary<string, string>.Empty;
    private static readonly Ownership Shop = new("shop", "token", AcceptsUnmarked: false);
    private static readonly ExpectedLabels Release = ExpectedLabels.Ours(Shop, Naming.ReleaseRole);

    private readonly RecordingRunner _runner = new();
    private readonly Objects _objects = new();
    private HostChanges _changes = null!;
    private EngineClient _engine = null!;
    private int _asked;
    private bool _lost;

    [SetUp]
    public void SetUp()
    {
        // An engine of its own: with variables the setting reads nothing of this machine.
        var docker = new DockerCli(_runner, variables: Nothing.Add("DOCKER_HOST", "ssh://nobody@shop.invalid"));
        _engine = new EngineClient(docker);
        _changes = new HostChanges(docker, _objects, _engine);
        _objects.Found["ours"] = Container("ours", Labels("shop", Naming.ReleaseRole, "token.1"));
        _objects.Found["edge"] = Container("edge", Labels("shop", Naming.EdgeRole, "token.2"));
        _objects.Found["strange"] = Container("strange", Labels("shop", Naming.ReleaseRole, "other.1"));
        _objects.Found["db"] = Container(
            "db",
            Nothing.Add("com.docker.compose.project", "shop").Add("com.docker.compose.service", "db")
        );
        _objects.Found["net"] = new("network", "net", "zz.shop.blue", Labels("shop", "network", "token.3"), Nothing);
        _objects.Found["files"] = new("volume", "files", "files", Labels("shop", "files", "token.4"), Nothing);
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    [Test]
    public async Task What_is_ours_is_changed_by_its_id()
    {
        using var held = Held();
        await _changes.StopAsync(["ours"], Release, default);
        await _changes.StartAsync("ours", Release, default);
        await _changes.RemoveAsync(["ours"], Release, default);
        _runner.Commands.ShouldBe(["stop ours", "start ours", "rm --force --volumes ours"]);
    }

    public static IEnumerable<TestCaseData> Changes()
    {
        yield return Of("start", (changes, id) => changes.StartAsync(id, Release, default));
        yield return Of("stop", (changes, id) => changes.StopAsync(["ours", id], Release, default));
        yield return Of("restart", (changes, id) => changes.SetRestartAsync("no", ["ours", id], Release, default));
        yield return Of("remove", (changes, id) => changes.RemoveAsync(["ours", id], Release, default));
        yield return Of(
            "remove release",
            (changes, id) => changes.RemoveReleaseAsync([("ours", true), (id, false)], Release, default)
        );
        yield return Of(
            "copy",
            (changes, id) =>
                changes.CopyIntoAsync(id, Release, "/", (_, _) => Task.CompletedTask, TimeSpan.FromMinutes(1), default)
        );
        yield return Of("rename", (changes, id) => changes.RenameAsync(id, "another", Release, default));
        yield return Of("open a door", (changes, id) => changes.OpenDoorAsync(id, true, Release, default));
        yield return Of(
            "join",
            (changes, id) => changes.JoinAsync(new DoorNetwork("net", [], null, true), id, Release, default)
        );
        yield return Of("reconnect", (changes, id) => changes.ReconnectAsync("any", id, Release, [], [], "", default));
        yield return Of(
            "connect",
            (changes, id) => changes.ConnectAsync("net", ExpectedLabels.Ours(Shop), id, Release, [], default)
        );
        yield return Of(
            "disconnect",
            (changes, id) => changes.DisconnectAsync("net", ExpectedLabels.Ours(Shop), id, Release, default)
        );
        yield return Of("remove network", (changes, id) => changes.RemoveNetworkAsync(id, Release, default));
        yield return Of("remove volume", (changes, id) => changes.RemoveVolumeAsync(id, Release, default));
        foreach (var change in ChangesWithoutALock())
            yield return change;

        static TestCaseData Of(string name, Func<HostChanges, string, Task> change) =>
            new TestCaseData(change).SetArgDisplayNames(name);
    }

    /// <summary>What users are not touched by: agents, and what belongs to a backup.</summary>
    private static IEnumerable<TestCaseData> ChangesWithoutALock()
    {
        yield return Of("remove agent", (changes, id) => changes.RemoveAgentsAsync([id], Release, default));
        yield return Of(
            "run in a database server",
            (changes, id) => changes.StartInServerAsync(id, ["exec", id, "pg_dump"], Release, default)
        );
        yield return Of("start a try-out", (changes, id) => changes.StartTryOutAsync(id, Release, default));
        yield return Of("remove try-outs", (changes, id) => changes.RemoveTryOutsAsync(["ours", id], Release, default));

        static TestCaseData Of(string name, Func<HostChanges, string, Task> change) =>
            new TestCaseData(change).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Changes))]
    public async Task A_stranger_is_left_and_named_and_nothing_beside_it_is_changed_either(
        Func<HostChanges, string, Task> change
    )
    {
        using var held = Held();
        var refused = await Should.ThrowAsync<EngineException>(() => change(_changes, "strange"));
        refused.Message.ShouldBe(
            "the container strange, labelled as one of the application shop, is left as it is: it is not one that was made for shop as release"
        );
        _runner.Commands.ShouldBeEmpty();
    }

    [TestCaseSource(nameof(Changes))]
    public async Task What_is_the_applications_for_another_purpose_is_left_too(Func<HostChanges, string, Task> change)
    {
        using var held = Held();
        await Should.ThrowAsync<EngineException>(() => change(_changes, "edge"));
        _runner.Commands.ShouldBeEmpty();
    }

    [Test]
    public async Task A_network_and_a_volume_of_others_are_left_as_containers_are()
    {
        using var held = Held();
        var other = ExpectedLabels.Ours(new Ownership("shop", "other", AcceptsUnmarked: false));
        (
            await Should.ThrowAsync<EngineException>(() => _changes.RemoveNetworkAsync("net", other, default))
        ).Message.ShouldStartWith("the network zz.shop.blue");
        (
            await Should.ThrowAsync<EngineException>(() => _changes.RemoveVolumeAsync("files", other, default))
        ).Message.ShouldStartWith("the volume files");
        await Should.ThrowAsync<EngineException>(() =>
            _changes.ConnectAsync("net", other, "ours", Release, [], default)
        );
        _runner.Commands.ShouldBeEmpty();
    }

    [Test]
    public async Task An_accessory_is_known_by_composes_own_labels()
    {
        using var held = Held();
        await _changes.StopAsync(["db"], ExpectedLabels.OfCompose("shop"), default);
        await Should.ThrowAsync<EngineException>(() =>
            _changes.StopAsync(["ours"], ExpectedLabels.OfCompose("shop"), default)
        );
        _runner.Commands.ShouldBe(["stop db"]);
    }

    [Test]
    public async Task What_has_gone_is_removed_already_and_cannot_be_started()
    {
        using var held = Held();
        await _changes.RemoveAsync(["gone"], Release, default);
        await _changes.RemoveVolumeAsync("gone", Release, default);
        (
            await Should.ThrowAsync<EngineException>(() => _changes.StartAsync("gone", Release, default))
        ).Message.ShouldBe("there is no gone, which was to be changed");
        _runner.Commands.ShouldBeEmpty();
    }

    private static IEnumerable<TestCaseData> ChangesUnderTheLock()
    {
        var without = ChangesWithoutALock().SelectMany(change => change.ArgDisplayNames!).ToHashSet();
        foreach (var change in Changes().Where(change => !without.Overlaps(change.ArgDisplayNames!)))
            yield return change;
        yield return Of("compose", changes => UpAsync(changes));
        yield return Of("create", changes => changes.CreateAsync("shop", ["create", "image"], default));
        yield return Of("network", changes => changes.CreateNetworkAsync("shop", ["network", "create", "n"], default));
        yield return Of("volume", changes => changes.CreateVolumeAsync("shop", ["volume", "create", "v"], default));
        yield return Of("image", changes => changes.RemoveImageAsync("team/api:1", default));

        static TestCaseData Of(string name, Func<HostChanges, Task> change) =>
            new TestCaseData((HostChanges changes, string _) => change(changes)).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(ChangesUnderTheLock))]
    public async Task A_lock_that_is_lost_stops_the_change(Func<HostChanges, string, Task> change)
    {
        using var held = Held();
        _lost = true;
        await Should.ThrowAsync<StepFailedException>(() => change(AllOurs(), "any"));
        _runner.Commands.ShouldBeEmpty();
        _asked.ShouldBe(1);
    }

    [TestCaseSource(nameof(ChangesUnderTheLock))]
    public async Task Without_a_lock_nothing_is_changed(Func<HostChanges, string, Task> change)
    {
        Held().Dispose();
        await Should.ThrowAsync<EngineException>(() => change(AllOurs(), "any"));
        _runner.Commands.ShouldBeEmpty();
    }

    [Test]
    public async Task The_lock_of_another_application_is_none()
    {
        using var other = _changes.Under("blog", _ => Task.CompletedTask);
        (
            await Should.ThrowAsync<EngineException>(() => _changes.StartAsync("ours", Release, default))
        ).Message.ShouldBe("shop is not changed without its deploy lock");
        _runner.Commands.ShouldBeEmpty();
    }

    [Test]
    public async Task The_end_of_an_older_lock_does_not_end_a_newer_one()
    {
        var broken = _changes.Under("shop", _ => Task.FromException(new InvalidOperationException()));
        using var held = Held();
        broken.Dispose();
        await _changes.StartAsync("ours", Release, default);
        _runner.Commands.ShouldBe(["start ours"]);
    }

    [Test]
    public async Task A_connection_is_given_back_though_the_lock_is_lost_meanwhile()
    {
        using var held = Held();
        await _changes.ReconnectAsync("net", "ours", Release, ["api"], ["blue--db:db"], "", default);
        _runner.Commands.ShouldBe([
            "network disconnect net ours",
            "network connect --link blue--db:db --alias api net ours",
        ]);
        _asked.ShouldBe(1, "between the two it must not be left alone");
    }

    [Test]
    public async Task Compose_starts_services_by_a_file_that_travels_on_its_input()
    {
        using var held = Held();
        await UpAsync(_changes);
        _runner
            .Commands.ShouldHaveSingleItem()
            .ShouldEndWith("-p shop--blue -f - up --detach --no-build --no-recreate --quiet-pull api");
    }

    private static Task UpAsync(HostChanges changes) =>
        changes.ComposeUpAsync(
            Given.App(Given.ShopModel),
            new JsonObject(),
            "shop--blue",
            ["api"],
            start: true,
            dependencies: true,
            default
        );

    private IDisposable Held() =>
        _changes.Under(
            "shop",
            _ =>
            {
                _asked++;
                return _lost
                    ? Task.FromException(new StepFailedException("the deploy lock was lost", []))
                    : Task.CompletedTask;
            }
        );

    /// <summary>Whatever a change asks for is the application's, so that only the lock is in its way.</summary>
    private HostChanges AllOurs()
    {
        _objects.Default = Container("any", Labels("shop", Naming.ReleaseRole, "token.9"));
        return _changes;
    }

    private static HostObject Container(string id, ImmutableDictionary<string, string> labels) =>
        new("container", id, id, labels, Nothing);

    private static ImmutableDictionary<string, string> Labels(string app, string role, string mark) =>
        Nothing.Add(Naming.AppLabel, app).Add(Naming.RoleLabel, role).Add(Naming.OwnerLabel, mark);

    private sealed class Objects : IHostObjects
    {
        public Dictionary<string, HostObject> Found { get; } = [];

        public HostObject? Default { get; set; }

        public Task<HostObject?> FindContainerAsync(string id, CancellationToken cancellationToken) => Find(id);

        public Task<HostObject?> FindNetworkAsync(string id, CancellationToken cancellationToken) => Find(id);

        public Task<HostObject?> FindVolumeAsync(string name, CancellationToken cancellationToken) => Find(name);

        private Task<HostObject?> Find(string id) =>
            Task.FromResult(Found.TryGetValue(id, out var found) ? found : Default);
    }
}
