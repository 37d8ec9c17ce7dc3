namespace Recyclic.Build;

/// <summary>Copies and moves files and directories.</summary>
public static class AbsolutePathCopying
{
    /// <summary>Copies a file or a directory with all that is in it; links are copied as links.</summary>
    /// <param name="target">Where to; the directories above it are created.</param>
    /// <param name="policy">What to do with what exists; default: it is an error.</param>
    /// <param name="excludeDirectory">Directories to leave out, with all that is in them; default: none.</param>
    /// <param name="excludeFile">Files to leave out; default: none.</param>
    /// <returns>The target.</returns>
    /// <exception cref="IOException">There is nothing to copy, something exists, or the target lies in the
    /// source.</exception>
    public static AbsolutePath Copy(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool>? excludeDirectory = null,
        Func<AbsolutePath, bool>? excludeFile = null
    )
    {
        Transfer(
            source,
            target,
            policy,
            excludeDirectory,
            excludeFile,
            static (from, to) => File.Copy(from, to, overwrite: true)
        );
        return target;
    }

    /// <summary>Copies into a directory, under the same name.</summary>
    /// <inheritdoc cref="Copy"/>
    public static AbsolutePath CopyToDirectory(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool>? excludeDirectory = null,
        Func<AbsolutePath, bool>? excludeFile = null
    ) => source.Copy(target / source.Name, policy, excludeDirectory, excludeFile);

    /// <summary>Moves a file or a directory; what the policy skips stays where it is.</summary>
    /// <inheritdoc cref="Copy"/>
    public static AbsolutePath Move(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail
    )
    {
        if (source.DirectoryExists() && !target.Exists())
        {
            RefuseInside(source, target);
            target.Parent?.CreateDirectory();
            Directory.Move(source, target);
            return target;
        }
        Transfer(source, target, policy, null, null, static (from, to) => File.Move(from, to, overwrite: true));
        if (source.DirectoryExists())
            DeleteEmptyDirectories(source);
        return target;
    }

    /// <summary>Moves into a directory, under the same name.</summary>
    /// <inheritdoc cref="Copy"/>
    public static AbsolutePath MoveToDirectory(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail
    ) => source.Move(target / source.Name, policy);

    /// <summary>Gives a file or a directory another name, in the same directory.</summary>
    /// <inheritdoc cref="Copy"/>
    public static AbsolutePath Rename(
        this AbsolutePath path,
        string newName,
        ExistsPolicy policy = ExistsPolicy.Fail
    ) => path.Move((path.Parent ?? throw new IOException($"{path} cannot be renamed: it is a root")) / newName, policy);

    private static void Transfer(
        AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy,
        Func<AbsolutePath, bool>? excludeDirectory,
        Func<AbsolutePath, bool>? excludeFile,
        Action<string, string> transfer
    )
    {
        if (source.FileExists())
            TransferFile(source, target, policy, transfer);
        else if (source.DirectoryExists())
            TransferDirectory(source, target, policy, excludeDirectory, excludeFile, transfer);
        else
            throw new FileNotFoundException(
                $"{source} does not exist, so it cannot be copied or moved to {target}",
                source
            );
    }

    private static void TransferFile(
        AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy,
        Action<string, string> transfer
    )
    {
        if (target.DirectoryExists())
            throw new IOException($"{source} cannot become {target}: that is a directory");
        if (target.FileExists())
        {
            if (policy.HasFlag(ExistsPolicy.FileSkip))
                return;
            if (
                policy.HasFlag(ExistsPolicy.FileOverwriteIfNewer)
                && File.GetLastWriteTimeUtc(source) <= File.GetLastWriteTimeUtc(target)
            )
                return;
            if ((policy & (ExistsPolicy.FileOverwrite | ExistsPolicy.FileOverwriteIfNewer)) == 0)
                throw new IOException($"{target} exists; an ExistsPolicy says what to do then");
        }
        target.Parent?.CreateDirectory();
        transfer(source, target);
    }

    private static void TransferDirectory(
        AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy,
        Func<AbsolutePath, bool>? excludeDirectory,
        Func<AbsolutePath, bool>? excludeFile,
        Action<string, string> transfer
    )
    {
        RefuseInside(source, target);
        if (target.Exists() && !policy.HasFlag(ExistsPolicy.DirectoryMerge))
            throw new IOException($"{target} exists; an ExistsPolicy says what to do then");
        target.CreateDirectory();
        foreach (AbsolutePath directory in Directory.GetDirectories(source))
        {
            if (excludeDirectory?.Invoke(directory) == true)
                continue;
            if (new DirectoryInfo(directory).LinkTarget is { } link)
                Directory.CreateSymbolicLink(target / directory.Name, link);
            else
                TransferDirectory(directory, target / directory.Name, policy, excludeDirectory, excludeFile, transfer);
        }
        foreach (AbsolutePath file in Directory.GetFiles(source))
            if (excludeFile?.Invoke(file) != true)
                TransferFile(file, target / file.Name, policy, transfer);
    }

    private static void RefuseInside(AbsolutePath source, AbsolutePath target)
    {
        if (target.IsAtOrBelow(source))
            throw new IOException($"{target} lies in {source}, so it cannot be copied or moved there");
    }

    private static void DeleteEmptyDirectories(AbsolutePath directory)
    {
        foreach (AbsolutePath inner in Directory.GetDirectories(directory))
            if (AbsolutePathExtensions.IsLink(inner))
                Directory.Delete(inner);
            else
                DeleteEmptyDirectories(inner);
        if (!Directory.EnumerateFileSystemEntries(directory).Any())
            Directory.Delete(directory);
    }
}
