using System.Reflection;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Selftest;

namespace Recyclic.Docs.Tests;

/// <summary>What the README says of the command line, compared with what the command line says of itself.</summary>
public partial class CommandLineTests
{
    /// <summary>Targets of our own build that its help leaves out.</summary>
    private static readonly string[] Unlisted = ["SetupTests", "TestTimes"];
    private string _help = "";

    [OneTimeSetUp]
    public async Task ReadHelpAsync()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new AbsolutePath(Docs.Root);
        var host = new BuildHost
        {
            Output = output,
            Error = error,
            WorkingDirectory = root,
            RootDirectory = root,
        };
        (
            await RecyclicBuild.RunAsync<AllComponents>(
                ["--help"],
                host,
                CancellationToken.None,
                build => ((IAtomicDeploy)build).AtomicDeploy
            )
        ).ShouldBe(0, error.ToString());
        _help = output.ToString();
    }

    [Test]
    public void Every_target_in_the_readme_exists()
    {
        var targets = Docs.FirstColumn(Docs.Section("README.md", "Targets")).ToList();
        targets.ShouldContain("AtomicDeploy");
        targets.Except(Targets()).ShouldBeEmpty();
    }

    [Test]
    public void Every_target_of_the_components_is_in_the_readme() =>
        Targets().Except(Docs.FirstColumn(Docs.Section("README.md", "Targets"))).ShouldBeEmpty();

    [Test]
    public void Every_option_in_the_readme_exists()
    {
        var options = Docs.FirstColumn(Docs.Section("README.md", "Parameters"))
            .Select(option => option.Split(' ')[0])
            .ToList();
        options.ShouldContain("--tag");
        options.Except(Options()).ShouldBeEmpty();
    }

    [Test]
    public void The_build_class_in_the_readme_has_a_default_target()
    {
        Docs.Read("README.md").ShouldContain("Execute<Build>(x => ((IAtomicDeploy)x).AtomicDeploy)");
        _help.ShouldContain("AtomicDeploy (default)");
    }

    [TestCaseSource(typeof(Docs), nameof(Docs.Pages))]
    public void Every_command_shown_is_understood(string page)
    {
        foreach (var command in Command().Matches(Docs.Read(page)).Select(match => match.Groups[1].Value))
        {
            // What follows two dashes is the command's that a target runs.
            var words = command
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .TakeWhile(word => word != "--")
                .ToArray();
            words
                .Where(word => word.StartsWith("--", StringComparison.Ordinal))
                .Select(word => word.Split('=')[0])
                .Except(Options())
                .ShouldBeEmpty(command);
            words.TakeWhile(word => char.IsUpper(word[0])).Except(Targets()).Except(Unlisted).ShouldBeEmpty(command);
        }
    }

    private IEnumerable<string> Targets() =>
        TargetLine()
            .Matches(_help)
            .Select(match => match.Groups[1].Value)
            .Union(
                ComponentProperties()
                    .Where(property => property.PropertyType == typeof(Target))
                    .Select(property => property.Name)
            );

    private IEnumerable<string> Options() =>
        OptionLine()
            .Matches(_help)
            .Select(match => match.Groups[1].Value)
            .Union(
                ComponentProperties()
                    .Where(property => property.IsDefined(typeof(ParameterAttribute), inherit: false))
                    .Select(property => "--" + WordStart().Replace(property.Name, "-$1").ToLowerInvariant())
            );

    /// <summary>Of every component, also of one that the class below has not been given yet.</summary>
    private static IEnumerable<PropertyInfo> ComponentProperties() =>
        typeof(IAtomicDeploy)
            .Assembly.GetExportedTypes()
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IRecyclicBuild)))
            .SelectMany(type =>
                type.GetProperties(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            );

    /// <summary>A command after `./build.sh`, up to what ends it in prose or in a shell.</summary>
    [GeneratedRegex(
        @"\./build\.sh((?: (?:--?[a-z][a-z-]*(?:=\S+)?|[A-Z][A-Za-z]+\b(?!\.)|[a-z0-9<>./-]+))*)(?= *(?:`|#|$|\n|   ))",
        RegexOptions.Multiline
    )]
    private static partial Regex Command();

    [GeneratedRegex(@"^  ([A-Z]\w+)", RegexOptions.Multiline)]
    private static partial Regex TargetLine();

    [GeneratedRegex(@"^  (--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex OptionLine();

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex WordStart();

    /// <summary>The build class of the README, with the targets and parameters of our own build.</summary>
    private sealed class AllComponents
        : RecyclicBuild,
            ISetup,
            IBuildImages,
            IAtomicDeploy,
            IRollback,
            IInspect,
            ILogs,
            IMaintainEdge,
            IBackup,
            IRemove,
            IEveryday,
            IRecover,
            ICanary,
            ICertificates,
            ISelftest
    {
        [Parameter("As in our own build")]
        public string? TestFilter { get; set; }

        [Parameter("As in our own build")]
        public string[] TestProject { get; set; } = [];

        [Parameter("As in our own build")]
        public bool Remove { get; set; }

        public Target Test => _ => _.Executes(() => { });

        public Target Demo => _ => _.Executes(() => { });
    }
}
