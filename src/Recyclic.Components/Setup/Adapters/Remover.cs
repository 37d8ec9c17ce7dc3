using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Processes;

namespace Recyclic.Components.Setup.Adapters;

/// <summary>
/// Takes back what Setup did to a machine; what is done is struck from the record at once, so that it may be called
/// again.
/// </summary>
/// <param name="root">Where the machine's files begin; another folder than `/` is a machine of a test.</param>
internal sealed class Remover(ICommandRunner runner, Action<string> say, string root = "/")
{
    private readonly AptGet _apt = new(runner, say, root);
    private readonly RecordFile _file = new(root);

    public async Task<UndoPlan> PlanAsync(SetupRecord record, CancellationToken cancellationToken)
    {
        var probe = new MachineProbe(runner, root);
        var packages = await probe.ReadPackagesAsync(cancellationToken);
        var ours = UndoPlan.StillInstalled(record, packages);
        var edited = ImmutableArray.CreateBuilder<string>();
        foreach (var change in record.Of(ChangeKind.Source))
            if (
                File.Exists(Under(change.What))
                && await File.ReadAllTextAsync(Under(change.What), cancellationToken) != change.Detail
            )
                edited.Add(change.What);
        return UndoPlan.For(
            record,
            new UndoFacts(
                await probe.ReadContainersAsync(cancellationToken),
                probe.HasEngineProgram,
                packages,
                edited.ToImmutable(),
                ours.IsEmpty ? null : await _apt.SimulateAsync(["remove", .. ours], cancellationToken),
                Components.Adapters.Machine.IsRoot
            )
        );
    }

    /// <exception cref="TargetFailedException">A step failed; what was done before is struck from the
    /// record.</exception>
    public async Task RunAsync(UndoPlan plan, CancellationToken cancellationToken)
    {
        foreach (var image in plan.Images)
        {
            // Without force: one that something uses stays.
            await runner.RunAsync(Command.Of("docker", "image", "rm", image), cancellationToken);
            await StrikeAsync(ChangeKind.Image, [image], cancellationToken);
        }
        if (plan.Engine is { } engine)
        {
            await MustAsync(
                engine.Detail == "systemd"
                    ? ["systemctl", "disable", "--now", "docker.service", "docker.socket"]
                    :
                    [
                        "start-stop-daemon",
                        "--stop",
                        "--oknodo",
                        "--retry",
                        "30",
                        "--pidfile",
                        "/var/run/docker.pid",
                        "--exec",
                        engine.What,
                    ],
                cancellationToken
            );
        }
        if (!plan.Packages.IsEmpty)
            await _apt.RemoveAsync(plan.Packages, cancellationToken);
        foreach (var file in plan.Files)
            File.Delete(Under(file));
        await _file.WriteAsync(SetupRecord.Empty, cancellationToken);
    }

    private string Under(string path) => Path.Combine(root, path[1..]);

    private async Task StrikeAsync(ChangeKind kind, ImmutableArray<string> what, CancellationToken cancellationToken)
    {
        var record = await _file.ReadAsync(cancellationToken);
        await _file.WriteAsync(what.Aggregate(record, (left, one) => left.Without(kind, one)), cancellationToken);
    }

    private async Task MustAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(Command.Of(command[0], command.Skip(1)), cancellationToken);
        if (!result.Succeeded)
            throw new TargetFailedException(
                $"What Setup did was taken back only in part.\n{new CommandFailedException(result).Message}\n  next    mend what the last lines name and run ./build.sh Setup --undo again; --status says what is left",
                2
            );
    }
}
