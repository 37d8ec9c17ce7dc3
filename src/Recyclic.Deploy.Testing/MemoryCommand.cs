using Recyclic.Build.Testing;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Deploy.Testing;

/// <summary>One command of a build, as it reaches a host in memory.</summary>
internal sealed class MemoryCommand
{
    private readonly MemoryCluster _cluster;
    private readonly MemoryClock _clock;
    private readonly MemoryProcess _process;
    private readonly MemoryApplication? _application;

    public MemoryCommand(
        MemoryCluster cluster,
        MemoryClock clock,
        MemoryProcess process,
        TestProcess tested,
        MemoryApplication? application
    )
    {
        (_cluster, _clock, _process, _application) = (cluster, clock, process, application);
        process.Died.ContinueWith(
            _ => tested.Kill(),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        process.Interrupted.Register(tested.Interrupt);
    }

    public PlatformConnection Connect(ComposeSettings settings) =>
        new(MemoryPlatform.Of(_cluster, _process, Reading(settings), _clock), "a host in memory", _clock)
        {
            Strike = StrikeAsync,
            DigestOf = image => _cluster.IsLost(image) ? null : MemoryImages.RegistryDigestOf(image),
        };

    private IComposeFiles Reading(ComposeSettings settings) =>
        _application is null
            ? new DockerComposeFiles(new DockerCli(new ToolRunner()), settings)
            : new MemoryComposeFiles(new MemoryCalls(_cluster, _process), _application.Json);

    private Task StrikeAsync(Fault fault) =>
        fault.Kind switch
        {
            FaultKind.Kill => _process.DieAsync(),
            FaultKind.Interrupt or FaultKind.Terminate or FaultKind.InterruptTwice => _process.InterruptAsync(),
            FaultKind.Fail => throw new StepFailedException(
                $"it was made to fail at {fault.Point}",
                [$"{Fault.Variable} is set to {fault}"]
            ),
            // Time stands still in memory unless somebody waits.
            _ => Task.CompletedTask,
        };
}
