using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Recyclic.Processes;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Adapters;

/// <summary>This build's own program, run once more as a deployer that may be killed, frozen and continued.</summary>
internal sealed class DeployerProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly Process _process;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly ICommandRunner _runner;

    public DeployerProcess(
        ICommandRunner runner,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyCollection<string> arguments
    )
    {
        _runner = runner;
        Arguments = string.Join(' ', arguments);
        var program =
            Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its program.");
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(
            program,
            isHost ? [Assembly.GetEntryAssembly()!.Location, .. arguments] : arguments
        )
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        _process.StandardInput.Close();
        Ended = EndAsync();
    }

    public string Arguments { get; }

    public Task<CommandEnd> Ended { get; }

    /// <summary>Waits until the program is stopped by SIGSTOP. False: it ended, or went on past the deadline.</summary>
    public async Task<bool> IsFrozenAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        while (!Ended.IsCompleted && Stopwatch.GetElapsedTime(_started) < deadline)
        {
            var state = await _runner.RunAsync(Command.Of("ps", "-o", "stat=", "-p", Id), cancellationToken);
            if (state.StandardOutput.TrimStart().StartsWith('T'))
                return true;
            await Task.Delay(Poll, cancellationToken);
        }
        return false;
    }

    public async Task ContinueAsync(CancellationToken cancellationToken) =>
        await _runner.RunAsync(Command.Of("kill", "-s", "CONT", Id), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await ((Task)Ended.WaitAsync(EndPatience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    private string Id => _process.Id.ToString(CultureInfo.InvariantCulture);

    private async Task<CommandEnd> EndAsync()
    {
        var reading = Task.WhenAll(
            ReadAsync(_process.StandardOutput, _output),
            ReadAsync(_process.StandardError, _error)
        );
        await _process.WaitForExitAsync();
        // What a killed program had started may hold its output open a little longer than it lives.
        await Task.WhenAny(reading, Task.Delay(EndPatience));
        return new CommandEnd(
            Arguments,
            _process.ExitCode,
            TextOf(_output),
            TextOf(_error),
            Stopwatch.GetElapsedTime(_started).TotalSeconds
        );
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (text)
                text.Append(line).Append('\n');
    }
}
