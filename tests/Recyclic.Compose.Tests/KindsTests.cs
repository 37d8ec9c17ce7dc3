using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Compose files of the kinds that people have: deployed, upgraded and rolled back under load, broken and undone; and
/// none is touched by a dry run.
/// </summary>
[Category("Docker"), CancelAfter(900_000)]
public sealed class KindsTests
{
    /// <summary>What is deployed in every run; the others take minutes.</summary>
    private const int Usual = 2;

    private static IEnumerable<string> Names => Kind.Deployed.Select(kind => kind.Name);

    private static IEnumerable<string> AllNames => Names.Concat(Kind.Elsewhere.Select(kind => kind.Name));

    [TestCaseSource(nameof(Names))]
    public async Task It_is_deployed_upgraded_and_rolled_back_without_a_failed_request_and_what_is_broken_is_undone(
        string name,
        CancellationToken cancellationToken
    )
    {
        var kind = Kind.Deployed.Single(kind => kind.Name == name);
        if (!Settings.AllFaults && Kind.Deployed.IndexOf(kind) >= Usual)
            Assert.Ignore("takes half a minute: RECYCLIC_E2E_ALL_FAULTS=1 runs it");
        await using var here = await Placed.AtAsync(kind, cancellationToken);

        Good(await here.DeployAsync("v1", cancellationToken));
        await RunsAsync("v1");
        await Load.LosesNothingAsync(
            here.Url,
            () => here.DeployAsync("v2", cancellationToken),
            kind.IsRouted ? ["v1", "v2"] : ["v1"],
            cancellationToken
        );
        await RunsAsync("v2");

        here.Listens = "9";
        var broken = await here.DeployAsync("v3", cancellationToken, "--deploy-timeout", "5");
        broken.ExitCode.ShouldBe(1, broken.StandardOutput + broken.StandardError);
        await RunsAsync("v2");
        here.Listens = "8080";
        (await here.LeftoversAsync(cancellationToken)).ShouldNotContain(
            left => left.Contains("--blue-", StringComparison.Ordinal),
            "what was begun is taken away"
        );

        await Load.LosesNothingAsync(
            here.Url,
            () => here.RollbackAsync(cancellationToken),
            kind.IsRouted ? ["v2", "v1"] : ["v1"],
            cancellationToken
        );
        await RunsAsync("v1");

        async Task RunsAsync(string version) =>
            (await here.AskAsync($"echo $VERSION; {kind.Asked}", cancellationToken)).ShouldBe(
                $"{version}\n{kind.Answer}".TrimEnd()
            );
    }

