using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Components.Adapters;

/// <summary>Who and where this process is.</summary>
internal static class Machine
{
    /// <summary>Who deploys, as lock and journal say it: `ann@laptop`.</summary>
    public static string Person => $"{Environment.UserName}@{Environment.MachineName}";

    public static string Name => Environment.MachineName;

    /// <summary>The Docker host deployed to: what the setting names, or this machine.</summary>
    public static string HostOf(DockerSetting engine) => engine.IsLocal ? Name : engine.EngineHost;

    /// <summary>Which CI run this is, or null.</summary>
    public static string? CiRun =>
        Environment.GetEnvironmentVariable("GITHUB_RUN_ID") is { Length: > 0 } run ? $"GitHub run {run}" : null;

    /// <summary>Whether a person can be asked.</summary>
    public static bool HasTerminal => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Whether what a program reads and what it writes is a terminal.</summary>
    public static bool IsTerminal => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>Asks on the terminal; only an answer that begins with y means yes.</summary>
    public static async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        var answer = await AskAsync($"{question} [y/N]", cancellationToken);
        return answer.StartsWith('y') || answer.StartsWith('Y');
    }

    /// <summary>What is typed on the terminal, without the space around it; empty: nothing.</summary>
    public static async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync($"{PrintableText.Of(question)} ");
        var answer = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        return answer?.Trim() ?? "";
    }
}
