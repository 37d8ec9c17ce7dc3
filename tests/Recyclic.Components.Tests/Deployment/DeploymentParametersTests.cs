using System.Reflection;
using Recyclic.Build;
using Recyclic.Components.Environments;

namespace Recyclic.Components.Tests;

/// <summary>A build has names of its own beside a deployment's parameters.</summary>
[CancelAfter(20_000)]
public sealed class DeploymentParametersTests
{
    private static readonly PropertyInfo[] Options =
    [
        .. typeof(IHazDeployment)
            .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.IsDefined(typeof(ParameterAttribute))),
    ];

    [Test]
    public async Task Each_option_arrives_in_the_property_of_its_name()
    {
        await RunAsync<Reader>(
            "Show",
            "--tag",
            "abc1234",
            "--environment",
            "eu",
            "--registry",
            "registry.example",
            "--registry-user",
            "ann",
            "--registry-password",
            "pass-word-1",
            "--deploy-ssh-key",
            "key-text-1",
            "--deploy-known-hosts",
            "a b c",
            "--compose-file",
            "a.yml",
            "--env-file",
            "a.env",
            "--compose-profile",
            "one",
            "--tag-variable",
            "V",
            "--release",
            "web",
            "--image",
            "web=team/web",
            "--strict-variables",
            "--project",
            "shop",
            "--deploy-timeout",
            "60",
            "--health-check-interval",
            "2",
            "--drain-timeout",
            "5",
            "--watch",
            "1",
            "--watch-for",
            "30m",
            "--canary",
            "5,25",
            "--bake",
            "2m",
            "--hold-limit",
            "10m",
            "--keep-warm",
            "--keep-assets",
            "30m",
            "--skip-smoke-tests",
            "the shop is down",
            "--allow-low-memory",
            "--wait",
            "--replace",
            "shop",
            "--adopt",
            "--yes"
        );
        var read = Reader.Read.ShouldNotBeNull();
        foreach (var property in typeof(DeploymentParameters).GetProperties())
            property.GetValue(read).ShouldNotBeOneOf([null, false], property.Name);
        (read.Tag!.Value, read.Environment, read.Project, read.RegistryPassword, read.Watch).ShouldBe(
            ("abc1234", "eu", "shop", "pass-word-1", TimeSpan.FromSeconds(1))
        );
    }

    [Test]
    public void There_is_a_property_for_each_option_and_an_option_for_each_property() =>
        typeof(DeploymentParameters)
            .GetProperties()
            .Select(property => property.Name)
            .ShouldBe(Options.Select(option => option.Name), ignoreOrder: true);

    [Test]
    public void No_option_takes_a_name_from_a_build() => Options.ShouldAllBe(option => option.GetMethod!.IsPrivate);

    [Test]
    public async Task A_build_may_call_something_of_its_own_as_an_option_is_called()
    {
        (await RunAsync<OwnNames>("Show", "--project", "shop")).ShouldContain(
            "own=src/Shop.csproj deployed=shop environment=local processors=True"
        );
    }

    [Test]
    public async Task A_build_may_say_what_its_command_line_does_not()
    {
        (await RunAsync<OwnRegistry>("Show")).ShouldContain("registry=registry.example ");
        (await RunAsync<OwnRegistry>("Show", "--project", "shop")).ShouldContain(
            "registry=registry.example project=shop"
        );
    }

    [Test]
    public async Task A_parameter_of_the_builds_own_under_the_name_and_type_of_an_option_is_that_option() =>
        (await RunAsync<OwnOption>("Show", "--project", "shop")).ShouldContain("own=shop deployed=shop");

    [Test]
    public async Task One_of_another_type_is_refused_and_both_are_named() =>
        (await RunAsync<OtherType>(2, "Show", "--tag", "abc1234")).ShouldContain(
            "OtherType.Tag is of type string, and IHazDeployment.Tag of type ReleaseTag"
        );

    [Test]
    public void Their_text_has_no_secret() =>
        new DeploymentParameters { RegistryPassword = "pass-word-1", DeploySshKey = "key-text-1" }
            .ToString()
            .ShouldBe("HEAD to local");

    private static Task<string> RunAsync<T>(params string[] arguments)
        where T : RecyclicBuild, new() => RunAsync<T>(0, arguments);

    private static async Task<string> RunAsync<T>(int exitCode, params string[] arguments)
        where T : RecyclicBuild, new()
    {
        var root = new AbsolutePath(Directory.CreateTempSubdirectory("rcy-parameters-").FullName);
        try
        {
            using var output = new StringWriter();
            var host = new BuildHost
            {
                Output = output,
                Error = output,
                WorkingDirectory = root,
                RootDirectory = root,
                KeepsReports = false,
                Environment = new Dictionary<string, string>(),
            };
            (await RecyclicBuild.RunAsync<T>(arguments, host, CancellationToken.None)).ShouldBe(
                exitCode,
                output.ToString()
            );
            return output.ToString();
        }
        finally
        {
            root.DeleteDirectory();
        }
    }

    private sealed class Reader : RecyclicBuild, IHazDeployment
    {
        public static DeploymentParameters? Read { get; private set; }

        public Target Show => _ => _.Executes(() => Read = ((IHazDeployment)this).Deployment);
    }

    /// <summary>A component of a build's own: here `Environment` is the system's.</summary>
    private interface IShow : IHazDeployment
    {
        string Own { get; }

        Target Show =>
            _ =>
                _.Executes(() =>
                    WriteLine(
                        $"own={Own} deployed={Deployment.Project} environment={this.TargetEnvironment.Name} processors={Environment.ProcessorCount > 0}"
                    )
                );
    }

    private sealed class OwnNames : RecyclicBuild, IShow
    {
        public string? Project => "src/Shop.csproj";

        public string Own => Project!;

        public DeployEnvironment Wait => new("other");
    }

    private sealed class OwnOption : RecyclicBuild, IHazDeployment
    {
        [Parameter]
        public string? Project { get; private set; }

        public Target Show =>
            _ => _.Executes(() => WriteLine($"own={Project} deployed={((IHazDeployment)this).Deployment.Project}"));
    }

    private sealed class OtherType : RecyclicBuild, IHazDeployment
    {
        [Parameter]
        public string? Tag { get; private set; }

        public Target Show => _ => _.Executes(() => WriteLine($"own={Tag}"));
    }

    private sealed class OwnRegistry : RecyclicBuild, IHazDeployment
    {
        DeploymentParameters IHazDeployment.Deployment =>
            DeploymentParameters.Of(this) with
            {
                Registry = "registry.example",
            };

        public Target Show =>
            _ =>
                _.Executes(() =>
                {
                    IHazDeployment build = this;
                    WriteLine(
                        $"registry={build.RegistryOf(build.TargetEnvironment)} project={build.Deployment.Project}"
                    );
                });
    }
}
