using Recyclic.Components.Setup;
using Recyclic.Components.Setup.Adapters;
using Recyclic.Processes;

namespace Recyclic.Components.Tests;

/// <summary>What Setup makes of a machine; apt is asked itself.</summary>
[CancelAfter(60_000)]
public sealed class SetupTests
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("recyclic-apt-");

    [OneTimeTearDown]
    public void Remove() => _directory.Delete(recursive: true);

    [TestCase("deb http://mirror.example/debian bookworm main", "http://mirror.example/debian")]
    [TestCase("deb mirror+file:/etc/apt/mirrors/debian.list bookworm main", "mirror+file:/etc/apt/mirrors/debian.list")]
    [TestCase(
        "deb cdrom:[Debian]/ bookworm main\ndeb https://mirror.example/debian/ bookworm main",
        "https://mirror.example/debian"
    )]
    [TestCase("deb http://mirror.example/debian-security bookworm-security main", null)]
    [TestCase("", null)]
    public async Task A_machine_that_never_downloaded_package_lists_has_the_source_that_it_names(
        string sources,
        string? mirror
    )
    {
        if (!File.Exists("/usr/bin/apt-get"))
            Assert.Ignore("this system has no apt-get");
        var system = await new MachineProbe(new FreshApt(_directory, sources)).ReadSystemAsync(
            TestContext.CurrentContext.CancellationToken
        );
        system.Mirror.ShouldBe(mirror);
    }

    [Test]
    public void Debian_12_gets_the_engine_from_the_source_that_apt_has_and_says_so_where_it_has_none()
    {
        var bookworm = new SystemFacts(
            "debian",
            "bookworm",
            12,
            "http://mirror.example/debian",
            null,
            HasSystemd: false
        );

        var plan = SetupPlan.For(Fresh(bookworm));
        plan.Refusal.ShouldBeNull();
        plan.Steps.OfType<AddAptSuite>().Single().Mirror.ShouldBe("http://mirror.example/debian");
        plan.Steps.OfType<ProvideBaseImage>().Single().Mirror.ShouldBe("http://mirror.example/debian");

        SetupPlan
            .For(Fresh(bookworm with { Mirror = null }))
            .Refusal.ShouldNotBeNull()
            .What.ShouldContain("no source of packages");
        SetupPlan
            .For(Fresh(bookworm with { Id = "fedora", Codename = "" }))
            .Refusal.ShouldNotBeNull()
            .What.ShouldContain("not on fedora");
    }

    [Test]
    public void A_list_of_mirrors_serves_apt_and_not_debootstrap()
    {
        var cloud = new SystemFacts(
            "debian",
            "bookworm",
            12,
            "mirror+file:/etc/apt/mirrors/debian.list",
            null,
            HasSystemd: true
        );

        var plan = SetupPlan.For(Fresh(cloud));
        plan.Steps.OfType<AddAptSuite>().Single().Mirror.ShouldBe(cloud.Mirror);
        plan.Steps.OfType<ProvideBaseImage>().Single().Mirror.ShouldBeNull();
    }

    private static SetupFacts Fresh(SystemFacts system) => new(system) { Missing = [.. Enum.GetValues<Missing>()] };

    /// <summary>apt with sources of its own and not one list downloaded.</summary>
    private sealed class FreshApt : ICommandRunner
    {
        private readonly ProcessCommandRunner _runner = new();
        private readonly string _configuration;

        public FreshApt(DirectoryInfo directory, string sources)
        {
            var root = directory.CreateSubdirectory(Guid.NewGuid().ToString("N"));
            root.CreateSubdirectory("lists/partial");
            File.WriteAllText(Path.Combine(root.FullName, "sources.list"), sources + "\n");
            _configuration = Path.Combine(root.FullName, "apt.conf");
            File.WriteAllText(
                _configuration,
                $"""
                Dir::State::lists "{root.FullName}/lists";
                Dir::Etc::sourcelist "{root.FullName}/sources.list";
                Dir::Etc::sourceparts "/dev/null";

                """
            );
        }

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
            _runner.RunAsync(
                command with
                {
                    Environment = command.Environment.SetItem("APT_CONFIG", _configuration),
                },
                cancellationToken
            );

        public IRunningCommand Start(Command command) => throw new NotSupportedException();
    }
}
