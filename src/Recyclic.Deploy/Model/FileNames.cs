using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: whether a path that is not there was meant to be a file. Where compose would put a folder, the container would
/// not find what it looks for.
/// </summary>
internal static class FileNames
{
    /// <summary>Endings of what people mount as single files.</summary>
    private static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".cer",
        ".cfg",
        ".cnf",
        ".conf",
        ".config",
        ".crt",
        ".csv",
        ".db",
        ".env",
        ".hcl",
        ".htm",
        ".html",
        ".htpasswd",
        ".ini",
        ".jar",
        ".jks",
        ".js",
        ".json",
        ".key",
        ".lic",
        ".lua",
        ".lock",
        ".log",
        ".md",
        ".p12",
        ".pem",
        ".pfx",
        ".php",
        ".properties",
        ".pub",
        ".py",
        ".rb",
        ".rules",
        ".sh",
        ".so",
        ".sock",
        ".sql",
        ".sqlite",
        ".sqlite3",
        ".template",
        ".tmpl",
        ".toml",
        ".ts",
        ".txt",
        ".vcl",
        ".xml",
        ".yaml",
        ".yml",
    };

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Caddyfile",
        "Dockerfile",
        "Makefile",
        "authorized_keys",
        "crontab",
        "hosts",
        "known_hosts",
        "passwd",
    };

    /// <summary>
    /// Whether the engine makes a folder where there is nothing to mount, and that can be what is meant.
    /// </summary>
    public static bool IsMadeByTheEngine(JsonObject mount) =>
        mount["bind"].At("create_host_path")?.ToString() == "true"
        && !IsFile(mount["source"].AsText() ?? "")
        && !IsFile(mount["target"].AsText() ?? "");

    public static bool IsFile(string path)
    {
        var name = path.TrimEnd('/', '\\').Split('/', '\\')[^1];
        return !path.EndsWith('/') && (Names.Contains(name) || Endings.Contains(Path.GetExtension(name)));
    }
}
