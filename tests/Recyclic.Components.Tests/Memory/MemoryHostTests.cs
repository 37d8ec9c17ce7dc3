using Recyclic.Build.Testing;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Memory;

/// <summary>What a build author does with a host in memory: his own build class, its own targets.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MemoryHostTests
{
    private readonly MemoryHost _host = ShopBuild.InMemory();

    private readonly BuildTester _tester;

    public MemoryHostTests() => _tester = new BuildTester().On(_host);

    [Test]
    public async Task Users_get_what_was_deployed_last_and_never_had_nothing()
    {
        await DeployAsync("v1");
        await DeployAsync("v2");
        _host.Serving.ShouldBe("v2");
        _host.Seen.ShouldBe(["nothing", "v1", "v2"]);
        _host.Running.ShouldBe(["api.green", "bot.green"], ignoreOrder: true);
        _host.RanTwice.ShouldBeFalse();
    }

    [TestCase(Fate.TurnsUnhealthy, "is unhealthy")]
    [TestCase(Fate.Exits, "exited with code 1")]
    [TestCase(Fate.SickensInService, "503")]
    public async Task A_release_that_does_not_work_is_undone_and_users_stay_on_the_one_that_they_have(
        Fate fate,
        string why
    )
    {
        await DeployAsync("v1");
        await DeployAsync("v2");
        _host.Let("shop/api:v3", fate, says: "no database password");
        var run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v3");
        run.ExitCode.ShouldBe(1);
        (run.Output).ShouldContain(why);
        (run.Output).ShouldContain("no database password");
        _host.Serving.ShouldBe("v2");
        _host.History[^1].Outcome.ShouldBe(Outcome.Undone);
    }

    [Test]
    public async Task A_deployer_that_is_killed_leaves_users_served_and_the_next_command_puts_things_right()
    {
        await DeployAsync("v1");
        await DeployAsync("v2");
        for (var step = 1; ; step++)
        {
            _host.KillAtStep(step);
            var killed = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", $"k{step}");
            if (killed.ExitCode == 0)
            {
                step.ShouldBeGreaterThan(5);
                break;
            }
            killed.ExitCode.ShouldBe(TestProcess.KilledExitCode, killed.Output);
            _host.IsInterrupted.ShouldBeTrue();
            _host.Serving.ShouldBeOneOf("v2", $"k{step}");
            var recovered = await _tester.RunAsync<ShopBuild>("Recover", "--yes");
            recovered.ExitCode.ShouldBe(0, recovered.Output);
            _host.IsInterrupted.ShouldBeFalse();
            await DeployAsync("v2");
        }
        _host.Seen.Skip(1).ShouldNotContain("nothing");
        _host.RanTwice.ShouldBeFalse();
    }

    [Test]
    public async Task A_deployer_may_be_killed_after_any_call()
    {
        await DeployAsync("v0");
        for (var call = 1; ; call++)
        {
            _host.KillAtCall(call);
            if ((await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", $"v{call}")).ExitCode == 0)
            {
                call.ShouldBeGreaterThan(30);
                break;
            }
            await DeployAsync($"w{call}");
        }
        _host.Seen.Skip(1).ShouldNotContain("nothing");
    }

    [Test]
    public async Task Ctrl_C_at_a_step_gives_the_old_release_back()
    {
        await DeployAsync("v1");
        _host.InterruptAtStep(3);
        var run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2");
        run.ExitCode.ShouldBe(130, run.Output);
        _host.Serving.ShouldBe("v1");
        _host.History[^1].Outcome.ShouldBe(Outcome.Cancelled);
    }

    [Test]
    public async Task A_fault_that_a_variable_asks_for_strikes_the_test_and_no_process()
    {
        await DeployAsync("v1");
        _tester.Environment[Fault.Variable] = "kill@after:StepBegun:2";
        (await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2")).ExitCode.ShouldBe(137);
        _tester.Environment.Remove(Fault.Variable);
        await DeployAsync("v3");
        _host.Serving.ShouldBe("v3");
    }

    [Test]
    public async Task An_edge_is_upgraded_while_it_serves_and_a_dry_run_leaves_it()
    {
        (await _tester.RunAsync<ShopBuild>("Edge")).Output.ShouldContain("shop has no edge");
        await DeployAsync("v1");
        var asked = await _tester.RunAsync<ShopBuild>("Edge", "--upgrade", "--dry-run");
        asked.Output.ShouldContain("Would build its image again");
        asked.Output.ShouldNotContain("Replaced.");

        var run = await _tester.RunAsync<ShopBuild>("Edge", "--upgrade", "--yes");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("replace edge by one of this version (no connection is closed)");
        run.Output.ShouldContain("Replaced. The edge of shop runs");
        _host.Seen.ShouldBe(["nothing", "v1"]);
        await DeployAsync("v2");
        _host.Serving.ShouldBe("v2");
    }

    [Test]
    public async Task A_rollback_gives_back_the_release_before()
    {
        await DeployAsync("v1");
        await DeployAsync("v2");
        var run = await _tester.RunAsync<ShopBuild>("Rollback", "--yes");
        run.ExitCode.ShouldBe(0, run.Output);
        _host.Serving.ShouldBe("v1");
        var status = await _tester.RunAsync<ShopBuild>("Status");
        status.Output.ShouldContain("v1");
    }

    [Test]
    public async Task A_rollback_that_nobody_can_be_asked_about_is_refused()
    {
        await DeployAsync("v1");
        await DeployAsync("v2");
        (await _tester.RunAsync<ShopBuild>("Rollback")).ExitCode.ShouldBe(2);
        _host.Serving.ShouldBe("v2");
    }

    [Test]
    public async Task An_image_that_is_not_there_is_refused_before_anything_is_touched()
    {
        await DeployAsync("v1");
        var before = _host.Changes;
        _host.Lose("shop/api:v2");
        var run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2");
        run.ExitCode.ShouldBe(2);
        _host.Changes.Length.ShouldBe(before.Length + 1);
    }

    [Test]
    public async Task A_port_that_somebody_else_has_is_refused_before_anything_is_touched()
    {
        _host.TakePort(8000, "registry");
        var run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v1");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("port 8000 is published by the container registry");
        _host.Serving.ShouldBeNull();
        _host.Running.ShouldBeEmpty();
    }

    [Test]
    public async Task Images_that_are_built_in_the_run_are_built_by_the_programs_of_the_test()
    {
        var host = new MemoryHost(
            MemoryApplication.FromJson(
                """
                {
                  "name": "shop",
                  "services": {
                    "api": {
                      "image": "shop/api:${TAG}",
                      "build": { "context": "/shop/api" },
                      "healthcheck": { "test": ["CMD", "true"] },
                      "ports": [{ "target": 8000, "published": "8000", "protocol": "tcp" }]
                    }
                  }
                }
                """
            )
        );
        var tester = new BuildTester().On(host);
        var run = await tester.RunAsync<ShopBuild>("BuildImages", "AtomicDeploy", "--tag", "v1");
        run.ExitCode.ShouldBe(0, run.Output);
        run.CommandLines.ShouldHaveSingleItem().ShouldEndWith("build");
        host.Serving.ShouldBe("v1");

        tester.Commands.On("docker", "compose").Fails(1, "no space left on device");
        run = await tester.RunAsync<ShopBuild>("BuildImages", "AtomicDeploy", "--tag", "v2");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("no space left on device");
        host.Serving.ShouldBe("v1");
    }

    [Test]
    public async Task An_environment_has_a_host_of_its_own_and_its_images_come_from_its_registry()
    {
        var production = new MemoryHost(new MemoryApplication("shop").Service("api", "shop/api:${TAG}", port: 8000));
        _tester.On(production, "production");
        await DeployAsync("v1");
        var run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2", "--environment", "production");
        run.ExitCode.ShouldBe(0, run.Output);
        (_host.Serving, production.Serving).ShouldBe(("v1", "v2"));

        production.Let("shop/api:v3", Fate.TurnsUnhealthy).Lose("shop/api:v4");
        run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v3", "--environment", "production");
        run.ExitCode.ShouldBe(1, run.Output);
        run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v4", "--environment", "production");
        run.ExitCode.ShouldBe(2, run.Output);
        production.Serving.ShouldBe("v2");
    }

    [Test]
    public async Task A_push_finds_in_the_registry_what_the_host_has()
    {
        string[] production = ["--environment", "production"];
        var run = await _tester.RunAsync<ShopBuild>(["PushImages", "AtomicDeploy", "--tag", "v1", .. production]);
        run.ExitCode.ShouldBe(0, run.Output);
        run.Commands.ShouldBeEmpty();
        _host.Serving.ShouldBe("v1");
    }

    [Test]
    public async Task No_environment_is_asked_whether_its_engine_answers()
    {
        var run = await _tester.RunAsync<ShopBuild>("Environments", "--check");
        run.Output.ShouldContain("there is no file");
        run.Output.ShouldNotContain("engine at");
    }

    [Test]
    public async Task A_test_without_a_host_for_an_environment_is_told_so_and_reaches_no_engine()
    {
        var tester = new BuildTester().On(_host, "production");
        var run = await tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("the test has no host in memory for it");
    }

    [Test, Category("Docker")]
    public async Task The_builds_own_compose_file_is_read_where_docker_compose_is()
    {
        var folder = Directory.CreateTempSubdirectory("recyclic-memory-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "compose.yaml"),
                """
                name: shop
                services:
                  api:
                    image: shop/api:${TAG}
                    healthcheck: { test: ["CMD", "true"] }
                    ports: ["8000:8000"]
                """
            );
            var host = new MemoryHost();
            var tester = new BuildTester { RootDirectory = folder.FullName }.On(host);
            foreach (var tag in new[] { "v1", "v2" })
            {
                var run = await tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", tag);
                run.ExitCode.ShouldBe(0, run.Output);
                host.Serving.ShouldBe(tag);
            }
            Directory.GetFileSystemEntries(folder.FullName).Length.ShouldBe(1, "nothing is written");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task DeployAsync(string tag)
    {
        var run = await _tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", tag);
        run.ExitCode.ShouldBe(0, run.Output);
    }
}
