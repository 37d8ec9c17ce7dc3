using System.Collections.Immutable;
using Recyclic.Components.Setup;

namespace Recyclic.Components.Tests;

/// <summary>What Setup decides, word for word; nothing is asked of a machine.</summary>
[CancelAfter(10_000)]
public sealed class SetupPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static IEnumerable<string> Hosts => SetupHosts.All.Select(host => host.Name);

    [TestCaseSource(nameof(Hosts))]
    public void A_host_gets_steps_or_a_refusal_in_these_words(string name)
    {
        var host = SetupHosts.All.Single(host => host.Name == name);
        SetupHosts.Text(host.Facts).ShouldBe(host.Says.ReplaceLineEndings("\n").Trim());
    }

    [Test]
    public void No_package_of_another_engine_is_ever_asked_for_where_an_engine_is()
    {
        string[] engines = ["docker.io", "docker-ce", "moby-engine", "containerd", "containerd.io", "runc"];
        ImmutableArray<Missing>[] sets =
        [
            .. Enumerable
                .Range(1, (1 << 5) - 1)
                .Select(bits =>
                    Enum.GetValues<Missing>().Where(piece => (bits >> (int)piece & 1) == 1).ToImmutableArray()
                ),
        ];
        var withEngine = SetupHosts
            .All.Select(host => host.Facts)
            .Where(facts => EngineProviders.Of(facts) is not EngineProvider.None)
            .ToList();
        withEngine.Count.ShouldBeGreaterThan(14);
        foreach (var facts in withEngine)
        foreach (var missing in sets)
            SetupPlan
                .For(facts with { Missing = missing })
                .Steps.OfType<InstallPackages>()
                .SelectMany(step => step.Packages)
                .Select(package => package.Split('/')[0])
                .Intersect(engines)
                .ShouldBeEmpty();
    }

    [Test]
    public void A_simulation_that_removes_an_engine_is_refused_with_the_list()
    {
        const string output = """
            Reading package lists...
            The following packages will be REMOVED:
              containerd.io docker-ce
            The following NEW packages will be installed:
              containerd docker.io runc
            The following packages will be upgraded:
              ca-certificates
            Remv docker-ce [5:27.3.1-1]
            Remv containerd.io [1.7.22-1]
            Inst ca-certificates [20230311] (20250419 Debian:12 [all])
            Inst runc (1.1.5 Debian:12 [amd64])
            Inst containerd:amd64 (1.6.20 Debian:12 [amd64])
            Inst docker.io (26.1.5 Debian:13 [amd64])
            Conf runc (1.1.5 Debian:12 [amd64])
            Conf docker.io (26.1.5 Debian:13 [amd64])
            """;
        var simulation = AptSimulation.Read(output, "", 0);
        simulation.New.Keys.ShouldBe(["containerd", "docker.io", "runc"]);
        simulation.OnlyAdds.ShouldBeFalse();
        simulation
            .RefusalOf(["docker.io"], "Type it.", null)!
            .ToString()
            .ShouldBe(
                """
                Setup: apt-get would do more than add packages, and containers may depend on what is there:
                        remove docker-ce 5:27.3.1-1
                        remove containerd.io 1.7.22-1
                        upgrade ca-certificates 20230311 -> 20250419
                      asked for: apt-get install docker.io
                      mend: Type it.
                """.ReplaceLineEndings("\n")
            );
    }

    [TestCase("Inst a (1.0 Debian:12 [all])\nConf a (1.0 Debian:12 [all])", "", 0, "")]
    [TestCase("", "", 0, "")]
    [TestCase("Inst b [1.0] (2.0 Debian:12 [all]) []", "", 0, "upgrade b 1.0 -> 2.0")]
    [TestCase(
        "The following packages will be DOWNGRADED:\n  b\nInst b [2.0] (1.0 Debian:12 [all])",
        "",
        0,
        "downgrade b 2.0 -> 1.0"
    )]
    [TestCase("Inst b [2.0] (2.0 Debian:12 [all])", "", 0, "reinstall b 2.0 -> 2.0")]
    [TestCase("Purg b [2.0]", "", 0, "remove b 2.0")]
    [TestCase("Conf half (1.0 Debian:12 [all])", "", 0, "configure half -> 1.0")]
    [TestCase(
        "The following held packages will be changed:\n  b\nInst b [1.0] (2.0 x [all])",
        "",
        0,
        "upgrade b 1.0 -> 2.0, change held b"
    )]
    [TestCase(
        "The following packages will be REMOVED:\n  docker-ce* containerd.io\n0 upgraded",
        "E: Packages need to be removed but remove is disabled.",
        100,
        "remove docker-ce, remove containerd.io"
    )]
    public void Every_kind_of_change_to_what_is_installed_is_seen(
        string output,
        string errors,
        int exitCode,
        string changes
    )
    {
        var simulation = AptSimulation.Read(output, errors, exitCode);
        string.Join(", ", simulation.Changes).ShouldBe(changes);
        simulation.OnlyAdds.ShouldBe(changes.Length == 0);
        (simulation.RefusalOf(["x"], "m", null) is null).ShouldBe(changes.Length == 0);
    }

    [Test]
    public void Apt_without_network_is_named_as_such()
    {
        var refusal = AptSimulation
            .Read("", "E: Unable to locate package docker-buildx-plugin\n", 100)
            .RefusalOf(["docker-buildx-plugin"], "Add it yourself.", "Failed to fetch http://mirror.example/x")!;
        refusal.What.ShouldContain("Unable to locate package docker-buildx-plugin");
        refusal.What.ShouldContain("its lists could not be renewed: Failed to fetch http://mirror.example/x");
        refusal.Mend.ShouldStartWith("Mend apt's sources or the network");
    }

    [Test]
    public void A_file_system_is_read_only_where_the_last_mount_of_the_nearest_place_is()
    {
        Mounts.IsReadOnly(["/dev/a / ext4 rw,relatime 0 0"], "/usr").ShouldBeFalse();
        Mounts.IsReadOnly(["/dev/a / ext4 ro,relatime 0 0", "tmpfs /usrx tmpfs rw 0 0"], "/usr").ShouldBeTrue();
        Mounts
            .IsReadOnly(["/dev/a / ext4 rw 0 0", "overlay /usr overlay ro,errors=remount-ro 0 0"], "/usr")
            .ShouldBeTrue();
        Mounts.IsReadOnly(["/dev/a / ext4 rw,errors=remount-ro 0 0"], "/usr").ShouldBeFalse();
        Mounts.IsReadOnly([], "/usr").ShouldBeFalse();
    }

    [Test]
    public void A_process_that_waits_for_a_lock_does_not_hold_it() =>
        LockHolders
            .Read([
                "1: POSIX  ADVISORY  WRITE 812 fe:00:131 0 EOF",
                "1: -> POSIX  ADVISORY  WRITE 900 fe:00:131 0 EOF",
                "2: FLOCK  ADVISORY  WRITE 77 fe:00:9 0 EOF",
                "3: POSIX  ADVISORY  READ 78 fe:00:9 0 EOF",
                "4: OFDLCK ADVISORY  WRITE -1 fe:00:9 0 EOF",
            ])
            .ShouldBe([812]);

    [Test]
    public void Packages_are_read_with_what_is_wrong_with_them()
    {
        var read = InstalledPackage.Read(
            "ii \tdocker-ce\t5:27.3.1\nhi \tlibc6:amd64\t2.36\nrc \tnginx\t1.22\niF \tman-db\t2.11\nun \tfoo\t\nnonsense\n"
        );
        read.ShouldBe([new("docker-ce", "5:27.3.1"), new("libc6", "2.36", "hi"), new("man-db", "2.11", "iF")]);
        read.Where(package => !package.IsWhole).Select(package => package.Name).ShouldBe(["man-db"]);
    }

    [TestCase("AtomicDeploy", false, nameof(SetupNeeds.Deploy))]
    [TestCase("Setup DeployStaging", false, nameof(SetupNeeds.Deploy))]
    [TestCase("AtomicDeploy", true, nameof(SetupNeeds.Everything))]
    [TestCase("Setup", false, nameof(SetupNeeds.Everything))]
    [TestCase("Test", false, nameof(SetupNeeds.Everything))]
    [TestCase("AtomicDeploy Selftest", false, nameof(SetupNeeds.Everything))]
    public void A_deploy_of_ready_images_needs_nothing_to_build_with(string invoked, bool builds, string needs) =>
        SetupNeed.Of(invoked.Split(' '), builds).ShouldBe(Enum.Parse<SetupNeeds>(needs));

    [Test]
    public void The_record_is_read_as_it_was_written_and_nothing_else_is()
    {
        var record = SetupRecord
            .Empty.With(new(ChangeKind.Source, "/etc/apt/x.sources", "Types: deb\n", Noon))
            .With(new(ChangeKind.Package, "docker.io", "26.1.5", Noon))
            .With(new(ChangeKind.Package, "docker.io", "27.0", Noon.AddDays(1)));
        SetupRecord.Parse(record.ToJson())!.Changes.ShouldBe(record.Changes);
        record
            .ToText("/var/lib/recyclic/setup.json")
            .ShouldBe(
                """
                Setup did this on this machine (/var/lib/recyclic/setup.json):
                  2026-01-02 12:00 UTC  wrote /etc/apt/x.sources
                  2026-01-02 12:00 UTC  installed docker.io 27.0
                ./build.sh Setup --undo takes it back, as far as nothing else uses it.
                """.ReplaceLineEndings("\n")
            );
        foreach (
            var other in new[]
            {
                "",
                "null",
                "[]",
                "{}",
                """{"format":2,"changes":[]}""",
                """{"format":1}""",
                """{"format":1,"changes":[null]}""",
                """{"format":1,"changes":[{"kind":"package"}]}""",
            }
        )
            SetupRecord.Parse(other).ShouldBeNull(other);
        SetupRecord.Empty.ToText("x").ShouldBe("Setup has changed nothing on this machine, or has taken it back (x).");
    }

    [Test]
    public void What_Setup_did_is_taken_back_unless_something_else_uses_it()
    {
        var record = SetupRecord
            .Empty.With(new(ChangeKind.Source, "/etc/a", "a", Noon))
            .With(new(ChangeKind.Source, "/etc/b", "b", Noon))
            .With(new(ChangeKind.Package, "docker.io", "26", Noon))
            .With(new(ChangeKind.Package, "runc", "1", Noon))
            .With(new(ChangeKind.Engine, "/usr/sbin/dockerd", "systemd", Noon))
            .With(new(ChangeKind.Image, "debian:bookworm-slim", "made", Noon));
        var removal = AptSimulation.Read("Remv docker.io [26]\n", "", 0);
        var facts = new UndoFacts(
            [],
            HasEngine: true,
            [new("docker.io", "26"), new("bash", "5")],
            ["/etc/b"],
            removal,
            IsRoot: true
        );

        var plan = UndoPlan.For(record, facts);
        plan.Refusal.ShouldBeNull();
        plan.Describe()
            .ShouldBe([
                "remove the image debian:bookworm-slim",
                "stop /usr/sbin/dockerd, and no longer start it with the machine",
                "apt-get remove docker.io",
                "delete /etc/a",
            ]);
        plan.Kept[0].ShouldBe("/etc/b was edited since, and stays");

        string Why(UndoFacts other) => UndoPlan.For(record, other).Refusal.ShouldNotBeNull().What;
        Why(facts with { Containers = ["db"] }).ShouldBe("1 container uses this engine: db");
        Why(facts with { Containers = null }).ShouldContain("cannot be known");
        Why(facts with { IsRoot = false }).ShouldBe("that needs root");
        Why(facts with { Removal = AptSimulation.Read("Remv dokku [1]\nRemv docker.io [26]\n", "", 0) })
            .ShouldBe("something else uses what Setup installed; with it apt-get would: remove dokku 1");
        Why(facts with { Removal = AptSimulation.Read("Remv docker.io [26]\nInst docker-ce (27 x [amd64])\n", "", 0) })
            .ShouldContain("install docker-ce");
    }
}
