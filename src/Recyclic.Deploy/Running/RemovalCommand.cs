using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>What became of the removal of an application, as it was read back.</summary>
/// <param name="Gone">What was there and is not any more.</param>
/// <param name="Left">What was to go and is there all the same.</param>
/// <param name="Keeps">What stays, and was there when it was looked at last.</param>
public sealed record RemovalOutcome(
    RemovalPlan Plan,
    ImmutableArray<FoundThing> Gone,
    ImmutableArray<FoundThing> Left,
    ImmutableArray<KeptThing> Keeps
);

/// <summary>
/// Takes an application away from its host, known by labels alone, so whatever a deploy or a removal that was broken off
/// has left of it. The records go last: as long as anything is there, so is what is known of it.
/// </summary>
public sealed class RemovalCommand
{
    private readonly Platform _platform;
    private readonly CalmReporter _reporter;
    private readonly LockQueue _queue;

    /// <param name="audience">Told what happens; what it throws is its own affair.</param>
    public RemovalCommand(Platform platform, IDeployReporter audience, TimeProvider time)
    {
        (_platform, _reporter) = (platform, new CalmReporter(audience));
        _queue = new LockQueue(platform, _reporter, time);
    }

    /// <summary>What <see cref="RunAsync"/> would remove now. Reads only; takes no lock.</summary>
    /// <param name="data">Whether what the application wrote goes too.</param>
    public async Task<RemovalPlan> PlanAsync(
        string app,
        bool data,
        DeployOptions options,
        CancellationToken cancellationToken
    ) => RemovalPlanner.Plan(await FindAsync(app, null, options, cancellationToken), data);

