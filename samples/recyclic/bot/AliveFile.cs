using System.Globalization;

namespace Recyclic.Sample.Bot;

/// <summary>
/// The bot's health, for a probe that opens no port: one line, <c>&lt;unix seconds&gt; healthy</c> or <c>0
/// &lt;reason&gt;</c>. The probe compares the number with the clock, so a bot that hangs turns unhealthy by itself.
/// </summary>
internal sealed class AliveFile
{
    private readonly Release _release;
    private readonly string _path;

    public AliveFile(Release release, string path)
    {
        (_release, _path) = (release, path);
        // A container that is started again finds the file of its former life.
        Remove();
    }

    public void Healthy() =>
        Write(_release.FaultNow is { } fault ? $"0 {fault}" : $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()} healthy");

    public void Unhealthy(string reason) => Write($"0 {reason.ReplaceLineEndings(" ")}");

    public void Remove() => File.Delete(_path);

    // Renamed into place: the probe never reads half a line.
    private void Write(string line)
    {
        File.WriteAllText(_path + ".new", string.Create(CultureInfo.InvariantCulture, $"{line}\n"));
        File.Move(_path + ".new", _path, overwrite: true);
    }
}
