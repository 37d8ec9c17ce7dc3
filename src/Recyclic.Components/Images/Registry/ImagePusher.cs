using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Registry;

/// <summary>Some images are not in the registry.</summary>
/// <param name="arrived">The images that are.</param>
internal sealed class PushFailedException(
    ImmutableArray<(ImageName Image, RegistryProblem Problem)> failed,
    ImmutableArray<ImageName> arrived
) : Exception(Text(failed, arrived))
{
    private static string Text(
        ImmutableArray<(ImageName Image, RegistryProblem Problem)> failed,
        ImmutableArray<ImageName> arrived
    ) =>
        string.Join(
            '\n',
            failed.Select(entry =>
                $"{entry.Image} was not pushed: {entry.Problem.What}\n  cause   {entry.Problem.Evidence}"
            )
        )
        + $"\n  users   untouched: nothing was deployed\n  undone  nothing had to be; in the registry now: {(arrived.IsEmpty ? "none of these" : string.Join(", ", arrived))}"
        + $"\n  next    {string.Join(" ", failed.Select(entry => entry.Problem.Mend).Distinct())} Then run the same command again: what has arrived is not sent twice.";
}

/// <summary>Pushes images side by side, a few at a time, and makes sure of what the registry has afterwards.</summary>
/// <param name="onLine">Told of each image that is done.</param>
/// <param name="onProgress">Told how far all are, often; null at the end.</param>
internal sealed class ImagePusher(
    DockerCli docker,
    IRegistry registry,
    TimeProvider time,
    Action<string> onLine,
    Action<string?> onProgress
)
{
    private const int SideBySide = 4;

    /// <summary>
    /// The pauses before each further try. A push may be repeated: layers that have arrived stay, and the tag is set
    /// last of all.
    /// </summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)];

    /// <param name="timeout">How long one push of one image may take.</param>
    /// <returns>By image, the digest that the registry has for it.</returns>
    /// <exception cref="PushFailedException">Some were not pushed.</exception>
    public async Task<ImmutableDictionary<ImageName, string>> PushAsync(
        IReadOnlyCollection<PushItem> items,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        var digests = new ConcurrentDictionary<ImageName, string>();
        var problems = new ConcurrentDictionary<ImageName, RegistryProblem>();
        var progress = new ConcurrentDictionary<ImageName, PushProgress>();
        await Parallel.ForEachAsync(
            items.DistinctBy(item => item.Image),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                var started = time.GetTimestamp();
                try
                {
                    digests[item.Image] = item.IsThere
                        ? item.Remote!.Digest
                        : await PushAsync(item.Image, timeout, progress, token);
                    onLine(
                        $"      {item.Image}  {digests[item.Image]}  {(item.IsThere ? item.Id is { } id && !item.Remote!.IsSameAs(id) ? "was there, and is kept: an accessory's tag names no release" : "was there" : $"pushed in {time.GetElapsedTime(started).TotalSeconds:0.0} s")}"
                    );
                }
                catch (RegistryException exception)
                {
                    problems[item.Image] = exception.Problem;
                }
            }
        );
        onProgress(null);
        return problems.IsEmpty
            ? digests.ToImmutableDictionary()
            : throw new PushFailedException(
                [
                    .. problems
                        .Select(entry => (entry.Key, entry.Value))
                        .OrderBy(entry => entry.Key.ToString(), StringComparer.Ordinal),
                ],
                [.. digests.Keys.OrderBy(image => image.ToString(), StringComparer.Ordinal)]
            );
    }

    private async Task<string> PushAsync(
        ImageName image,
        TimeSpan timeout,
        ConcurrentDictionary<ImageName, PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        for (var tried = 0; ; tried++)
        {
            var problem = await TryPushAsync(image, timeout, progress, cancellationToken);
            if (problem is null)
                return await ConfirmAsync(image, progress[image].Digest, cancellationToken);
            if (!problem.MayPass || tried == Pauses.Length)
                throw new RegistryException(problem);
            onLine(
                $"      {image}: {problem.What} ({problem.Evidence}); once more in {Pauses[tried].TotalSeconds:0} s"
            );
            await Task.Delay(Pauses[tried], time, cancellationToken);
        }
    }

    private async Task<RegistryProblem?> TryPushAsync(
        ImageName image,
        TimeSpan timeout,
        ConcurrentDictionary<ImageName, PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var own = progress[image] = new PushProgress();
        var command = Command.Of("docker", "push", image.ToString()) with
        {
            Timeout = timeout,
            OnLine = line =>
            {
                own.Read(line);
                onProgress(
                    "pushing "
                        + string.Join(
                            ", ",
                            progress
                                .OrderBy(entry => entry.Key.Repository, StringComparer.Ordinal)
                                .Select(entry => $"{entry.Key.Repository} {entry.Value}")
                        )
                );
            },
        };
        try
        {
            var result = await docker.TryBuildAsync(command, cancellationToken);
            return result.Succeeded
                ? null
                : RegistryProblem.OfPush(
                    result.StandardError.Length > 0 ? result.StandardError : result.StandardOutput
                );
        }
        catch (CommandFailedException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It outran its time once: another try would as well.
            return RegistryProblem.Slow(exception.Message.Split('\n')[0]) with { MayPass = false };
        }
    }

    /// <summary>
    /// What the registry says it has: the engine's word alone would not tell that somebody else moved the tag
    /// meanwhile.
    /// </summary>
    private async Task<string> ConfirmAsync(ImageName image, string? printed, CancellationToken cancellationToken)
    {
        var there =
            await registry.FindAsync(image, cancellationToken)
            ?? throw new RegistryException(
                new(
                    "it does not have what was pushed",
                    $"there is no {image}",
                    "See its log; does another program delete images there?",
                    false
                )
            );
        return printed is null || printed == there.Digest
            ? there.Digest
            : throw new RegistryException(
                new(
                    "the tag has been moved meanwhile",
                    $"{printed} was pushed, {there.Digest} is there",
                    "Somebody else pushes under this tag: find out who.",
                    false
                )
            );
    }
}

/// <summary>Asks a registry for the digests of a release's images.</summary>
internal static class DigestLookup
{
    /// <returns>By image reference with tag: `sha256:…`.</returns>
    /// <exception cref="ConfigurationException">An image is not there, or the registry does not say.</exception>
    public static async Task<ImmutableDictionary<string, string>> FindAsync(
        IRegistry registry,
        IEnumerable<ImageName> images,
        CancellationToken cancellationToken
    )
    {
        var found = await Task.WhenAll(
            images
                .Distinct()
                .Select(async image =>
                {
                    try
                    {
                        return (
                            image,
                            remote: await registry.FindAsync(image, cancellationToken),
                            problem: (RegistryProblem?)null
                        );
                    }
                    catch (RegistryException exception)
                    {
                        return (image, null, exception.Problem);
                    }
                })
        );
        var problems = found
            .Where(entry => entry.remote is null)
            .Select(entry =>
                entry.problem is { } problem
                    ? new ConfigurationProblem(
                        $"registry {entry.image.Registry}",
                        $"{problem.What}: {problem.Evidence}",
                        problem.Mend
                    )
                    : new ConfigurationProblem(
                        $"registry {entry.image.Registry}",
                        $"there is no {entry.image}",
                        $"Push it: ./build.sh PushImages --tag {entry.image.Tag} --registry {entry.image.Registry}"
                    )
            )
            .Distinct()
            .ToImmutableArray();
        return problems.IsEmpty
            ? found.ToImmutableDictionary(entry => entry.image.ToString(), entry => entry.remote!.Digest)
            : throw new ConfigurationException(problems);
    }
}
