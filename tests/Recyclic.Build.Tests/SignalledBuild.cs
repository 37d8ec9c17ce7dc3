using System.Globalization;
using System.Text;
using Recyclic.Processes;
using Recyclic.Terminals;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>
/// A build of this test program as a process of its own, on a terminal or without one, to be struck by signals.
/// </summary>
internal abstract class SignalledBuild : IAsyncDisposable
{
    private static readonly string TestProgram = typeof(SignalledBuild).Assembly.Location;

    /// <summary>All that it has printed so far; without a terminal what went to standard error comes last.</summary>
    public abstract string Text { get; }

    protected abstract int ProcessId { get; }

    /// <summary>
    /// Starts it with the signals of a login shell, whatever the test itself inherited; only a program other than a
    /// shell can give them back.
    /// </summary>
    /// <param name="before">What a shell does first, in whose place the build then is, for example <c>trap ''
    /// INT;</c>.</param>
    public static async Task<SignalledBuild> StartAsync(
        bool onTerminal,
        string before,
        string root,
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        string[] shell =
        [
            "env",
            "--default-signal=HUP,INT",
            "bash",
            "-c",
            before + " echo $$; exec dotnet \"$@\"",
            "bash",
            TestProgram,
            .. arguments,
            "--root",
            root,
        ];
        var secret = new Dictionary<string, string> { ["REGISTRY_PASSWORD"] = "hunter2-hunter2" };
        if (onTerminal)
            return new OnTerminal(PseudoTerminal.Start(shell, secret));
        var command = Command.Of(shell[0], shell[1..]);
        var piped = new WithoutTerminal(command with { Environment = command.Environment.AddRange(secret) });
        await piped.UntilAsync("\n", cancellationToken);
        return piped;
    }

    /// <summary>INT on a terminal is typed; every other signal is sent to the build alone.</summary>
    public virtual async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        IsOver.ShouldBeFalse(Text);
        (
            await new ProcessCommandRunner().RunAsync(
                Command.Of("kill", $"-{signal}", $"{ProcessId}"),
                cancellationToken
            )
        ).EnsureSuccess();
    }

    /// <summary>Waits until a text has been printed.</summary>
    /// <returns>The rest of its line so far.</returns>
    public async Task<string> UntilAsync(string text, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isOver = IsOver;
            var printed = Text;
            var at = printed.IndexOf(text, StringComparison.Ordinal);
            if (at >= 0 && printed.IndexOf('\n', at) is >= 0 and var end)
                return printed[(at + text.Length)..Math.Max(end, at + text.Length)];
            if (isOver)
                Assert.Fail($"the build ended without saying '{text}':\n{printed}");
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>Waits for the end and all that is printed until then.</summary>
    public abstract Task<int> EndAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected abstract bool IsOver { get; }

    internal sealed class OnTerminal(PseudoTerminal terminal) : SignalledBuild
    {
        public PseudoTerminal Terminal => terminal;

        public override string Text => terminal.Screen;

        protected override int ProcessId => terminal.ProcessId;

        protected override bool IsOver => terminal.Ended.IsCompleted;

        public override Task SignalAsync(string signal, CancellationToken cancellationToken)
        {
            if (signal != "INT")
                return base.SignalAsync(signal, cancellationToken);
            terminal.Type(PseudoTerminal.CtrlC);
            return Task.CompletedTask;
        }

        public override Task<int> EndAsync(CancellationToken cancellationToken) =>
            terminal.Ended.WaitAsync(cancellationToken);

        public override ValueTask DisposeAsync() => terminal.DisposeAsync();
    }

    private sealed class WithoutTerminal : SignalledBuild
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _errors = new();
        private readonly IRunningCommand _command;
        private readonly Task _reading;

        public WithoutTerminal(Command command)
        {
            _command = new ProcessCommandRunner().Start(command with { OnErrorLine = line => Append(_errors, line) });
            _reading = ReadAsync();
        }

        public override string Text
        {
            get
            {
                lock (_text)
                    return $"{_text}{_errors}";
            }
        }

        protected override int ProcessId => int.Parse(Text.Split('\n')[0], CultureInfo.InvariantCulture);

        protected override bool IsOver => _command.Ended.IsCompleted && _reading.IsCompleted;

        public override async Task<int> EndAsync(CancellationToken cancellationToken)
        {
            await _reading.WaitAsync(cancellationToken);
            return (await _command.Ended.WaitAsync(cancellationToken)).ExitCode;
        }

        public override ValueTask DisposeAsync() => _command.DisposeAsync();

        private async Task ReadAsync()
        {
            await foreach (var line in _command.ReadLinesAsync(CancellationToken.None))
                Append(_text, line);
        }

        private void Append(StringBuilder to, string line)
        {
            lock (_text)
                to.Append(line).Append('\n');
        }
    }
}
