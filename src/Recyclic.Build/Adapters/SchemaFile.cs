using System.Globalization;

namespace Recyclic.Build.Adapters;

/// <summary>
/// Keeps <c>.nuke/build.schema.json</c> as the build is defined. A note in <c>.nuke/temp</c> says for which definition
/// the file was last found right, so that most starts read that note and do no more; nothing is written unless
/// something has changed. </summary>
internal static class SchemaFile
{
    /// <param name="root">The root directory; without <c>.nuke</c> in it there is nothing to keep.</param>
    /// <param name="mark">Changes whenever the definition may have changed.</param>
    /// <param name="content">What the file should hold; asked for when in doubt only.</param>
    public static void Keep(AbsolutePath root, string mark, Func<byte[]> content)
    {
        var directory = Path.Combine(root, ".nuke");
        var file = Path.Combine(directory, "build.schema.json");
        var note = Path.Combine(directory, "temp", "build.schema.mark");
        try
        {
            if (!Directory.Exists(directory) || (File.Exists(note) && File.ReadAllText(note) == NoteOf(file, mark)))
                return;
            var wanted = content();
            if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(wanted))
                Replace(file, wanted);
            Directory.CreateDirectory(Path.GetDirectoryName(note)!);
            Replace(note, System.Text.Encoding.UTF8.GetBytes(NoteOf(file, mark)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A build that may not write there runs all the same.
        }
    }

    private static string NoteOf(string file, string mark)
    {
        var info = new FileInfo(file);
        return info.Exists
            ? string.Create(CultureInfo.InvariantCulture, $"{mark} {info.Length} {info.LastWriteTimeUtc.Ticks}")
            : "";
    }

    /// <summary>At once, for builds that start at the same time.</summary>
    private static void Replace(string file, byte[] content)
    {
        var draft = $"{file}.{Environment.ProcessId}";
        File.WriteAllBytes(draft, content);
        File.Move(draft, file, overwrite: true);
    }
}
