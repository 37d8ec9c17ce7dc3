using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The other applications of a host: those that were deployed, by their journals, and those of plain compose, by its
/// labels.
/// </summary>
internal static class Neighbours
{
    /// <summary>Each journal costs a process.</summary>
    private const int MostJournals = 10;

    /// <param name="engineIsLocal">Whether folders that the engine's containers name are of this machine.</param>
    public static async Task<IReadOnlyList<Neighbour>> FindAsync(
        EngineClient engine,
        IHostLock hostLock,
        ApplicationIdentity identity,
        bool engineIsLocal,
        CancellationToken cancellationToken
    )
    {
        var containers = (await engine.ListContainersAsync(cancellationToken))
            .Select(container => EngineAnswers.Labels(container.Labels))
            .ToList();
        var apps = containers
            .Select(labels => labels.GetValueOrDefault(Naming.AppLabel))
            .OfType<string>()
            .Where(Naming.IsValid)
            .Where(app => app != identity.App)
            .Distinct()
            .Take(MostJournals);
        var found = (await Task.WhenAll(apps.Select(ReadAsync))).OfType<Neighbour>().ToList();
        if (!engineIsLocal || identity.Origin is not { } origin)
            return found;
        var plain =
            from labels in containers
            where !labels.ContainsKey(Naming.AppLabel)
            let project = labels.GetValueOrDefault("com.docker.compose.project")
            where
                project is not null
                && labels.GetValueOrDefault("com.docker.compose.project.working_dir") == origin.Folder
                && labels
                    .GetValueOrDefault("com.docker.compose.project.config_files")
                    ?.Split(',')
                    .Contains(identity.Files[0]) == true
            select project;
        return [.. found, .. plain.Distinct().Select(project => new Neighbour(project, null, origin))];

        async Task<Neighbour?> ReadAsync(string app)
        {
            try
            {
                var journal = (await hostLock.PeekAsync(app, cancellationToken)).Journal;
                return new Neighbour(app, journal.Environment, journal.Origin);
            }
            catch (Exception exception)
                when (exception is EngineException or ConfigurationException or StepFailedException)
            {
                // Only a word of advice hangs on it.
                return null;
            }
        }
    }
}
