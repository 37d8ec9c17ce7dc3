namespace Recyclic.Build.Adapters;

/// <summary>Looks for a program on PATH, as the operating system would.</summary>
internal static class ProgramFinder
{
    public static bool Exists(string program, IReadOnlyDictionary<string, string> environment)
    {
        if (Path.GetFileName(program) != program)
            return File.Exists(program);
        var path = environment.GetValueOrDefault("PATH", "");
        string[] endings = OperatingSystem.IsWindows()
            ? ["", .. environment.GetValueOrDefault("PATHEXT", ".EXE;.CMD").Split(';')]
            : [""];
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(directory => endings.Any(ending => File.Exists(Path.Combine(directory, program + ending))));
    }
}