    /// <summary>Removes what was agreed to.</summary>
    /// <param name="agreed">What <see cref="PlanAsync"/> said.</param>
    /// <exception cref="LockHeldException">A deploy is at work.</exception>
    /// <exception cref="ConfigurationException">There is data meanwhile that nobody has agreed to remove; nothing was
    /// touched.</exception>
    public async Task<RemovalOutcome> RunAsync(
        RemovalPlan agreed,
        bool data,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        var app = agreed.App;
        // Taking the lock makes the records where there are none: since when they are there was true before.
        var before = await FindAsync(app, null, request.Options, cancellationToken);
        RemovalPlan plan;
        ApplicationInventory found;
        await using (var host = await _queue.TakeAsync(app, request, cancellationToken))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.Lost);
            var state = await host.ReadAsync(cancellationToken);
            found = await FindAsync(app, state, request.Options, cancellationToken) with { Since = before.Since };
            plan = RemovalPlanner.Plan(found, data);
            CheckAgreed(plan, agreed);
            try
            {
                foreach (var group in Groups(plan))
                {
                    _reporter.Note($"removing {Counted(group)}");
                    await Remover.RemoveAsync(app, group, either.Token);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new StepFailedException(
                    "the deploy lock was lost",
                    ["its container has ended, or does not answer any more"]
                );
            }
        }
        await Remover.RemoveRecordsAsync(app, plan.Records, cancellationToken);
        return await ReadBackAsync(plan, found, cancellationToken);
    }

    private IApplicationRemover Remover =>
        _platform.Remover
        ?? throw new ConfigurationException("Remove", "nobody can take an application away here", "Remove it by hand.");

    private async Task<ApplicationInventory> FindAsync(
        string app,
        HostState? state,
        DeployOptions options,
        CancellationToken cancellationToken
    )
    {
        state ??= await _platform.Lock.PeekAsync(app, cancellationToken);
        var images = state
            .Journal.Records.Select(record => record.Release)
            .OfType<Release>()
            .SelectMany(release => release.Images.Values)
            .SelectMany(image => new[] { image.Reference, image.RegistryDigest })
            .OfType<string>()
            .Where(image => !image.StartsWith("sha256:", StringComparison.Ordinal))
            .Distinct();
        var found = await Remover.FindAsync(app, images, cancellationToken);
        ImmutableArray<string> neighbours =
        [
            .. (await _platform.Host.ListApplicationsAsync(cancellationToken))
                .Where(other => other != app)
                .Order(StringComparer.Ordinal),
        ];
        return found with
        {
            Neighbours = neighbours,
            HasCertificates = !state.Certificates.IsEmpty,
            ImagesOfOthers = found.Things.Any(thing => thing is { Kind: ThingKind.Image, Maker: ThingMaker.Nobody })
                ? await ReadImagesAsync(neighbours, options, cancellationToken)
                : [],
        };
    }

    private async Task<ImmutableHashSet<string>?> ReadImagesAsync(
        ImmutableArray<string> others,
        DeployOptions options,
        CancellationToken cancellationToken
    )
    {
        var needed = ImmutableHashSet.CreateBuilder<string>();
        foreach (var other in others)
            try
            {
                var journal = (await _platform.Lock.PeekAsync(other, cancellationToken)).Journal;
                needed.UnionWith(Retention.Kept(journal, null, options.KeepReleases).SelectMany(Retention.NamesOf));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One that has gone meanwhile needs none.
                if (!(await _platform.Host.ListApplicationsAsync(cancellationToken)).Contains(other))
                    continue;
                _reporter.Warn($"no image is removed: what {other} needs could not be read: {exception.Message}");
                return null;
            }
        return needed.ToImmutable();
    }

    /// <summary>What goes is what was agreed to, and never data that came in between.</summary>
    private static void CheckAgreed(RemovalPlan plan, RemovalPlan agreed)
    {
        var known = agreed.Removes.Select(thing => (thing.Kind, thing.Name)).ToHashSet();
        var grown = plan
            .Removes.Where(thing => thing.Kind == ThingKind.Volume && !RemovalPlanner.IsOfTheLock(thing))
            .Select(thing => thing.Name)
            .Where(name => !known.Contains((ThingKind.Volume, name)))
            .ToList();
        if (grown.Count > 0)
            throw new ConfigurationException(
                $"application {plan.App}",
                $"there is more of it than a moment ago: {string.Join(", ", grown)}",
                "Somebody has deployed it in between. If it is to go, run the same command again."
            );
    }

    /// <summary>Containers by what they are for, then the other kinds, as the plan has them.</summary>
    private static IEnumerable<ImmutableArray<FoundThing>> Groups(RemovalPlan plan) =>
        plan
            .Removes.Except(plan.Records)
            .GroupBy(thing => (thing.Kind, Role: thing.Kind == ThingKind.Container ? thing.Role : ""))
            .Select(group => group.ToImmutableArray());

    private static string Counted(ImmutableArray<FoundThing> group)
    {
        var what = group[0].Kind.ToString().ToLowerInvariant();
        return group.Length == 1 ? $"{what} {group[0].Name}" : $"{group.Length} {what}s";
    }

    private async Task<RemovalOutcome> ReadBackAsync(
        RemovalPlan plan,
        ApplicationInventory found,
        CancellationToken cancellationToken
    )
    {
        var images = found.Things.Where(thing => thing.Kind == ThingKind.Image).Select(image => image.Name);
        var now = (await Remover.FindAsync(plan.App, images, cancellationToken))
            .Things.Select(thing => (thing.Kind, thing.Name))
            .ToHashSet();
        // Nothing but a container says that an anonymous volume is the application's.
        var volumes = await _platform.Host.ReadVolumesAsync(
            plan.Removes.Concat(plan.Keeps.Select(kept => kept.Thing))
                .Where(thing => thing.Kind == ThingKind.Volume)
                .Select(volume => volume.Name)
                .Distinct(),
            cancellationToken
        );
        return new(
            plan,
            [.. plan.Removes.Where(thing => !IsThere(thing))],
            [.. plan.Removes.Where(IsThere)],
            [.. plan.Keeps.Where(kept => IsThere(kept.Thing) || kept.Thing.Kind == ThingKind.Image)]
        );

        bool IsThere(FoundThing thing) =>
            thing.Kind == ThingKind.Volume ? volumes.ContainsKey(thing.Name) : now.Contains((thing.Kind, thing.Name));
    }
}
