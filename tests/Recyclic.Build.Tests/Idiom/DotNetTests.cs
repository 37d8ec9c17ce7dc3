using System.Net;
using System.Text;
using Recyclic.Build.Testing;
using static Recyclic.Build.Tooling.DotNet.DotNetTasks;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>
/// Commands of <c>dotnet</c> have their arguments as a list, and the key of a server is on no command line.
/// </summary>
[CancelAfter(30_000)]
public class DotNetTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost();
        _host.Commands.On("dotnet").Returns("done");
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("Restore", "dotnet restore Shop.slnx --locked-mode")]
    [TestCase(
        "Compile",
        "dotnet build Shop.slnx --configuration Release --no-restore -p:Version=1.2.3 -p:AssemblyVersion=1.0.0.0 -p:ContinuousIntegrationBuild=true --verbosity quiet"
    )]
    [TestCase(
        "Test",
        "dotnet test 'tests/My Tests/My Tests.csproj' --no-build --filter 'Category!=Slow' --logger 'trx;LogFileName=a b.trx' --logger console --results-directory out"
    )]
    [TestCase(
        "Publish",
        "dotnet publish src/Api --configuration Debug --output out/api --runtime linux-x64 --no-self-contained"
    )]
    [TestCase(
        "Pack",
        "dotnet pack Shop.slnx --no-build --output out --include-symbols -p:SymbolPackageFormat=snupkg -p:PackageTags=a%3Bb%2C100%25 --nologo"
    )]
    [TestCase("PushWithoutKey", "dotnet nuget push out/a.nupkg --source nuget.org --skip-duplicate")]
    [TestCase("Taken", "dotnet build --configuration Release a b")]
    public async Task A_command_is_what_its_settings_say(string target, string expected)
    {
        var run = await _host.RunAsync<ToolBuild>(target);
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.CommandLines.ShouldBe([expected]);
        run.Commands[0].WorkingDirectory.ShouldBe(_host.Root.ToString());
        run.Output.ShouldContain("> " + expected);
        run.Output.ShouldContain("done");
    }

    [Test]
    public async Task A_command_that_fails_fails_its_target_with_what_it_printed()
    {
        _host.Commands.On("dotnet", "restore").Fails(3, "NU1101: Unable to find package");
        var run = await _host.RunAsync<ToolBuild>("Restore");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(
            "`dotnet restore Shop.slnx --locked-mode` exited with code 3\n    NU1101: Unable to find package"
        );
    }

    [Test]
    public async Task A_dry_run_prints_the_command() =>
        (await _host.RunAsync<ToolBuild>("Restore", "--dry-run")).Output.ShouldContain(
            "would run: dotnet restore Shop.slnx --locked-mode"
        );

    [Test]
    public async Task A_package_with_a_key_is_sent_with_the_key_in_its_header_alone()
    {
        await using var server = new NuGetServer(201);
        Put("out/a.1.0.0.nupkg", "package a")
            .Put("out/b.1.0.0.nupkg", "package b")
            .Put("out/b.1.0.0.snupkg", "symbols b");
        var run = await PushAsync(server);
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        server.Received.ShouldBe([
            "PUT /packages key k3y-k3y-k3y package a",
            "PUT /packages key k3y-k3y-k3y package b",
            "PUT /symbols key k3y-k3y-k3y symbols b",
        ]);
        run.Commands.ShouldBeEmpty();
        (run.Output + run.Error).ShouldNotContain("k3y-k3y-k3y");
        run.Output.ShouldContain($"> push a.1.0.0.nupkg to {server.Address}packages");
    }

    [Test]
    public async Task A_version_that_is_there_already_fails_unless_it_may_be()
    {
        await using var server = new NuGetServer(409);
        Put("out/a.1.0.0.nupkg", "package a");
        var run = await PushAsync(server);
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(
            "127.0.0.1 refused a.1.0.0.nupkg: 409 Conflict; this version is there already: raise it, or call EnableSkipDuplicate()"
        );
        run = await PushAsync(server, "--skips");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("a.1.0.0.nupkg is there already");
    }

    [Test]
    public async Task A_key_that_is_refused_is_said_and_not_sent_to_where_a_server_points()
    {
        await using var other = new NuGetServer(201);
        await using var server = new NuGetServer(403);
        Put("out/a.1.0.0.nupkg", "package a");
        (await PushAsync(server)).Output.ShouldContain(
            "403 Forbidden; the key is not valid, has expired, or is not for this package"
        );
        await using var pointing = new NuGetServer(307, other.Address + "packages");
        (await PushAsync(pointing)).ExitCode.ShouldBe(1);
        other.Received.ShouldBeEmpty();
    }

    [TestCase(
        "nuget.org",
        "a package with a key needs the address of its server, and 'nuget.org' is none: write SetSource(\"https://api.nuget.org/v3/index.json\")"
    )]
    [TestCase("http://packages.example/index.json", "the key of packages.example would be sent in clear: use https")]
    [TestCase("http://127.0.0.1:1/index.json", "http://127.0.0.1:1/index.json could not be reached")]
    public async Task A_source_that_is_no_safe_address_is_refused(string source, string expected)
    {
        Put("out/a.1.0.0.nupkg", "package a");
        var run = await _host.RunAsync<ToolBuild>("Push", "--source", source, "--api-key", "k3y-k3y-k3y");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(expected);
    }

    [Test]
    public async Task No_package_is_a_failure_and_a_dry_run_sends_none()
    {
        await using var server = new NuGetServer(201);
        (await PushAsync(server)).Output.ShouldContain($"there is no package {_host.Root / "out/*.nupkg"}");
        Put("out/a.1.0.0.nupkg", "package a");
        (await PushAsync(server, "--dry-run")).Output.ShouldContain(
            $"would push {_host.Root / "out/a.1.0.0.nupkg"} to {server.Address}index.json"
        );
        server.Received.ShouldBeEmpty();
    }

    private Task<BuildTestRun> PushAsync(NuGetServer server, params string[] options) =>
        _host.RunAsync<ToolBuild>([
            "Push",
            "--source",
            server.Address + "index.json",
            "--api-key",
            "k3y-k3y-k3y",
            .. options,
        ]);

    private DotNetTests Put(string name, string text)
    {
        (_host.Root / name).WriteAllText(text);
        return this;
    }

    public class ToolBuild : RecyclicBuild
    {
        [Parameter]
        private readonly string Source = "nuget.org";

        [Parameter, Secret]
        private readonly string? ApiKey = null;

        [Parameter]
        private readonly bool Skips = false;

        public Target Restore =>
            _ => _.Executes(() => DotNetRestore(s => s.SetProjectFile("Shop.slnx").EnableLockedMode()));

        public Target Compile =>
            _ =>
                _.Executes(() =>
                    DotNetBuild(s =>
                        s.SetProjectFile("Shop.slnx")
                            .SetConfiguration("Debug")
                            .EnableNoRestore()
                            .SetVersion("1.2.3")
                            .SetAssemblyVersion("1.0.0.0")
                            .SetContinuousIntegrationBuild(true)
                            .SetVerbosity("quiet")
                            .SetConfiguration("Release")
                    )
                );

        public Target Test =>
            _ =>
                _.Executes(() =>
                    DotNetTest(s =>
                        s.SetProjectFile("tests/My Tests/My Tests.csproj")
                            .EnableNoBuild()
                            .SetFilter("Category!=Slow")
                            .SetLoggers("trx;LogFileName=a b.trx", "console")
                            .SetResultsDirectory("out")
                    )
                );

        public Target Publish =>
            _ =>
                _.Executes(() =>
                    DotNetPublish(s =>
                        s.SetProject("src/Api")
                            .SetConfiguration("Debug")
                            .SetOutput("out/api")
                            .SetRuntime("linux-x64")
                            .SetSelfContained(false)
                    )
                );

        public Target Pack =>
            _ =>
                _.Executes(() =>
                    DotNetPack(s =>
                        s.SetProject("Shop.slnx")
                            .EnableNoBuild()
                            .SetOutputDirectory("out")
                            .EnableIncludeSymbols()
                            .SetSymbolPackageFormat("snupkg")
                            .AddProperty("PackageTags", "a;b,100%")
                            .EnableNoLogo()
                    )
                );

        public Target PushWithoutKey =>
            _ =>
                _.Executes(() =>
                    DotNetNuGetPush(s => s.SetTargetPath("out/a.nupkg").SetSource("nuget.org").EnableSkipDuplicate())
                );

        public Target Taken =>
            _ =>
                _.Executes(() =>
                    DotNetBuild(s =>
                        s.SetFramework("net10.0")
                            .AddProcessAdditionalArguments("a", "b")
                            .SetConfiguration("Release")
                            .SetFramework(null)
                    )
                );

        public Target Push =>
            _ =>
                _.Requires(() => ApiKey)
                    .Executes(() =>
                        DotNetNuGetPush(s =>
                            s.SetTargetPath(RootDirectory / "out" / "*.nupkg")
                                .SetSource(Source)
                                .SetApiKey(ApiKey)
                                .SetSkipDuplicate(Skips)
                        )
                    );
    }

    /// <summary>
    /// A server of packages on the loopback, which answers every package alike and remembers what it was sent.
    /// </summary>
    private sealed class NuGetServer : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public NuGetServer(int status, string? location = null)
        {
            Address = $"http://127.0.0.1:{FreePort()}/";
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _serving = ServeAsync(status, location);
        }

        public string Address { get; }

        public List<string> Received { get; } = [];

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
            _listener.Close();
        }

        private async Task ServeAsync(int status, string? location)
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                using var reader = new StreamReader(context.Request.InputStream);
                var body = await reader.ReadToEndAsync();
                if (context.Request.HttpMethod == "PUT")
                {
                    var content = body.Split("\r\n\r\n")[1].Split("\r\n--")[0];
                    Received.Add(
                        $"PUT {context.Request.RawUrl} key {context.Request.Headers["X-NuGet-ApiKey"]} {content}"
                    );
                    context.Response.StatusCode = status;
                    if (location is not null)
                        context.Response.Headers["Location"] = location;
                }
                else
                {
                    var index =
                        $$"""{"version":"3.0.0","resources":[{"@id":"{{Address}}packages","@type":"PackagePublish/2.0.0"},{"@id":"{{Address}}symbols","@type":"SymbolPackagePublish/4.9.0"}]}""";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(index));
                }
                context.Response.Close();
            }
        }

        private static int FreePort()
        {
            using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
