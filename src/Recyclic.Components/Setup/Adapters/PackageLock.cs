using System.Diagnostics;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Setup.Adapters;

/// <summary>
/// Waits while another process has the package manager's locks, as a fresh server's own updates do in its first
/// minutes.
/// </summary>
internal sealed class PackageLock(string root, Action<string> say, TimeSpan patience)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch _waited = new();
    private string? _said;

    /// <exception cref="ConfigurationException">It is still held after the whole patience.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (await HolderAsync(cancellationToken) is { } holder)
            await PauseAsync(holder, cancellationToken);
        _waited.Stop();
    }

    /// <summary>Waits a moment for a lock that apt could not get, and that may have gone by now.</summary>
    /// <inheritdoc cref="WaitAsync"/>
    public async Task WaitAgainAsync(string evidence, CancellationToken cancellationToken)
    {
        await PauseAsync(await HolderAsync(cancellationToken) ?? evidence, cancellationToken);
        await WaitAsync(cancellationToken);
    }

    private async Task PauseAsync(string holder, CancellationToken cancellationToken)
    {
        _waited.Start();
        if (_said != holder)
            say(
                $"      waiting for the package manager's lock, at most {(patience - _waited.Elapsed).TotalSeconds:0} s: {holder}"
            );
        _said = holder;
        if (_waited.Elapsed > patience)
            throw new ConfigurationException(
                "Setup",
                $"the package manager is at work for another process since {patience.TotalMinutes:0} minutes: {holder}",
                "Let it end, or see what it waits for; then run the same command again. Do not remove its lock."
            );
        // The kernel tells nobody when a lock of this kind is given back.
        await Task.Delay(Pause, cancellationToken);
    }

    private async Task<string?> HolderAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists("/proc/locks"))
            return null;
        var files = LockHolders.Files.Select(file => Path.Combine(root, file)).ToHashSet(StringComparer.Ordinal);
        foreach (var id in LockHolders.Read(await File.ReadAllLinesAsync("/proc/locks", cancellationToken)))
            if (OpenFile(id, files) is { } file)
                return $"{NameOf(id)} (process {id}) holds {file}";
        return null;
    }

    private static string? OpenFile(int process, HashSet<string> files)
    {
        try
        {
            return new DirectoryInfo($"/proc/{process}/fd")
                .EnumerateFiles()
                .Select(handle => handle.LinkTarget)
                .FirstOrDefault(target => target is not null && files.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is not ours to look into; then apt itself finds the lock held.
            return null;
        }
    }

    private static string NameOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim();
        }
        catch (IOException)
        {
            return "a process";
        }
    }
}
