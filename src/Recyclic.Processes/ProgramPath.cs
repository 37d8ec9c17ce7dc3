namespace Recyclic.Processes;

/// <summary>
/// Looks for a program as the operating system would. Needed where <c>setsid</c> starts it: that one always starts, and
/// a missing program would look like a program that exits with code 127.
/// </summary>
internal static class ProgramPath
{
    public static bool Exists(Command command)
    {
        var directory = command.WorkingDirectory ?? Environment.CurrentDirectory;
        if (command.Program.Contains('/'))
            return File.Exists(Path.Combine(directory, command.Program));
        var path =
            command.Environment.GetValueOrDefault("PATH")
            ?? Environment.GetEnvironmentVariable("PATH")
            ?? "/usr/bin:/bin";
        return path.Split(':').Any(entry => File.Exists(Path.Combine(directory, entry, command.Program)));
    }
}
