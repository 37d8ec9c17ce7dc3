using Recyclic.Build;
using Recyclic.Cli;

namespace Recyclic.Components.Tests;

/// <summary>`recyclic init`, in folders like those that it is called in.</summary>
[CancelAfter(60_000)]
public sealed class InitTests
{
    private static readonly string[] All =
    [
        ".nuke/.gitignore",
        ".nuke/parameters.json",
        "build.ps1",
        "build.sh",
        "build/.gitignore",
        "build/Build.cs",
        "build/_build.csproj",
    ];
    private AbsolutePath _root = null!;

    [SetUp]
    public void SetUp() =>
        _root = new AbsolutePath(Directory.CreateTempSubdirectory("recyclic-init-").FullName) / "Müllers Läden";

    [TearDown]
    public void TearDown() => _root.Parent!.DeleteDirectory();

    [Test]
    public async Task A_build_is_written_beside_a_compose_file()
    {
        Given("compose.yaml");
        var (code, output) = await InitAsync();
        code.ShouldBe(0, output);
        output.ShouldContain("found   compose file compose.yaml");
        Files().ShouldBe(["compose.yaml", .. All], ignoreOrder: true);
        var build = (_root / "build" / "Build.cs").ReadAllText();
        build.ShouldNotContain("DefaultComposeFile");
        (_root / "build" / "_build.csproj").ReadAllText().ShouldMatch("Recyclic.Components\" Version=\"[0-9]+\\.");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_root / "build.sh")
                .ShouldBe(File.GetUnixFileMode(_root / "build.sh") | UnixFileMode.UserExecute);
    }

    [Test]
    public async Task It_goes_by_what_is_there()
    {
        Given("deploy/docker-compose.prod.yml", "api/Dockerfile", "Shop.sln");
        var (code, output) = await InitAsync();
        code.ShouldBe(0, output);
        output.ShouldContain("api/Dockerfile");
        var build = (_root / "build" / "Build.cs").ReadAllText();
        build.ShouldContain(
            "AbsolutePath IHazDeployment.DefaultComposeFile => RootDirectory / \"deploy\" / \"docker-compose.prod.yml\";"
        );
        build.ShouldContain("DotNetTasks.DotNetTest(_ => _.SetProjectFile(RootDirectory / \"Shop.sln\"))");
    }

    [Test]
    public async Task A_second_time_there_is_nothing_to_do_whatever_its_owner_made_of_it()
    {
        Given("compose.yaml");
        await InitAsync();
        (_root / "build" / "Build.cs").WriteAllText("class Build;");
        var (code, output) = await InitAsync();
        code.ShouldBe(0, output);
        output.ShouldContain("nothing to do");
        (_root / "build" / "Build.cs").ReadAllText().ShouldBe("class Build;");
    }

    [Test]
    public async Task With_check_it_only_says()
    {
        Given("compose.yaml");
        var (code, output) = await InitAsync("--check");
        code.ShouldBe(0, output);
        output.ShouldContain("would write build/Build.cs");
        Files().ShouldBe(["compose.yaml"]);
    }

    [Test]
    public async Task Of_two_compose_files_one_has_to_be_named()
    {
        Given("docker-compose.yml", "docker-compose.prod.yml", "docker-compose.override.yml");
        var (code, output) = await InitAsync();
        code.ShouldBe(2, output);
        output.ShouldContain("there are 2 compose files: docker-compose.prod.yml, docker-compose.yml");
        output.ShouldContain("files   untouched");
        Files().Length.ShouldBe(3);
        (await InitAsync("--compose-file", "docker-compose.prod.yml")).Code.ShouldBe(0);
        (_root / "build" / "Build.cs").ReadAllText().ShouldContain("RootDirectory / \"docker-compose.prod.yml\"");
    }

    [TestCase("no-such.yml", "there is no file")]
    [TestCase("../elsewhere.yml", "is not below")]
    public async Task A_compose_file_that_is_not_here_is_refused(string file, string why)
    {
        Given("docker-compose.yml");
        (_root.Parent! / "elsewhere.yml").WriteAllText("services: {}\n");
        var (code, output) = await InitAsync("--compose-file", file);
        code.ShouldBe(2, output);
        output.ShouldContain(why);
        Files().ShouldBe(["docker-compose.yml"]);
    }

    [Test]
    public async Task Without_a_compose_file_it_says_where_it_is_to_be_called()
    {
        Given("README.md");
        var (code, output) = await InitAsync();
        code.ShouldBe(2, output);
        output.ShouldContain("there is no compose file here");
    }

    [Test]
    public async Task A_script_of_somebody_else_is_replaced_only_when_that_is_said()
    {
        Given("compose.yaml", "build.sh");
        var (code, output) = await InitAsync();
        code.ShouldBe(2, output);
        output.ShouldContain("there with other content: build.sh");
        Files().ShouldBe(["build.sh", "compose.yaml"]);
        (await InitAsync("--overwrite")).Code.ShouldBe(0);
        (_root / "build.sh").ReadAllText().ShouldStartWith("#!/usr/bin/env bash");
    }

    [TestCase("build.cake", "")]
    [TestCase("build/_build.csproj", "<PackageReference Include=\"Nuke.Common\" />")]
    public async Task A_build_of_another_kind_stays(string file, string content)
    {
        Given("compose.yaml");
        (_root / file).Parent!.CreateDirectory();
        (_root / file).WriteAllText(content);
        var (code, output) = await InitAsync("--overwrite");
        code.ShouldBe(2, output);
        output.ShouldContain($"there is a build already: {file}");
        Files().ShouldBe([file, "compose.yaml"], ignoreOrder: true);
    }

    private void Given(params string[] files)
    {
        foreach (var file in files)
        {
            (_root / file).Parent!.CreateDirectory();
            (_root / file).WriteAllText("services: {}\n");
        }
    }

    private string[] Files() =>
        [
            .. Directory
                .GetFiles(_root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Select(path => Path.GetRelativePath(_root, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    private async Task<(int Code, string Output)> InitAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var host = new BuildHost
        {
            Output = output,
            Error = output,
            WorkingDirectory = _root,
            RootDirectory = _root,
            KeepsReports = false,
        };
        return (
            await RecyclicBuild.RunAsync<RecyclicTool>(["Init", .. arguments], host, CancellationToken.None),
            output.ToString()
        );
    }
}
