using System.Collections.Immutable;
using System.Diagnostics;
using Recyclic.Components.Setup;
using Recyclic.Components.Setup.Adapters;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

/// <summary>
/// Setup on a Debian of its own, with apt and dpkg themselves; engines are stand-ins that cannot start.
/// </summary>
[CancelAfter(240_000)]
public sealed class SetupRootTests
{
    /// <summary>What an engine is installed with where there is none.</summary>
    private static readonly ImmutableArray<string> WholeEngine =
    [
        "ca-certificates",
        "containerd",
        "runc",
        "iptables",
        "docker.io",
        "docker-compose",
    ];

    private readonly List<string> _said = [];
    private DebianRoot? _fresh;
    private DebianRoot _root = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public async Task MakeAsync() => _fresh = await DebianRoot.CreateAsync(Token);

    [OneTimeTearDown]
    public void Remove() => _fresh?.Dispose();

    [SetUp]
    public async Task CopyAsync()
    {
        _said.Clear();
        _root = await _fresh!.CopyAsync(Token);
    }

    [TearDown]
    public void RemoveCopy() => _root?.Dispose();

    [Test]
    public async Task An_engine_is_installed_where_there_is_none_even_after_20_s_of_another_process_and_all_of_it_can_be_taken_back()
    {
        // The set-up has skipped it elsewhere; this is for the compiler.
        if (OperatingSystem.IsMacOS())
            return;
        var (before, plan) = (_root.Status, SetupPlan.For(await FactsAsync()));
        plan.Refusal.ShouldBeNull();
        await using var locked = File.Open(
            _root.Under("var/lib/dpkg/lock-frontend"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite
        );
        locked.Lock(0, 1);
        var waited = Stopwatch.StartNew();
        var installing = InstallAsync(plan);
        // The time is the subject: as long as another process is at work, nothing is installed and nothing fails.
        (await Task.WhenAny(installing, Task.Delay(TimeSpan.FromSeconds(20), Token))).ShouldNotBe(installing);
        _said.ShouldContain(line =>
            line.StartsWith("      waiting for the package manager's lock, at most 300 s: ", StringComparison.Ordinal)
            && line.EndsWith(
                $" (process {Environment.ProcessId}) holds {_root.Under("var/lib/dpkg/lock-frontend")}",
                StringComparison.Ordinal
            )
        );
        _said.Count(line => line.Contains("waiting", StringComparison.Ordinal)).ShouldBe(1);
        _root.Status.ShouldBe(before);
        locked.Unlock(0, 1);
        await installing;
        TestContext.Out.WriteLine($"installed {waited.Elapsed.TotalSeconds - 20:0.0} s after the lock was free");

        var packages = await new MachineProbe(_root, _root.Path).ReadPackagesAsync(Token);
        packages.Single(package => package.Name == "docker.io").ShouldBe(new("docker.io", "26.1.5"));
        packages
            .Single(package => package.Name == "runc")
            .Version.ShouldBe("1.1.5", "the second source gives only what is named");
        (await FactsAsync()).Missing.ShouldBe([Missing.Engine, Missing.BaseImage]);

        var record = await new RecordFile(_root.Path).ReadAsync(Token);
        record
            .Of(ChangeKind.Package)
            .Select(change => change.What)
            .ShouldBe([
                "ca-certificates",
                "containerd",
                "docker-buildx",
                "docker-cli",
                "docker-compose",
                "docker.io",
                "iptables",
                "runc",
                "tini",
            ]);
        record
            .Of(ChangeKind.Source)
            .Select(change => change.What)
            .ShouldBe(["/etc/apt/preferences.d/recyclic-trixie", "/etc/apt/sources.list.d/recyclic-trixie.sources"]);

        // Without its programs no engine can have containers; with them it would have to answer.
        var remover = new Remover(_root, _said.Add, _root.Path);
        (await remover.PlanAsync(record, Token)).Refusal.ShouldNotBeNull().What.ShouldContain("cannot be known");
        File.Delete(_root.Under("usr/sbin/dockerd"));
        var undo = await remover.PlanAsync(record, Token);
        undo.Refusal.ShouldBeNull();
        await remover.RunAsync(undo, Token);
        (await new MachineProbe(_root, _root.Path).ReadPackagesAsync(Token))
            .Select(package => package.Name)
            .Intersect(record.Of(ChangeKind.Package).Select(change => change.What))
            .ShouldBeEmpty();
        foreach (var change in record.Of(ChangeKind.Source))
            File.Exists(_root.Path + change.What).ShouldBeFalse(change.What);
        File.Exists(new RecordFile(_root.Path).Path).ShouldBeFalse();
    }

    [Test]
    public async Task Docker_ce_is_neither_replaced_nor_touched()
    {
        await _root.InstallAsync(
            Token,
            (
                "containerd.io",
                "1.7.22-1",
                "Provides: containerd, runc\nConflicts: containerd, runc\nReplaces: containerd, runc"
            ),
            ("docker-ce-cli", "5:27.3.1-1", "Conflicts: docker.io (<< 1.5~)"),
            (
                "docker-ce",
                "5:27.3.1-1",
                "Depends: containerd.io, docker-ce-cli\nConflicts: docker.io\nReplaces: docker.io\nProvides: docker.io"
            )
        );
        var before = _root.Status;

        // This apt has no packages of that vendor, so the pieces that are missing cannot be had.
        var plan = SetupPlan.For(await FactsAsync());
        plan.Steps.OfType<InstallPackages>()
            .Single()
            .Packages.ShouldBe(["docker-compose-plugin", "docker-buildx-plugin"]);
        var missing = await Should.ThrowAsync<ConfigurationException>(() => InstallAsync(plan));
        missing.Message.ShouldContain("Unable to locate package docker-compose-plugin");
        missing.Message.ShouldContain(
            "Add them yourself when the engine may be touched: apt-get install docker-compose-plugin docker-buildx-plugin."
        );
        _root.Status.ShouldBe(before);

        // What used to be installed whatever was there: apt itself agrees to it.
        var refused = await Should.ThrowAsync<ConfigurationException>(() =>
            new AptGet(_root, _said.Add, _root.Path).InstallAsync(WholeEngine, "Leave it.", Token)
        );
        refused.Message.ShouldContain("remove docker-ce 5:27.3.1-1");
        refused.Message.ShouldContain("remove containerd.io 1.7.22-1");
        _root.Status.ShouldBe(before);
        File.Exists(new RecordFile(_root.Path).Path).ShouldBeFalse();
    }

    [Test]
    public async Task Docker_io_of_Debian_12_is_not_upgraded_and_no_source_is_left()
    {
        await new AptGet(_root, _said.Add, _root.Path).InstallAsync(["docker.io"], "", Token);
        var before = _root.Status;

        SetupPlan
            .For(await FactsAsync())
            .Refusal.ShouldNotBeNull()
            .What.ShouldContain("docker.io 20.10.24 is here without");
        ImmutableArray<SetupStep> asIfNothingWereThere =
        [
            new AddAptSuite("trixie", "file:/repo", null),
            new InstallPackages(["docker.io/trixie", "docker-cli/trixie"], "Leave it."),
        ];
        var refused = await Should.ThrowAsync<ConfigurationException>(() =>
            new Installer(_root, _said.Add, TimeProvider.System, _root.Path).RunAsync(asIfNothingWereThere, Token)
        );
        refused.Message.ShouldContain("upgrade docker.io 20.10.24 -> 26.1.5");
        _root.Status.ShouldBe(before);
        Directory.GetFiles(_root.Under("etc/apt/sources.list.d")).ShouldBeEmpty();
        Directory.GetFiles(_root.Under("etc/apt/preferences.d")).ShouldBeEmpty();
        File.Exists(new RecordFile(_root.Path).Path).ShouldBeFalse();
    }

    [Test]
    public async Task A_package_that_is_half_installed_stops_Setup_before_apt_would_go_on_with_it()
    {
        // A new file in its place: the old one is linked.
        var status = File.ReadAllText(_root.Under("var/lib/dpkg/status"));
        File.Delete(_root.Under("var/lib/dpkg/status"));
        File.WriteAllText(
            _root.Under("var/lib/dpkg/status"),
            status
                + "\nPackage: man-db\nStatus: install ok half-configured\nMaintainer: Nobody <nobody@example.org>\nArchitecture: all\nVersion: 1\nDescription: a stand-in\n"
        );
        var before = _root.Status;
        SetupPlan
            .For(await FactsAsync())
            .Refusal.ShouldNotBeNull()
            .What.ShouldBe("dpkg was interrupted: man-db is half installed");
        var refused = await Should.ThrowAsync<ConfigurationException>(() =>
            new AptGet(_root, _said.Add, _root.Path).InstallAsync(["iptables"], "Finish that.", Token)
        );
        refused.Message.ShouldContain("configure man-db");
        _root.Status.ShouldBe(before);
    }

    private async Task<SetupFacts> FactsAsync()
    {
        var probe = new MachineProbe(_root, _root.Path);
        var facts = await probe.ReadAsync(await probe.FindMissingAsync(SetupNeeds.Everything, Token), Token);
        // The stand-ins are in a folder, which is no mirror.
        return facts with { System = facts.System with { Mirror = "file:/repo" } };
    }

    /// <summary>All steps but those that take an engine that works.</summary>
    private Task InstallAsync(SetupPlan plan) =>
        new Installer(_root, _said.Add, TimeProvider.System, _root.Path).RunAsync(
            plan.Steps.Where(step => step is AddAptSuite or InstallPackages),
            Token
        );
}
