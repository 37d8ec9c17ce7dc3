using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The containers in which the commands of smoke tests run.</summary>
internal sealed partial class DockerReleases
{
    public async Task StartCommandAsync(
        Application app,
        Slot slot,
        Release release,
        string service,
        ImmutableArray<string> command,
        CancellationToken cancellationToken
    )
    {
        var project = await ProjectAsync(app, slot, release, [], null, cancellationToken);
        SmokeModel.Add(project.Model, service, command);
        await project.StartAsync([Naming.SmokeService], cancellationToken);
    }

    public async Task RemoveCommandAsync(string app, Slot slot, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        var made = (await reader.OwnAsync(app, cancellationToken))
            .Select(EngineAnswers.Container)
            .Where(container =>
                container.Service == Naming.SmokeService && container.Label(Naming.SlotLabel) == slot.Name()
            )
            .Select(container => (container.Id, RenewsVolumes: true))
            .ToList();
        if (made.Count > 0)
            await changes.RemoveReleaseAsync(
                [.. made],
                ExpectedLabels.Ours(record.Ownership, Naming.ReleaseRole),
                cancellationToken
            );
    }
}
