namespace Recyclic.Processes;

/// <summary>
/// Temporary files that nobody else can read, whatever the umask: a folder of mode 0700 with files of mode 0600. On
/// Windows the user's own folder of temporary files is so already.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Makes a folder for temporary files; its maker deletes it.</summary>
    /// <param name="prefix">Of its name.</param>
    public static DirectoryInfo CreateFolder(string prefix)
    {
        // It is made for its owner alone; a strict umask may have taken from that.
        var folder = Directory.CreateTempSubdirectory(prefix);
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode = OwnerFolder;
        return folder;
    }

    /// <summary>Makes a file that is not there yet, open for reading and writing.</summary>
    /// <exception cref="IOException">It is there already, or cannot be made.</exception>
    public static FileStream Create(string path, FileOptions options = FileOptions.None)
    {
        var settings = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            Options = options,
        };
        if (OperatingSystem.IsWindows())
            return new FileStream(path, settings);
        settings.UnixCreateMode = OwnerFile;
        var file = new FileStream(path, settings);
        File.SetUnixFileMode(file.SafeFileHandle, OwnerFile);
        return file;
    }

    /// <summary>Makes a file with a text in it.</summary>
    /// <inheritdoc cref="Create" path="/exception"/>
    public static void Write(string path, string text)
    {
        using var writer = new StreamWriter(Create(path));
        writer.Write(text);
    }

    /// <summary>Whether a file, and the folder it is in, are such that no other user can read or write them.</summary>
    public static bool IsPrivate(string path) =>
        OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & ~OwnerFile) == 0
            && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder
            && (File.GetUnixFileMode(folder) & ~OwnerFolder) == 0;
}