    [TestCaseSource(nameof(AllNames)), Parallelizable(ParallelScope.Self)]
    public async Task A_dry_run_says_what_is_what_and_changes_nothing(string name, CancellationToken cancellationToken)
    {
        var kind = Kind.Deployed.Concat(Kind.Elsewhere).Single(kind => kind.Name == name);
        await using var here = await Placed.AtAsync(kind, cancellationToken);
        var before = await here.InventoryAsync(cancellationToken);
        var dryRun = await here.DeployAsync("v1", cancellationToken, "--dry-run");
        Good(dryRun);
        foreach (var said in kind.Said)
            dryRun.StandardOutput.ShouldContain(said);
        (await here.InventoryAsync(cancellationToken)).ShouldBe(before);
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    /// <summary>A kind's files in a folder of their own, and its application on the engine.</summary>
    private sealed class Placed : IAsyncDisposable
    {
        private readonly Copied _files;
        private readonly Kind _kind;
        private readonly Stack _stack;
        private readonly string _app;
        private readonly ImmutableDictionary<string, string> _variables;
        private ImmutableArray<string> _built = [];

        private Placed(Kind kind)
        {
            (_kind, _files) = (
                kind,
                new Copied(
                    kind.Name.Contains('.', StringComparison.Ordinal)
                        ? kind.Name
                        : $"kinds/{kind.Name}/docker-compose.yml"
                )
            );
            _app = $"cmp-kind-{Path.GetFileNameWithoutExtension(kind.Name.Split('/')[0])}";
            var port = FreePort();
            Url = new Uri($"http://127.0.0.1:{port}/");
            _variables = kind.Variables.SetItem("WEB_PORT", $"{port}");
            _stack = new Stack(_app, kind.Name) { ComposeFile = _files.File };
        }

        public Uri Url { get; }

        /// <summary>Where the next release listens; where nobody looks for it, it is broken.</summary>
        public string Listens { get; set; } = "8080";

        public static async Task<Placed> AtAsync(Kind kind, CancellationToken cancellationToken)
        {
            await Images.EnsureAsync();
            var placed = new Placed(kind);
            await placed.PlaceAsync(cancellationToken);
            return placed;
        }

        public async Task<Processes.CommandResult> DeployAsync(
            string version,
            CancellationToken cancellationToken,
            params string[] more
        )
        {
            _stack.Environment = _variables.SetItem("LISTENS", Listens);
            // Who has versions in the file edits it.
            await File.WriteAllTextAsync(
                _stack.ComposeFile,
                (await File.ReadAllTextAsync(_files.Source, cancellationToken)).Replace(
                    "EDITED",
                    version,
                    StringComparison.Ordinal
                ),
                cancellationToken
            );
            if (_kind.IsBuilt && !more.Contains("--dry-run"))
            {
                // Its folder is in no repository that could name what a deploy builds.
                var built = await _stack.BuildAsync(
                    ["BuildImages", "--tag", version, .. _stack.Files],
                    cancellationToken
                );
                if (!built.Succeeded)
                    return built;
            }
            return await _stack.DeployAsync(version, cancellationToken, [.. Arguments, "--watch", "0", .. more]);
        }

        public Task<Processes.CommandResult> RollbackAsync(CancellationToken cancellationToken)
        {
            _stack.Environment = _variables.SetItem("LISTENS", Listens);
            return _stack.RollbackAsync(cancellationToken, [.. Arguments]);
        }

        /// <summary>What a shell in the released container prints.</summary>
        public async Task<string> AskAsync(string command, CancellationToken cancellationToken) =>
            await Stack.DockerAsync(
                cancellationToken,
                "exec",
                await _stack.ContainerOfAsync(_kind.Service, cancellationToken),
                "/bin/sh",
                "-c",
                command
            );

        public Task<string[]> LeftoversAsync(CancellationToken cancellationToken) =>
            _stack.LeftoversAsync(cancellationToken);

        /// <summary>All that is there of it: on the engine, its images, and its files with their times.</summary>
        public async Task<string[]> InventoryAsync(CancellationToken cancellationToken) =>
            [
                .. await _stack.LeftoversAsync(cancellationToken),
                .. Stack.Lines(
                    await Stack.DockerAsync(
                        cancellationToken,
                        "image",
                        "ls",
                        "--no-trunc",
                        "--format",
                        "{{.Repository}}:{{.Tag}} {{.ID}}",
                        $"{_app}-*"
                    )
                ),
                .. new DirectoryInfo(_files.Root)
                    .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
                    .Where(entry => entry.FullName != _stack.ComposeFile)
                    .Select(entry => $"{entry.FullName} {entry.LastWriteTimeUtc:O}")
                    .Order(StringComparer.Ordinal),
            ];

        public async ValueTask DisposeAsync()
        {
            await _stack.DisposeAsync();
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            _built =
            [
                .. Stack.Lines(
                    await Stack.DockerAsync(
                        deadline.Token,
                        "image",
                        "ls",
                        "--format",
                        "{{.Repository}}:{{.Tag}}",
                        $"{_app}-*"
                    )
                ),
            ];
            if (!_built.IsEmpty)
                await Stack.DockerAsync(deadline.Token, ["image", "rm", "--force", .. _built]);
            _files.Dispose();
        }

        private IEnumerable<string> Arguments =>
            _kind.Arguments.Select(argument => argument.Replace("{folder}", _files.Root, StringComparison.Ordinal));

        private async Task PlaceAsync(CancellationToken cancellationToken)
        {
            await _stack.RemoveAsync();
            if (_kind.Name == "callers-inside")
                await Stack.DockerAsync(cancellationToken, "network", "create", $"{_app}-shared");
            if (_kind.IsBuilt)
                await Stack.DockerAsync(cancellationToken, "tag", $"{Images.Name}:v1", $"{_app}-web:v1");
            if (_kind.IsBuilt)
                foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Files, "image")))
                    File.Copy(
                        file,
                        Path.Combine(
                            Directory.CreateDirectory(Path.Combine(_files.Root, "image")).FullName,
                            Path.GetFileName(file)
                        )
                    );
            if (!_kind.Name.StartsWith("ports/", StringComparison.Ordinal))
                return;
            await Images.DeriveAsync("ports", "v1", "", cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(_files.Root, "certificate.pem"), "", cancellationToken);
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Any, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
