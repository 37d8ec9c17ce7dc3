using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Environments;
using Recyclic.Components.Metrics.Adapters;
using Recyclic.Components.Registry;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>
/// The deployer wired to an environment's place and to the build's output, for the length of one target. The place is
/// the environment's engine, or what the host of the build has put there instead (<see cref="IPlatformSource"/>).
/// </summary>
public sealed partial class DeploySession
{
    private readonly IHazDeployment _build;
    private readonly DeployPlace _place;

    private DeploySession(IHazDeployment build, EffectiveEnvironment environment, DeployPlace place, Fault? fault)
    {
        (_build, Environment, _place) = (build, environment, place);
        Platform = place.Platform.Masked(build.Redactor);
        Reporter = new BuildReporter(build, TimeProvider.System);
        Probe = new HostProbe(build.RootDirectory);
        Deployer = new Deployer(
            fault is null ? Platform : Platform with { Lock = Faulty(Lock, fault) },
            Reporter,
            Time
        );
    }

    /// <summary>The environment with what the variables of this run add to it.</summary>
    public EffectiveEnvironment Environment { get; }

    /// <summary>The compose files by absolute path, the first one and what is merged over it.</summary>
    public ImmutableArray<string> Files => _place.Files;

    internal BuildReporter Reporter { get; }

    internal HostProbe Probe { get; }

    /// <summary>
    /// Set to the environment's engine. With --registry-user it has that login, in a configuration of its own that goes
    /// with the session.
    /// </summary>
    public DockerCli Docker => _place.Docker;

    /// <summary>The place that the environment's releases run on.</summary>
    public Platform Platform { get; }

    /// <summary>That of the environment's host; nobody has taken it yet.</summary>
    public IHostLock Lock => Platform.Lock;

    /// <summary>Tells the build's output what it does.</summary>
    public Deployer Deployer { get; }

    /// <inheritdoc cref="DeployPlace.Time"/>
    internal TimeProvider Time => _place.Time;

    internal IRegistry Registry => _place.Registry;

    /// <inheritdoc cref="DeployPlace.HostName"/>
    internal string HostName => _place.HostName;

    /// <inheritdoc cref="DeployPlace.HasTerminal"/>
    internal bool HasTerminal => _place.HasTerminal;

    /// <summary>Whether a command's input and output are a person's terminal.</summary>
    internal bool IsTerminal => IsReal && Machine.IsTerminal;

    /// <inheritdoc cref="DeployPlace.IsReal"/>
    internal bool IsReal => _place.IsReal;

    /// <summary>Runs what a target does in the environment that the parameters name.</summary>
    /// <inheritdoc cref="RunAsync(IHazDeployment, Func{DeployEnvironment}, Func{DeploySession, Task}, RegistryLogin, CancellationToken, Func{EffectiveEnvironment, ApprovalAccess})"/>
    public static Task RunAsync(
        IHazDeployment build,
        Func<DeploySession, Task> action,
        CancellationToken cancellationToken = default
    ) => RunAsync(build, () => build.TargetEnvironment, action, RegistryLogin.BeforePull, cancellationToken);

    /// <summary>Runs what a target that needs the registry does.</summary>
    /// <inheritdoc cref="RunAsync(IHazDeployment, Func{DeployEnvironment}, Func{DeploySession, Task}, RegistryLogin, CancellationToken, Func{EffectiveEnvironment, ApprovalAccess})"/>
    public static Task RunAsync(
        IHazDeployment build,
        Func<DeployEnvironment> which,
        Func<DeploySession, Task> action,
        CancellationToken cancellationToken = default
    ) => RunAsync(build, which, action, RegistryLogin.AtOnce, cancellationToken);

    /// <summary>
    /// Runs what a target does with the deployer, and turns its refusals into the exit codes of the contract.
    /// </summary>
    /// <exception cref="TargetFailedException">2 refused, 4 lock held, 1 what went wrong outside a plan.</exception>
    /// <param name="door">By what it gets in there instead of the engine; null: it is the engine.</param>
    internal static Task RunAsync(
        IHazDeployment build,
        Func<DeployEnvironment> which,
        Func<DeploySession, Task> action,
        RegistryLogin login,
        CancellationToken cancellationToken,
        Func<EffectiveEnvironment, ApprovalAccess?>? door = null
    ) =>
        GuardAsync(async () =>
        {
            var fault = FaultOf(build);
            var environment = which();
            var effective = build.Effective(environment);
            // What stands in for the engines is entered as it is.
            if (build.FindStandIn<IPlatformSource>() is null)
                effective = effective.Through(door?.Invoke(effective));
            foreach (var secret in effective.SecretValues.Values)
                build.AddSecret(secret);
            if (effective.EngineProblem is { } problem)
                throw new ConfigurationException([problem]);
            await using DeployPlace place = build.FindStandIn<IPlatformSource>() is { } source
                ? new StandInPlace(build, environment, source)
                : await DockerPlace.OpenAsync(build, effective, login, cancellationToken);
            var session = new DeploySession(build, effective, place, fault);
            try
            {
                await action(session);
            }
            finally
            {
                session.Reporter.Close();
            }
        });

    /// <summary>What a registry has under a tag.</summary>
    /// <exception cref="ConfigurationException">The registry does not say.</exception>
    internal async Task<RemoteImage?> FindImageAsync(ImageName image, CancellationToken cancellationToken)
    {
        try
        {
            return await Registry.FindAsync(image, cancellationToken);
        }
        catch (RegistryException exception)
        {
            throw new ConfigurationException(
                $"registry {image.Registry}",
                $"{exception.Problem.What}: {exception.Problem.Evidence}",
                exception.Problem.Mend
            );
        }
    }

