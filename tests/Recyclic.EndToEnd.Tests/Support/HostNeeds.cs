using Recyclic.Terminals;

namespace Recyclic.EndToEnd.Support;

/// <summary>What a machine must have for a second host to be made on it.</summary>
internal static class HostNeeds
{
    private static readonly string[] EnginePrograms = ["ip", "nsenter", "dockerd", "containerd", "docker"];
    private static readonly string[] SshPrograms = ["sshd", "ssh", "ssh-keygen"];
    private static readonly string[] Directories =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        "/usr/sbin",
        "/sbin",
        TestPrograms.Folder,
    ];

    /// <summary>Ends the test as skipped, with why, where the machine cannot have a second host.</summary>
    /// <param name="withSsh">Whether it is reached by ssh; false: by its socket.</param>
    public static void OrIgnore(bool withSsh = true)
    {
        if (Missing(withSsh) is { } why)
            Assert.Ignore($"a second host cannot be made here: {why}");
    }

    /// <summary>Where a program is; the directories of an administrator count too.</summary>
    public static string Find(string program) =>
        TryFind(program) ?? throw new FileNotFoundException($"There is no program {program}.");

    private static string? Missing(bool withSsh)
    {
        if (!OperatingSystem.IsLinux())
            return "it takes Linux's network namespaces";
        if (Environment.UserName != "root")
            return "it takes root";
        string[] missing =
        [
            .. EnginePrograms.Concat(withSsh ? SshPrograms : []).Where(program => TryFind(program) is null),
        ];
        return missing.Length == 0
            ? null
            : $"there is no {string.Join(", ", missing)}; ./build.sh SetupTests installs it";
    }

    private static string? TryFind(string program) =>
        Directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
