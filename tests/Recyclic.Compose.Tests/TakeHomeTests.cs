using System.Collections.Immutable;
using System.Runtime.Versioning;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// From the packages alone, in a folder outside of the repository, with an umlaut and a space in its path and no git: the
/// commands that docs/start-compose.md shows.
/// </summary>
[Category("Docker"), Platform("Linux"), UnsupportedOSPlatform("windows"), CancelAfter(900_000)]
public sealed class TakeHomeTests
{
    private const string Version = "0.0.1-test";
    private const string Application = "cmp-home";

    private const string ComposeFile = $$"""
        name: {{Application}}
        services:
          web:
            image: recyclic-compose-test/app:${TAG}
            ports: ["17797:8080"]
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly ProcessCommandRunner _runner = new();
    private readonly TemporaryFolder _place = new();
    private readonly Stack _stack = new(Application, "no-check.yml");
    private ImmutableDictionary<string, string> _variables = null!;

    private string Home => _place["Müllers Läden"];

    /// <summary>
    /// The packages, made once. What else is needed comes from the machine's own packages, and its sources where it lacks
    /// some; nothing of ours stays among them.
    /// </summary>
    [OneTimeSetUp]
    public async Task PackAsync()
    {
        await _stack.RemoveAsync();
        var own = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        _variables = ImmutableDictionary<string, string>
            .Empty.Add("NUGET_PACKAGES", _place["packages"])
            .Add("NUGET_FALLBACK_PACKAGES", Directory.Exists(own) ? own : "")
            .Add("CI", "");
        Directory.CreateDirectory(Home);
        await File.WriteAllTextAsync(Path.Combine(Home, "docker-compose.yml"), ComposeFile);
        // Its other sources are the machine's.
        await File.WriteAllTextAsync(
            Path.Combine(Home, "nuget.config"),
            "<configuration><packageSources><add key=\"recyclic\" value=\"../feed\" /></packageSources></configuration>"
        );
        var pack = await _runner.RunAsync(
            Command.Of(
                Path.Combine(Repository.Root, "build.sh"),
                "Pack",
                "--output",
                _place["feed"],
                "--package-version",
                Version,
                "--no-logo"
            ) with
            {
                WorkingDirectory = Repository.Root,
                Timeout = Patience,
            },
            CancellationToken.None
        );
        pack.ExitCode.ShouldBe(0, pack.StandardOutput + pack.StandardError);
    }

    [OneTimeTearDown]
    public async Task TearDownAsync()
    {
        await _stack.DisposeAsync();
        _place.Dispose();
    }

    [Test]
    public async Task Three_commands_lead_from_a_compose_file_to_a_live_release(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await RunAsync(
            "dotnet",
            cancellationToken,
            "tool",
            "install",
            "recyclic",
            "--tool-path",
            _place["tools"],
            "--version",
            Version
        );
        var init = await RunAsync(_place["tools/recyclic"], cancellationToken, "init");
        init.ShouldContain("found   compose file docker-compose.yml");
        init.ShouldContain("$ ./build.sh AtomicDeploy --tag v1");
        var deploy = await RunAsync("./build.sh", cancellationToken, "AtomicDeploy", "--tag", "v1", "--no-setup");
        deploy.ShouldContain($"{Application} v1 is live on ");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        (await http.GetStringAsync(new Uri("http://127.0.0.1:17797/"), cancellationToken)).ShouldContain("v1");

        // The settings have come with the package, and the next start builds nothing.
        var settings = Directory.GetFiles(
            Path.Combine(Home, ".nuke"),
            "_build.runtimeconfig.json",
            SearchOption.AllDirectories
        );
        settings.ShouldNotBeEmpty();
        foreach (var file in settings)
            (await File.ReadAllTextAsync(file, cancellationToken)).ShouldContain(
                "CallCountThreshold",
                customMessage: file
            );
        (await RunAsync("./build.sh", cancellationToken, "--help")).ShouldNotContain("Building the build project");
        (await RunAsync(_place["tools/recyclic"], cancellationToken, "init")).ShouldContain("nothing to do");

        // And the way without a build: the same application, by the command alone.
        var status = await RunAsync(_place["tools/recyclic"], cancellationToken, "status");
        status.ShouldContain("v1");
        (
            await RunAsync(_place["tools/recyclic"], cancellationToken, "deploy", "--tag", "v2", "--dry-run")
        ).ShouldContain($"deploy {Application}: v1 -> v2");
    }

    [Test]
    public async Task The_template_writes_what_the_command_writes(CancellationToken cancellationToken)
    {
        string[] hive = ["--debug:custom-hive", _place["hive"]];
        await RunAsync(
            "dotnet",
            cancellationToken,
            ["new", "install", _place[$"feed/Recyclic.Templates.{Version}.nupkg"], .. hive]
        );
        await RunAsync("dotnet", cancellationToken, ["new", "recyclic", "--output", _place["new"], .. hive]);
        foreach (
            var file in new[]
            {
                "build/Build.cs",
                "build/_build.csproj",
                "build/.gitignore",
                "build.ps1",
                ".nuke/parameters.json",
            }
        )
            File.Exists(_place[$"new/{file}"]).ShouldBeTrue(file);
        var build = await File.ReadAllTextAsync(_place["new/build/Build.cs"], cancellationToken);
        build.ShouldContain("Executes(() => WriteLine(\"There are no tests yet.\"))");
        (await File.ReadAllTextAsync(_place["new/build/_build.csproj"], cancellationToken)).ShouldContain(
            $"Version=\"{Version}\""
        );
        (await File.ReadAllTextAsync(_place["new/build.sh"], cancellationToken)).ShouldBe(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "build.sh"), cancellationToken)
        );
        File.GetUnixFileMode(_place["new/build.sh"]).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
    }

    [Test]
    public void Each_package_says_what_it_is_and_has_its_symbols()
    {
        var packages = Directory.GetFiles(_place["feed"], "*.nupkg");
        packages.Length.ShouldBe(11);
        string[] others = [$"recyclic.{Version}.nupkg", $"Recyclic.Templates.{Version}.nupkg"];
        foreach (var package in packages.Where(package => !others.Contains(Path.GetFileName(package))))
        {
            File.Exists(Path.ChangeExtension(package, "snupkg")).ShouldBeTrue(package);
            using var content = System.IO.Compression.ZipFile.OpenRead(package);
            var names = content.Entries.Select(entry => entry.FullName).ToList();
            names.ShouldContain("README.md");
            names.ShouldContain("icon.png");
            var library = Path.GetFileName(package).Replace($".{Version}.nupkg", "", StringComparison.Ordinal);
            names.ShouldContain($"lib/net10.0/{library}.dll");
            names.ShouldContain($"lib/net10.0/{library}.xml");
            using var reader = new StreamReader(content.GetEntry($"{library}.nuspec")!.Open());
            var specification = reader.ReadToEnd();
            specification.ShouldContain("<license type=\"expression\">MIT</license>");
            specification.ShouldContain("<releaseNotes>");
            specification.ShouldContain("<repository type=\"git\"");
        }
    }

    private async Task<string> RunAsync(string program, CancellationToken cancellationToken, params string[] arguments)
    {
        var ran = await _runner.RunAsync(
            Command.Of(
                program.StartsWith("./", StringComparison.Ordinal) ? Path.Combine(Home, program[2..]) : program,
                arguments
            ) with
            {
                WorkingDirectory = Home,
                Environment = _variables,
                Timeout = Patience,
            },
            cancellationToken
        );
        ran.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{ran.StandardOutput}{ran.StandardError}");
        return ran.StandardOutput + ran.StandardError;
    }
}
