using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Deploy.Model;
using Recyclic.Processes;
using Recyclic.Terminals;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// The sample application under a name and on ports of its own, and what a person would ask about it.
/// </summary>
internal sealed class Stack : IAsyncDisposable
{
    private static readonly TimeSpan CleanUpDeadline = TimeSpan.FromMinutes(2);
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <param name="docker">The engine it runs on; default: this machine's own.</param>
    /// <param name="address">Where that engine publishes ports.</param>
    /// <param name="variables">What the compose file's other variables are; default: what it says itself.</param>
    public Stack(
        int replicas,
        DockerCommand? docker = null,
        string address = "127.0.0.1",
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        Docker = docker ?? DockerHere.Own;
        App = "e2e-" + Random.Shared.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture);
        var (api, frontend) = (FreePort(20_000), FreePort(25_000));
        if (Docker == DockerHere.Own)
            Sweeper.Own.Add(App);
        Api = new Uri($"http://{address}:{api}");
        Frontend = new Uri($"http://{address}:{frontend}");
        Environment = new Dictionary<string, string>(
            Docker.Variables.Concat(variables ?? new Dictionary<string, string>())
        )
        {
            ["API_PORT"] = api.ToString(CultureInfo.InvariantCulture),
            ["FRONTEND_PORT"] = frontend.ToString(CultureInfo.InvariantCulture),
            ["REPLICAS"] = replicas.ToString(CultureInfo.InvariantCulture),
        };
        // Two busy cores start fourteen containers beside the users of seven others; what is meant to be broken is not
        // deployed this wide.
        if (replicas > 1)
            Environment["START_PERIOD"] = "90s";
    }

    public string App { get; }

    /// <summary>The docker command line, set to the engine that this runs on.</summary>
    public DockerCommand Docker { get; }

    public Uri Api { get; }

    public Uri Frontend { get; }

    public string Edge => $"{App}-edge";

    /// <summary>What each command of this application is run with; a test may add to it.</summary>
    public Dictionary<string, string> Environment { get; }

    /// <summary>From now on commands are struck.</summary>
    public void StrikeAt(string fault)
    {
        _passes ??= PrivateFiles.CreateFolder("e2e-passes-");
        foreach (var (name, value) in FaultPass.Grant(_passes.FullName, Fault.Parse(fault)!))
            Environment[name] = value;
    }

    public void StrikeNoMore()
    {
        Environment.Remove(Fault.Variable);
        Environment.Remove(FaultPass.Variable);
        _passes?.Delete(recursive: true);
        _passes = null;
    }

    private DirectoryInfo? _passes;

    public Tool Start(params IReadOnlyCollection<string> arguments) =>
        Tool.Start(Environment, [.. arguments, "--project", App]);

    /// <summary>The script on a terminal of its own, as a person has it before them.</summary>
    public PseudoTerminal StartOnTerminal(params IReadOnlyCollection<string> arguments) =>
        PseudoTerminal.Start(
            [Repository.BuildScript, .. arguments, "--project", App, "--no-logo"],
            Environment,
            Repository.Root,
            Tool.IsForeign
        );

    public Task<ToolResult> RunAsync(
        CancellationToken cancellationToken,
        params IReadOnlyCollection<string> arguments
    ) => Tool.RunAsync(Environment, [.. arguments, "--project", App], cancellationToken);

    public Task<ToolResult> DeployAsync(
        string tag,
        CancellationToken cancellationToken,
        params IReadOnlyCollection<string> options
    ) => RunAsync(cancellationToken, ["AtomicDeploy", "--tag", tag, .. options]);

    public async Task<JsonNode> StatusAsync(CancellationToken cancellationToken) =>
        (await RunAsync(cancellationToken, "Status", "--json")).ShouldExitWith(0).Json;

    /// <summary>Past deploys, newest first.</summary>
    public async Task<JsonArray> HistoryAsync(CancellationToken cancellationToken) =>
        (await RunAsync(cancellationToken, "History", "--json")).ShouldExitWith(0).Json.AsArray();

    public async Task<ImmutableArray<JournalLine>> JournalAsync(CancellationToken cancellationToken) =>
        [.. (await JournalTextAsync(cancellationToken)).Select(JournalLine.Parse)];

    /// <summary>
    /// Follows the journal as it is written, and returns at the first line that is sought; lines of before do not
    /// count, and may have been cut short.
    /// </summary>
    public async Task<JournalLine> NextAsync(
        Func<JournalLine, bool> isSought,
        TimeSpan deadline,
        Action begin,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        var known = (await JournalTextAsync(limit.Token)).Length;
        await using var follow = DockerHere.Runner.Start(
            Docker.Of("exec", Edge, "tail", "-n", $"+{known + 1}", "-F", "/var/lib/recyclic/journal.jsonl") with
            {
                EndPatience = TimeSpan.Zero,
            }
        );
        begin();
        await foreach (var line in follow.ReadLinesAsync(limit.Token))
            if (JournalLine.Parse(line) is var read && isSought(read))
                return read;
        throw new InvalidOperationException("the journal could not be followed");
    }

    private Task<string[]> JournalTextAsync(CancellationToken cancellationToken) =>
        Docker.LinesAsync(cancellationToken, "exec", Edge, "cat", "/var/lib/recyclic/journal.jsonl");

    /// <summary>Everything of this application on the host, in a form that two moments can be compared in.</summary>
    public async Task<string> InventoryAsync(CancellationToken cancellationToken)
    {
        var containers = await Docker.LinesAsync(
            cancellationToken,
            "ps",
            "--all",
            "--no-trunc",
            "--filter",
            $"name=^(zz[.])?{App}[-_.]",
            "--format",
            "{{.ID}}"
        );
        var states =
            containers.Length == 0
                ? []
                : await Docker.LinesAsync(
                    cancellationToken,
                    [
                        "inspect",
                        "--format",
                        "{{.Name}} {{.Id}} {{.State.Status}} restart={{.HostConfig.RestartPolicy.Name}} {{.Image}}",
                        .. containers,
                    ]
                );
        var networks = await Docker.LinesAsync(
            cancellationToken,
            "network",
            "ls",
            "--filter",
            $"name=^(zz[.])?{App}[-_.]",
            "--format",
            "network {{.Name}} {{.ID}}"
        );
        var volumes = await Docker.LinesAsync(
            cancellationToken,
            "volume",
            "ls",
            "--filter",
            $"name=^(zz[.])?{App}[-_.]",
            "--format",
            "volume {{.Name}}"
        );
        return string.Join('\n', states.Concat(networks).Concat(volumes).Order(StringComparer.Ordinal));
    }

    /// <summary>Names of running release containers of a slot.</summary>
    public Task<string[]> RunningAsync(string slot, CancellationToken cancellationToken) =>
        Docker.LinesAsync(cancellationToken, "ps", "--filter", $"name=^{App}--{slot}-", "--format", "{{.Names}}");

    /// <summary>Whether both ports answer with one version.</summary>
    public async Task<bool> ServesAsync(string tag, CancellationToken cancellationToken)
    {
        try
        {
            var (api, frontend) = (
                await _http.GetAsync(new Uri(Api, "/version"), cancellationToken),
                await _http.GetAsync(new Uri(Frontend, "/api/version"), cancellationToken)
            );
            return Header(api, "X-Version") == tag
                && Header(frontend, "X-Version") == tag
                && Header(frontend, "X-Frontend-Version") == tag;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return false;
        }
    }

    /// <summary>Asserts that users have this version on both ports, and that the tool says so too.</summary>
    public async Task ShouldServeAsync(string tag, CancellationToken cancellationToken)
    {
        (await ServesAsync(tag, cancellationToken)).ShouldBeTrue($"both ports should answer with {tag}");
        var status = await StatusAsync(cancellationToken);
        status["release"]!["tag"]!.GetValue<string>().ShouldBe(tag);
        status["edge"]!["healthy"]!.GetValue<bool>().ShouldBeTrue();
        status["lock"].ShouldBeNull();
        status["interrupted"].ShouldBeNull();
    }

    /// <summary>Makes a tag the one that users have, unless it is.</summary>
    public async Task EnsureAsync(string tag, CancellationToken cancellationToken)
    {
        if (!await ServesAsync(tag, cancellationToken))
            (await DeployAsync(tag, cancellationToken, "--watch", "0")).ShouldExitWith(0);
    }

    public async Task AddItemAsync(string name, CancellationToken cancellationToken) =>
        (
            await _http.PostAsJsonAsync(new Uri(Api, "/items"), new { name }, cancellationToken)
        ).EnsureSuccessStatusCode();

    public Task<string> ReadItemsAsync(CancellationToken cancellationToken) =>
        _http.GetStringAsync(new Uri(Frontend, "/api/items"), cancellationToken);

    /// <summary>
    /// Asserts that the bot is at work, and that two never were at once: each writes down whom it met.
    /// </summary>
    public async Task ShouldHaveOneBotAsync(CancellationToken cancellationToken)
    {
        (await CountAsync("select count(*) from bot_conflicts", cancellationToken)).ShouldBe(
            0,
            "times that two bots ran at once"
        );
        (
            await CountAsync("select count(*) from bot_heartbeats where at > now() - interval '5 s'", cancellationToken)
        ).ShouldBeGreaterThan(0, "heartbeats of the bot in the last 5 s");
    }

    private async Task<int> CountAsync(string sql, CancellationToken cancellationToken) =>
        int.Parse(
            await Docker.RunAsync(
                cancellationToken,
                "exec",
                $"{App}-postgres-1",
                "psql",
                "-U",
                "recyclic",
                "-Atc",
                sql
            ),
            CultureInfo.InvariantCulture
        );

    /// <summary>Removes all that bears this application's name.</summary>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(CleanUpDeadline);
        foreach (
            var (list, remove) in new (string[], string[])[]
            {
                (["ps", "--all", "--quiet"], ["rm", "--force", "--volumes"]),
                (["network", "ls", "--quiet"], ["network", "rm", "--force"]),
                (["volume", "ls", "--quiet"], ["volume", "rm", "--force"]),
            }
        )
        {
            var left = await Docker.LinesAsync(deadline.Token, [.. list, "--filter", $"name=^(zz[.])?{App}[-_.]"]);
            if (left.Length > 0)
                await Docker.TryAsync([.. remove, .. left], deadline.Token);
        }
        Sweeper.Own.Forget(App);
        _http.Dispose();
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>
    /// Below the range from which outgoing connections take theirs, so that it stays free while an edge is replaced.
    /// </summary>
    private static int FreePort(int from)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = from + Random.Shared.Next(5_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken by someone else.
            }
        }
        throw new InvalidOperationException($"no free port from {from} on");
    }
}
