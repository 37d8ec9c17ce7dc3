using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Metrics.Adapters;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>The deployer wired to this machine's docker command line and to the build's output, for the length of one target.</summary>
public sealed class DeploySession : IDisposable
{
    private DeploySession(IRecyclicBuild build, Fault? fault)
    {
        Reporter = new BuildReporter(build, TimeProvider.System);
        Probe = new HostProbe(build.RootDirectory);
        Docker = new DockerCli(new ProcessCommandRunner(), build.Verbosity == Verbosity.Verbose ? command => build.WriteLine($"      $ {command}") : null);
        Engine = new DockerEngine(Docker);
        Lock = new DockerHostLock(Docker, Engine.Api, TimeProvider.System, Machine.CiRun);
        Deployer = new Deployer(Engine, fault is null ? Lock : Faulty(Lock, fault), Reporter, TimeProvider.System);
    }

    public BuildReporter Reporter { get; }

    public HostProbe Probe { get; }

    public DockerCli Docker { get; }

    public DockerEngine Engine { get; }

    public DockerHostLock Lock { get; }

    public Deployer Deployer { get; }

    /// <summary>Runs what a target does with the deployer, and turns its refusals into the exit codes of the contract.</summary>
    /// <exception cref="TargetFailedException">2 refused, 4 lock held, 1 what went wrong outside a plan.</exception>
    public static async Task RunAsync(IRecyclicBuild build, Func<DeploySession, Task> action)
    {
        using var session = Open(build);
        try
        {
            await action(session);
        }
        catch (ConfigurationException exception)
        {
            throw new TargetFailedException(exception.Message, 2, exception);
        }
        catch (LockHeldException exception)
        {
            throw new TargetFailedException(exception.Message, 4, exception);
        }
        catch (Exception exception) when (exception is StepFailedException or EngineException or CommandFailedException)
        {
            throw new TargetFailedException(FailureReport.OutsidePlan(exception), 1, exception);
        }
        finally
        {
            session.Reporter.Close();
        }
    }

    public void Dispose() => Engine.Dispose();

    private static DeploySession Open(IRecyclicBuild build)
    {
        try
        {
            return new DeploySession(build, Fault.Parse(build.EnvironmentVariables.GetValueOrDefault(Fault.Variable)));
        }
        catch (ConfigurationException exception)
        {
            throw new TargetFailedException(exception.Message, 2, exception);
        }
    }

    private FaultPoints Faulty(IHostLock hostLock, Fault fault)
    {
        var striker = new FaultStriker(TimeProvider.System, Reporter.Warn);
        Reporter.Warn($"{Fault.Variable} is set: this command will be struck on purpose by {fault}");
        return new FaultPoints(hostLock, fault, striker.StrikeAsync);
    }
}
