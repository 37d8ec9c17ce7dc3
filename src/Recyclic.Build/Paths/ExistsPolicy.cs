namespace Recyclic.Build;

/// <summary>What a copy or a move does with what is there already.</summary>
[Flags]
public enum ExistsPolicy
{
    /// <summary>A directory that exists is an error.</summary>
    DirectoryFail = 1,

    /// <summary>What is new is added to a directory that exists.</summary>
    DirectoryMerge = 2,

    /// <summary>A file that exists is an error.</summary>
    FileFail = 4,

    /// <summary>A file that exists stays.</summary>
    FileSkip = 8,

    /// <summary>A file that exists is replaced.</summary>
    FileOverwrite = 16,

    /// <summary>A file that exists is replaced when it is the older one.</summary>
    FileOverwriteIfNewer = 32,

    /// <summary>Whatever exists is an error; the default.</summary>
    Fail = DirectoryFail | FileFail,

    /// <summary>What is new is added; files that exist stay.</summary>
    MergeAndSkip = DirectoryMerge | FileSkip,

    /// <summary>What is new is added; files that exist are replaced.</summary>
    MergeAndOverwrite = DirectoryMerge | FileOverwrite,

    /// <summary>What is new is added; files that exist are replaced when they are the older ones.</summary>
    MergeAndOverwriteIfNewer = DirectoryMerge | FileOverwriteIfNewer,
}