    /// <summary>
    /// The digests of the images of a request's release services: those that were handed over, or else those that the
    /// registry has.
    /// </summary>
    /// <exception cref="ConfigurationException">One is not there, or the registry does not say.</exception>
    internal async Task<DeployRequest> WithDigestsAsync(
        DeployRequest request,
        HandedDigests? handed,
        CancellationToken cancellationToken
    )
    {
        if (request is not { Registry: { } registry, Tag: { } tag })
            return request;
        var compose = await Platform.Files.ReadComposeAsync(
            request.ComposeFile,
            request.Project,
            tag,
            registry,
            cancellationToken
        );
        // Not those of accessories: an accessory is had by its tag when it is first started, and then never again.
        if (
            compose.Choice.IsFile
            && !ReleaseImages.Of(compose).Values.Any(image => RegistryAddress.IsOf(registry, image))
        )
            return request;
        var images = PushPlan
            .Images(compose, registry)
            .Where(image => PushPlan.IsOfRelease(compose, image.Key))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        if (handed is not null)
            return request with { RegistryDigests = handed.By(images) };
        return request with
        {
            RegistryDigests = await DigestLookup.FindAsync(Registry, images.Values, cancellationToken),
        };
    }

    /// <summary>The release that a request means, by its digests, without pulling anything.</summary>
    /// <exception cref="ConfigurationException">An image is not there.</exception>
    internal async Task<Release> FindReleaseAsync(
        DeployRequest request,
        HandedDigests? handed,
        CancellationToken cancellationToken
    )
    {
        var tag = request.Tag!;
        var compose = await Platform.Files.ReadComposeAsync(
            request.ComposeFile,
            request.Project,
            tag,
            request.Registry,
            cancellationToken
        );
        var images = ReleaseImages.Of(compose);
        if (request.Registry is not null && !compose.Choice.IsFile)
        {
            var named = await WithDigestsAsync(request, handed, cancellationToken);
            return Release.Of(
                tag.Value,
                images.ToDictionary(
                    image => image.Key,
                    image => new ImageRef(image.Value, named.RegistryDigests[image.Value])
                    {
                        RegistryDigest = ReleaseImages.ByDigest(image.Value, named.RegistryDigests[image.Value]),
                    }
                )
            );
        }
        if (Environment.Door is { } door)
            throw new ConfigurationException(
                $"environment {Environment.Spec.Name}",
                $"its images come from no registry, and a key that can only approve does not see which ones {door} has",
                "Give the environment a Registry, or let it be approved with the key of a deploy: without ApprovalHost."
            );
        var present = await Platform.Images.InspectImagesAsync(images.Values.Distinct(), cancellationToken);
        var missing = images.Where(image => !present.ContainsKey(image.Value)).ToList();
        if (missing.Count > 0)
            throw new ConfigurationException([
                .. missing.Select(image => new ConfigurationProblem(
                    $"service {image.Key}",
                    $"there is no image {image.Value} on {Environment.Engine}",
                    $"Is {tag} the right tag? Build it: ./build.sh BuildImages --tag {tag}{request.CommandOptions}"
                )),
            ]);
        return Release.Of(
            tag.Value,
            images.ToDictionary(image => image.Key, image => new ImageRef(image.Value, present[image.Value].Id)),
            compose.Choice.IsFile
                ? ReleaseContent.Of(compose.Resolved, Path.GetDirectoryName(request.ComposeFile) ?? "")
                : null
        );
    }

    /// <summary>Turns refusals into the exit codes of the contract.</summary>
    internal static async Task GuardAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (ConfigurationException exception)
        {
            throw new TargetFailedException(exception.Message, 2, exception);
        }
        catch (LockHeldException exception)
        {
            throw new TargetFailedException(exception.Message, 4, exception);
        }
        catch (PushFailedException exception)
        {
            throw new TargetFailedException(exception.Message, 1, exception);
        }
        catch (Exception exception) when (exception is StepFailedException or EngineException or CommandFailedException)
        {
            throw new TargetFailedException(FailureReport.OutsidePlan(exception), 1, exception);
        }
    }

    /// <summary>The fault that this command is to be struck by. A place that is not real strikes whoever asks.</summary>
    private static Fault? FaultOf(IHazDeployment build)
    {
        if (build.EnvironmentVariables.GetValueOrDefault(Fault.Variable) is not { Length: > 0 } asked)
            return null;
        if (
            build.FindStandIn<IPlatformSource>() is not null
            || FaultPass.IsFor(asked, build.EnvironmentVariables.GetValueOrDefault(FaultPass.Variable))
        )
            return Fault.Parse(asked);
        Serilog.Log.Warning($"{Fault.Variable} is set, and is not obeyed: only Selftest strikes commands");
        return null;
    }

    private FaultPoints Faulty(IHostLock hostLock, Fault fault)
    {
        Reporter.Warn($"{Fault.Variable} is set: this command will be struck on purpose by {fault}");
        return new FaultPoints(hostLock, fault, _place.Striker(Reporter.Warn));
    }
}

/// <summary>When a registry is logged in to.</summary>
internal enum RegistryLogin
{
    /// <summary>So that what is wrong with it is known before anything is done.</summary>
    AtOnce,

    /// <summary>
    /// Only when an image has to be pulled: what is on the host already, a way back above all, needs no registry.
    /// </summary>
    BeforePull,
}
