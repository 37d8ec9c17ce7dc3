namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Sets when containers start again by themselves. The engine refuses this for a container that ends at that very moment, as one
/// that crashes at once does again and again, and then nothing has changed: so it is asked again, 3 s at most.
/// </summary>
internal sealed class RestartUpdate(DockerCli docker)
{
    private const int Attempts = 30;
    private const string Refused = "Cannot update container";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="Recyclic.Processes.CommandFailedException">The engine refused all the time, or for another reason.</exception>
    public async Task RunAsync(string policy, IReadOnlyCollection<string> containers, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await docker.TryChangeAsync(DockerCommands.SetRestart(policy, containers), cancellationToken);
            if (result.Succeeded) return;
            if (attempt == Attempts || !result.StandardError.Contains(Refused, StringComparison.OrdinalIgnoreCase)) result.EnsureSuccess();
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
