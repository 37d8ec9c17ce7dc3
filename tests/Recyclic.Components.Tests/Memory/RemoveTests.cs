using Recyclic.Build.Testing;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Memory;

/// <summary>An application is taken away, as a person asks for it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase), CancelAfter(60_000)]
public sealed class RemoveTests
{
    private readonly MemoryHost _host = new(
        new MemoryApplication("shop")
            .Service("api", "shop/api:${TAG}", port: 8000, dependsOn: "db")
            .Service("db", "postgres:16")
    );

    private readonly BuildTester _tester;

    public RemoveTests() => _tester = new BuildTester().On(_host);

    [Test]
    public async Task It_goes_whole_and_a_second_time_there_is_nothing_left()
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        var said = await RunAsync(0, "Remove", "--yes");
        said.ShouldContain("shop is removed: ");
        said.ShouldContain("read back as gone");
        _host.Serving.ShouldBeNull();
        _host.Running.ShouldBeEmpty();
        (await RunAsync(0, "Remove", "--yes")).ShouldContain("Nothing is left of shop");
        // Asked for or not: there is nothing to ask about.
        await RunAsync(0, "Remove");
        (await RunAsync(0, "Status")).ShouldNotContain("v1");
        await RunAsync(0, "AtomicDeploy", "--tag", "v2");
        _host.Serving.ShouldBe("v2");
    }

    [Test]
    public async Task A_dry_run_prints_the_list_and_changes_nothing()
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        var before = _host.Changes.Length;
        var said = await RunAsync(0, "Remove", "--dry-run");
        foreach (
            var line in new[]
            {
                "  container  shop-edge",
                "  container  shop--blue-api-1",
                "  container  shop-db-1",
                "  network    zz.shop.blue",
                "  volume     shop.state",
                "  image      shop/api:v1",
            }
        )
            said.ShouldContain(line);
        _host.Changes.Skip(before).Where(change => change != "time passes").ShouldBeEmpty();
        _host.Serving.ShouldBe("v1");
    }

    [Test]
    public async Task Without_a_terminal_it_is_refused_with_what_to_write()
    {
        await RunAsync(0, "AtomicDeploy", "--tag", "v1");
        (await RunAsync(2, "Remove")).ShouldContain("./build.sh Remove --confirm shop");
        // What it wrote is not gone by a word that every deploy has.
        (await RunAsync(2, "Remove", "--volumes", "--yes")).ShouldContain("./build.sh Remove --confirm shop --volumes");
        (await RunAsync(2, "Remove", "--volumes", "--confirm", "shoo")).ShouldContain(
            "--confirm: 'shoo' is not the application's name, shop"
        );
        _host.Serving.ShouldBe("v1");
        await RunAsync(0, "Remove", "--volumes", "--confirm", "shop");
        _host.Serving.ShouldBeNull();
    }

    [Test]
    public async Task What_an_interrupted_first_deploy_left_goes_too()
    {
        _host.KillAtStep(3);
        await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v1");
        _host.IsInterrupted.ShouldBeTrue();
        (await RunAsync(0, "Remove", "--yes")).ShouldContain("is removed");
        _host.IsInterrupted.ShouldBeFalse();
        _host.Running.ShouldBeEmpty();
    }

    private async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        var run = await _tester.RunAsync<ShopBuild>(arguments);
        run.ExitCode.ShouldBe(exitCode, run.Output + run.Error);
        return run.Output + run.Error;
    }
}
