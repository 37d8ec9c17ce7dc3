using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What compose says of files that it does not read, for a person.</summary>
internal static class ComposeRefusal
{
    public static ConfigurationException Of(string file, CommandResult result)
    {
        var lines = result
            .StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains("level=warning", StringComparison.Ordinal))
            .TakeLast(5);
        var reason = string.Join("; ", lines.Select(line => PrintableText.Of(line.TrimEnd('\r'))))
            .Replace($"validating {file}: ", "", StringComparison.Ordinal)
            .Trim();
        if (reason.Contains("invalid project name", StringComparison.Ordinal))
            return new ConfigurationException("--project", reason, "Give another name: --project <name>.");
        var place = reason.StartsWith("yaml: line", StringComparison.Ordinal)
            ? "Mend the file at that line or below it"
            : "Mend the file";
        return new ConfigurationException(file, reason, $"{place}; `docker compose -f {file} config` shows the same.");
    }
}
