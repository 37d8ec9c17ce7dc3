using System.Text;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Files;

/// <summary>
/// What the team's files of variables and secrets hold, so that it is known when it turns up in a text. What cannot be
/// read is compose's to complain of.
/// </summary>
internal static class SecretReader
{
    private const int Longest = 256 * 1024;

    /// <summary>The variables of `.env` beside the compose file, or of the files that were named in its place.</summary>
    public static IEnumerable<FoundValue> Variables(string composeFile, IReadOnlyCollection<string> envFiles)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(composeFile)) ?? "", ".env");
        return (envFiles.Count > 0 ? envFiles : [beside]).SelectMany(file => EnvFileText.Parse(Read(file) ?? ""));
    }

    /// <summary>The contents of the files that a compose model has as `secrets`.</summary>
    public static IEnumerable<FoundValue> Secrets(JsonObject model) =>
        from secret in model["secrets"] as JsonObject ?? []
        let file = secret.Value.At("file").AsText()
        where file is not null
        let content = Read(file)
        where content is not null
        select new FoundValue(secret.Key, content.TrimEnd('\r', '\n')) { IsSecret = true };

    private static string? Read(string file)
    {
        try
        {
            if (!File.Exists(file))
                return null;
            using var stream = File.OpenRead(file);
            var bytes = new byte[Math.Min(stream.Length, Longest)];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(bytes, 0, count);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
