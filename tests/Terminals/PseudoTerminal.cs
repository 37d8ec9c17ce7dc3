using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Recyclic.Terminals;

/// <summary>
/// A program alone on a terminal of its own, as in a window that somebody has opened: it leads its session, what is
/// typed goes to it, Ctrl-C becomes SIGINT for the group in the foreground, and it ignores no signal that whoever
/// started the test does. The test itself needs no terminal. Linux only.
/// </summary>
internal sealed partial class PseudoTerminal : IAsyncDisposable
{
    /// <summary>The byte that a keyboard sends for Ctrl-C.</summary>
    public const string CtrlC = "\u0003";

    private const int ReadWriteNoTerminalCloseOnExec = 0x2 | 0x100 | 0x80000;
    private const int SetSize = 0x5414;
    private const short Readable = 1;
    private const int KillSignal = 9;
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly CancellationTokenSource _hangUp = new();
    private readonly Task _reading;
    private readonly int _master;

    private PseudoTerminal(ProcessStartInfo start)
    {
        _master = Checked(OpenTerminal(ReadWriteNoTerminalCloseOnExec));
        Checked(Grant(_master));
        Checked(Unlock(_master));
        var name = new byte[64];
        Checked(NameOf(_master, name, (nuint)name.Length));
        Device = Encoding.ASCII.GetString(name).TrimEnd('\0');
        ushort[] rowsAndColumns = [50, 160, 0, 0];
        Checked(Control(_master, SetSize, rowsAndColumns));
        start.Environment["RECYCLIC_TEST_TERMINAL"] = Device;
        _process = Process.Start(start)!;
        _reading = Task.Factory.StartNew(
            Read,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        Ended = EndAsync();
    }

    /// <summary>The terminal's file, such as <c>/dev/pts/3</c>.</summary>
    public string Device { get; }

    /// <summary>The program's, for it takes the place of what starts it.</summary>
    public int ProcessId => _process.Id;

    /// <summary>
    /// The exit code, 128 and the signal for one that a signal has ended; after all that was printed has been read.
    /// </summary>
    public Task<int> Ended { get; }

    /// <summary>All that was printed so far, without colours, lines ending as in a file.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
                return Escapes().Replace(_screen.ToString(), "").Replace("\r\n", "\n", StringComparison.Ordinal);
        }
    }

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Added to the test's own; no build server is named in it, and the terminal is an
    /// xterm.</param>
    /// <param name="isForeign">Which of the test's own variables are left out besides.</param>
    public static PseudoTerminal Start(
        IEnumerable<string> command,
        IReadOnlyDictionary<string, string>? environment = null,
        string? directory = null,
        Func<string, bool>? isForeign = null
    )
    {
        const string OnTerminal =
            "exec env --default-signal=HUP,INT setsid --ctty \"$@\" <\"$RECYCLIC_TEST_TERMINAL\" >\"$RECYCLIC_TEST_TERMINAL\" 2>&1";
        var start = new ProcessStartInfo("/bin/sh", ["-c", OnTerminal, "sh", .. command])
        {
            WorkingDirectory = directory ?? "",
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    name is "CI" or "GITHUB_ACTIONS" or "NO_COLOR" || isForeign?.Invoke(name) == true
                )
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["TERM"] = "xterm";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new(start);
    }

    public void Type(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Checked((int)Write(_master, bytes, (nuint)bytes.Length)).ShouldBe(bytes.Length);
    }

    /// <summary>Waits until a text has been printed after a place on the screen.</summary>
    /// <returns>The place after it.</returns>
    public async Task<int> UntilAsync(string text, CancellationToken cancellationToken, int after = 0)
    {
        while (true)
        {
            var hasEnded = Ended.IsCompleted;
            var screen = Screen;
            if (screen.IndexOf(text, Math.Min(after, screen.Length), StringComparison.Ordinal) is >= 0 and var at)
                return at + text.Length;
            if (hasEnded)
                Assert.Fail($"the program ended with {await Ended} without printing '{text}':\n{screen}");
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>
    /// Closes the window: from now on nothing can be read or written on the terminal, and those on it get SIGHUP.
    /// </summary>
    public async Task HangUpAsync()
    {
        await _hangUp.CancelAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _ = Kill(-ProcessId, KillSignal);
        await ((Task)Ended.WaitAsync(EndPatience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await HangUpAsync();
        _process.Dispose();
        _hangUp.Dispose();
    }

    private async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        // What it has left on the terminal may hold it open for ever.
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    private void Read()
    {
        var buffer = new byte[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        var text = new char[4096];
        while (!_hangUp.IsCancellationRequested)
        {
            PollRequest[] request = [new() { File = _master, Events = Readable }];
            if (Poll(request, 1, 20) <= 0)
                continue;
            var count = (int)ReadBytes(_master, buffer, (nuint)buffer.Length);
            // Nobody has the terminal open any more; before its start nobody has it yet.
            if (count <= 0 && _process.HasExited)
                break;
            if (count <= 0)
                Thread.Sleep(5);
            var letters = count <= 0 ? 0 : decoder.GetChars(buffer, 0, count, text, 0);
            lock (_screen)
                _screen.Append(text, 0, letters);
        }
        _ = Close(_master);
    }

    private static int Checked(int result) =>
        result >= 0
            ? result
            : throw new InvalidOperationException($"the terminal failed with error {Marshal.GetLastPInvokeError()}");

    [GeneratedRegex("\e\\[[0-9;?]*[A-Za-z]|\e[=>]")]
    private static partial Regex Escapes();

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int File;
        public short Events;
        public short Found;
    }

    [
        DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern int OpenTerminal(int flags);

    [
        DllImport("libc", EntryPoint = "grantpt", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern int Grant(int master);

    [
        DllImport("libc", EntryPoint = "unlockpt", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern int Unlock(int master);

    [
        DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern int NameOf(int master, byte[] name, nuint length);

    [
        DllImport("libc", EntryPoint = "ioctl", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern int Control(int file, nuint request, ushort[] argument);

    [
        DllImport("libc", EntryPoint = "poll", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern int Poll([In, Out] PollRequest[] requests, nuint count, int milliseconds);

    [
        DllImport("libc", EntryPoint = "read", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern nint ReadBytes(int file, byte[] buffer, nuint length);

    [
        DllImport("libc", EntryPoint = "write", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern nint Write(int file, byte[] buffer, nuint length);

    [
        DllImport("libc", EntryPoint = "close", SetLastError = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.System32)
    ]
    private static extern int Close(int file);

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int processId, int signal);
}
