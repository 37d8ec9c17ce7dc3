using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Images are one store for all applications of a host: none is removed that another one runs or may go back to.
/// </summary>
internal sealed class ImagesOfOthers(Platform platform, IDeployReporter reporter)
{
    /// <summary>The same snapshot, with what others need, where images would be removed at all.</summary>
    public async Task<Snapshot> ReadAsync(
        Snapshot now,
        Release release,
        DeployOptions options,
        CancellationToken cancellationToken
    )
    {
        if (Retention.OutdatedImages(now.Journal, release, options.KeepReleases).IsEmpty)
            return now;
        try
        {
            var others = (await platform.Host.ListApplicationsAsync(cancellationToken)).Where(other =>
                other != now.App
            );
            var journals = await Task.WhenAll(
                others.Select(async other => (await platform.Lock.PeekAsync(other, cancellationToken)).Journal)
            );
            return now with
            {
                ImagesOfOthers =
                [
                    .. journals
                        .SelectMany(journal => Retention.Kept(journal, null, options.KeepReleases))
                        .SelectMany(Retention.NamesOf),
                    .. now.Others.Values.Select(other => other.Image),
                ],
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What is wrong with another application keeps nobody from deploying this one.
            reporter.Warn(
                $"no image is removed this time: what other applications of this host need could not be read: {exception.Message}"
            );
            return now with { ImagesOfOthers = null };
        }
    }
}
