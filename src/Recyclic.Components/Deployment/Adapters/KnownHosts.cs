namespace Recyclic.Components.Adapters;

/// <summary>
/// The hosts that ssh trusts, as this user's own file has them: the docker command line cannot be told of another.
/// </summary>
internal static class KnownHosts
{
    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Adds the lines that the file does not have.</summary>
    /// <param name="directory">For example <c>~/.ssh</c>.</param>
    public static void Add(string directory, string lines)
    {
        var file = Path.Combine(directory, "known_hosts");
        var now = File.Exists(file) ? File.ReadAllText(file) : "";
        var known = now.Split('\n').Select(line => line.Trim()).ToHashSet();
        string[] added =
        [
            .. lines.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && known.Add(line)),
        ];
        if (added.Length == 0)
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OnlyMine | UnixFileMode.UserExecute);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OnlyMine;
        using var writer = new StreamWriter(file, options);
        // ssh reads whole lines; the last one of a file may lack its end.
        writer.Write((now.Length > 0 && !now.EndsWith('\n') ? "\n" : "") + string.Join('\n', added) + "\n");
    }
}
