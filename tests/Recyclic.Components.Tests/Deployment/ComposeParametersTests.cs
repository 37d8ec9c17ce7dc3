using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Environments;

namespace Recyclic.Components.Tests;

/// <summary>Which compose files a command means, and how they are read.</summary>
[CancelAfter(20_000)]
public sealed class ComposeParametersTests
{
    private static readonly DeployEnvironment Eu = new("eu")
    {
        Project = "shop-eu",
        ComposeFiles = ["base.yml", "eu.yml"],
        EnvFiles = ["eu.env"],
        Profiles = ["eu"],
        TagVariable = "EU_TAG",
        Released = ["web"],
    };

    private readonly AbsolutePath _root = new(Directory.CreateTempSubdirectory("rcy-files-").FullName);

    [OneTimeTearDown]
    public void RemoveFolder() => _root.DeleteDirectory();

    [Test]
    public async Task Each_option_may_be_given_again_and_again()
    {
        var output = await ShowAsync(
            "--compose-file",
            "a.yml",
            "Show",
            "--compose-file",
            "b.yml",
            "--env-file",
            "x.env",
            "--env-file",
            "y.env",
            "--compose-profile",
            "one,two",
            "--tag-variable",
            "V",
            "--release",
            "web,api",
            "--image",
            "api=team/api",
            "--strict-variables"
        );
        output.ShouldContain(
            "files=a.yml|b.yml env=x.env|y.env profiles=one|two variable=V released=web|api images=api=team/api strict=True"
        );
        output.ShouldContain(
            $"options= --compose-file {_root / "a.yml"} --compose-file {_root / "b.yml"} --env-file {_root / "x.env"} --env-file {_root / "y.env"} --compose-profile one --compose-profile two --tag-variable V --release web --release api --image api=team/api"
        );
    }

    [Test]
    public async Task A_path_with_a_space_is_quoted_in_the_next_command() =>
        (await ShowAsync("Show", "--compose-file", "my shop.yml")).ShouldContain(
            $"options= --compose-file '{_root / "my shop.yml"}'"
        );

    [Test]
    public async Task Without_options_the_environment_counts() =>
        (await ShowAsync("Show", "--environment", "eu")).ShouldContain(
            "files=base.yml|eu.yml env=eu.env profiles=eu variable=EU_TAG released=web images= strict=False"
        );

    [Test]
    public async Task Without_either_files_are_found_as_compose_finds_them()
    {
        (await ShowAsync("Show")).ShouldContain("files=docker-compose.yml env= profiles= variable= released=- images=");
        (_root / "compose.yaml").WriteAllText("services: {}\n");
        (_root / "compose.override.yml").WriteAllText("services: {}\n");
        (await ShowAsync("Show")).ShouldContain("files=compose.yaml|compose.override.yml ");
    }

    [TestCase("api")]
    [TestCase("=team/api")]
    [TestCase("api=")]
    public async Task An_image_without_its_service_is_refused(string text) =>
        (await ShowAsync("Show", "--image", text)).ShouldContain("is not service=image");

    private async Task<string> ShowAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var host = new BuildHost
        {
            Output = output,
            Error = output,
            WorkingDirectory = _root,
            RootDirectory = _root,
            KeepsReports = false,
            Environment = new Dictionary<string, string>(),
        };
        await RecyclicBuild.RunAsync<Files>(arguments, host, CancellationToken.None);
        return output.ToString();
    }

    public sealed class Files : RecyclicBuild, IHazDeployment
    {
        IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments => [DeployEnvironment.Local, Eu];

        public Target Show =>
            _ =>
                _.Executes(() =>
                {
                    IHazDeployment build = this;
                    var files = DeployFiles.Named(build, build.TargetEnvironment);
                    var settings = ComposeParameters.Of(build, build.TargetEnvironment, files);
                    WriteLine(
                        $"files={Names(files)} env={Names(settings.EnvFiles)} profiles={string.Join('|', settings.Profiles)} variable={settings.TagVariable} "
                            + $"released={(settings.Released is { } released ? string.Join('|', released) : "-")} images={string.Join('|', settings.Images.Select(image => $"{image.Key}={image.Value}"))} strict={settings.StrictVariables}"
                    );
                    WriteLine($"options={ComposeParameters.ToText(build)}");
                });

        private static string Names(IEnumerable<string> paths) => string.Join('|', paths.Select(Path.GetFileName));
    }
}
