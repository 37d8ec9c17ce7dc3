using System.Globalization;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>Processes of this machine, by what the kernel says of them.</summary>
internal static class HostProcesses
{
    public static async Task SignalAsync(string signal, int process) =>
        await DockerHere.Runner.RunAsync(
            Command.Of("kill", $"-{signal}", process.ToString(CultureInfo.InvariantCulture)),
            CancellationToken.None
        );

    /// <summary>
    /// The process that a pid file names; null when there is none, or another program has its number by now.
    /// </summary>
    public static int? Read(string pidFile, string program) =>
        int.TryParse(Text(pidFile).Trim(), CultureInfo.InvariantCulture, out var process)
        && Name(process) == program
        && IsAlive(process)
            ? process
            : null;

    public static string Name(int process) => Text($"/proc/{process}/comm").Trim();

    /// <summary>Its arguments, each but the last followed by a blank.</summary>
    public static string Arguments(int process) => Text($"/proc/{process}/cmdline").Replace('\0', ' ').Trim();

    public static IEnumerable<int> Descendants(int process)
    {
        // The kernel lists children by the thread that started them.
        var children = Threads(process)
            .SelectMany(thread =>
                Text(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            )
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture))
            .ToList();
        return children.Concat(children.SelectMany(Descendants));
    }

    /// <summary>Whether it runs; one that has ended and that nobody has asked after does not.</summary>
    public static bool IsAlive(int process) =>
        Text($"/proc/{process}/stat") is { Length: > 0 } stat && stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');

    public static async Task KillAsync(IReadOnlyCollection<int> processes, CancellationToken cancellationToken)
    {
        foreach (var process in processes)
            await SignalAsync("KILL", process);
        await Eventually.TrueAsync(
            () => Task.FromResult(!processes.Any(IsAlive)),
            TimeSpan.FromSeconds(30),
            "what was killed is gone",
            cancellationToken
        );
    }

    private static string[] Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static string Text(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
