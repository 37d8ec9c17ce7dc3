namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Pure: which docker commands change nothing of the engine's, and which make images.</summary>
internal static class DockerQuestions
{
    private static readonly string[] Words =
    [
        "diff",
        "events",
        "history",
        "images",
        "info",
        "inspect",
        // It changes what the command line knows, not the engine.
        "login",
        "logs",
        "port",
        "ps",
        "search",
        "stats",
        "top",
        "version",
        "wait",
    ];

    private static readonly string[] OfAKind = ["inspect", "list", "ls", "ps", "show"];

    private static readonly string[] Kinds = ["container", "context", "image", "network", "volume"];

    private static readonly string[] ComposeWords = ["config", "images", "ls", "port", "ps", "version"];

    /// <summary>Compose's options that have a value; it comes as the next argument.</summary>
    private static readonly string[] ComposeOptions =
    [
        "-f",
        "--file",
        "-p",
        "--project-name",
        "--project-directory",
        "--profile",
        "--env-file",
        "--progress",
    ];

    /// <summary>Whether a command only asks. One that is not known to does not.</summary>
    public static bool AreOnly(IReadOnlyList<string> arguments) =>
        arguments switch
        {
            ["compose", ..] => ComposeWords.Contains(ComposeWord(arguments)),
            ["system", "df" or "dial-stdio" or "info", ..] => true,
            [var kind, var word, ..] when Kinds.Contains(kind) => OfAKind.Contains(word),
            [var word, ..] => Words.Contains(word),
            _ => false,
        };

    /// <summary>Whether a command makes or pushes images: the work of a build, on the engine that it builds on.</summary>
    public static bool AreOfABuild(IReadOnlyList<string> arguments) =>
        arguments switch
        {
            ["compose", ..] => ComposeWord(arguments) is "build" or "push",
            ["build" or "buildx" or "push", ..] => true,
            _ => false,
        };

    private static string? ComposeWord(IReadOnlyList<string> arguments)
    {
        for (var index = 1; index < arguments.Count; index++)
            if (ComposeOptions.Contains(arguments[index]))
                index++;
            else if (!arguments[index].StartsWith('-'))
                return arguments[index];
        return null;
    }
}
