using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>How a run of <c>build.sh</c> ended.</summary>
internal sealed record ToolResult(
    string Arguments,
    int ExitCode,
    string Output,
    string Error,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt
)
{
    public string All => Output + Error;

    public JsonNode Json => JsonNode.Parse(Output) ?? throw new FormatException($"not a JSON document: {Output}");

    public TimeSpan Took => EndedAt - StartedAt;

    /// <summary>This result, if it has the exit code; otherwise the test fails with all that was printed.</summary>
    public ToolResult ShouldExitWith(int exitCode)
    {
        if (ExitCode != exitCode)
            Assert.Fail($"./build.sh {Arguments}\nexited with {ExitCode}, not {exitCode}\n{All}");
        return this;
    }

    /// <summary>The lines of the plan that was printed, its headline first.</summary>
    public ImmutableArray<string> Plan
    {
        get
        {
            var lines = Output.Split('\n').Select(line => line.TrimEnd()).ToList();
            var head = lines.FindIndex(line =>
                line.StartsWith("deploy ", StringComparison.Ordinal)
                || line.StartsWith("roll back ", StringComparison.Ordinal)
            );
            return head < 0 ? [] : [.. lines.Skip(head).TakeWhile(line => line.Length > 0)];
        }
    }
}

/// <summary>
/// The repository's own <c>build.sh</c>, run as a person would. The script execs the deployer, so the process is the
/// deployer's.
/// </summary>
internal sealed class Tool : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly string _arguments;
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;

    private Tool(IReadOnlyDictionary<string, string> environment, IReadOnlyCollection<string> arguments)
    {
        _arguments = string.Join(' ', arguments);
        var start = new ProcessStartInfo(Repository.BuildScript, [.. arguments, "--no-logo"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        Ended = EndAsync();
    }

    public Task<ToolResult> Ended { get; }

    public int ProcessId => _process.Id;

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static Tool Start(
        IReadOnlyDictionary<string, string> environment,
        params IReadOnlyCollection<string> arguments
    ) => new(environment, arguments);

    public static async Task<ToolResult> RunAsync(
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyCollection<string> arguments,
        CancellationToken cancellationToken
    )
    {
        await using var tool = new Tool(environment, arguments);
        return await tool.Ended.WaitAsync(Longest, cancellationToken);
    }

    /// <summary>Waits for the end after a signal or by itself.</summary>
    public Task<ToolResult> EndAsync(CancellationToken cancellationToken) =>
        Ended.WaitAsync(Longest, cancellationToken);

    /// <param name="signal">INT, TERM or KILL; to the deployer alone, not to what it has started.</param>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken) =>
        (
            await DockerHere.Runner.RunAsync(
                Command.Of("kill", $"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)),
                cancellationToken
            )
        ).EnsureSuccess();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await ((Task)Ended.WaitAsync(TimeSpan.FromSeconds(20))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    /// <summary>Whether a variable of the test's own would change what the script does.</summary>
    public static bool IsForeign(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name
            is "REPLICAS"
                or "START_PERIOD"
                or "MEM_LIMIT"
                or "API_PORT"
                or "FRONTEND_PORT"
                or "RECYCLIC_TAG"
                or "RECYCLIC_PROJECT"
                or "DEPLOY_TIMEOUT";

    private async Task<ToolResult> EndAsync()
    {
        await Task.WhenAll(
            ReadAsync(_process.StandardOutput, _output),
            ReadAsync(_process.StandardError, _error),
            _process.WaitForExitAsync()
        );
        return new ToolResult(
            _arguments,
            _process.ExitCode,
            _output.ToString(),
            _error.ToString(),
            _startedAt,
            DateTimeOffset.UtcNow
        );
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (text)
                text.Append(line).Append('\n');
    }
}
