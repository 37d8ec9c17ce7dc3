using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Setup;
using Recyclic.Components.Setup.Adapters;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>
/// Makes a Debian or Ubuntu machine able to build and deploy; does nothing where all is there. It only adds: an engine
/// that is there is never replaced, upgraded, stopped or restarted.
/// </summary>
public interface ISetup : IRecyclicBuild
{
    /// <summary>Default: false, then what is missing is installed.</summary>
    [Parameter("Never install anything: say what is missing and stop")]
    bool NoSetup => TryGetValue(() => NoSetup);

    /// <summary>Default: false. Of Setup alone; nothing to do with the target of this name.</summary>
    [Parameter("With Setup: only show what it changed on this machine")]
    bool Status => TryGetValue(() => Status);

    /// <summary>Default: false. Asks at the terminal, unless --yes is given.</summary>
    [Parameter("With Setup: take back what it changed on this machine, as far as nothing else uses it")]
    bool Undo => TryGetValue(() => Undo);

    /// <summary>
    /// Runs before each deploy; does nothing where docker is set to another machine's engine. Exits with 2 where
    /// something is missing that it must not or cannot install.
    /// </summary>
    Target Setup =>
        _ =>
            _.Description(
                    "Installs and starts what is missing, and changes nothing that is there; --status says what it did, --undo takes it back"
                )
                .Executes(cancellationToken => DeploySession.GuardAsync(() => SetUpAsync(cancellationToken)));

    private bool IsNamed => InvokedTargets.Any(target => target.Name == nameof(Setup));

    private bool SaysYes => this is IHazDeployment { Deployment.Yes: true };

    private SetupNeeds Needs => SetupNeed.Of(InvokedTargets.Select(target => target.Name), BuildsImages);

    /// <summary>As <see cref="IBuildImages"/> decides it when its turn comes.</summary>
    private bool BuildsImages =>
        ExecutionPlan.Any(target => target.Name == nameof(IBuildImages.BuildImages))
        && this is IHazDeployment deployment
        && (
            InvokedTargets.Any(target => target.Name == nameof(IBuildImages.BuildImages))
            || !IsSpecified(nameof(DeploymentParameters.Tag)) && !deployment.HasImagesInRegistry
        );

    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        // What stands in for a host is there, and this machine is left as it is.
        if (FindStandIn<Deploy.Ports.IPlatformSource>() is not null)
            return;
        var runner = new ToolRunner();
        if (Status || Undo)
        {
            if (Status && Undo || !IsNamed || InvokedTargets.Count > 1)
                throw new ConfigurationException(
                    Undo ? "--undo" : "--status",
                    "it belongs to Setup alone",
                    $"Run it by itself: ./build.sh Setup {(Undo ? "--undo" : "--status")}."
                );
            await (Status ? ShowRecordAsync(cancellationToken) : TakeBackAsync(runner, cancellationToken));
            return;
        }
        if (MachineProbe.UsesRemoteEngine)
        {
            WriteLine(
                "DOCKER_HOST or the docker context names another engine than this machine's own: nothing is installed or started."
            );
            return;
        }
        var probe = new MachineProbe(runner);
        var missing = await probe.FindMissingAsync(Needs, cancellationToken);
        if (missing.IsEmpty && !IsNamed)
            return;
        var facts = await probe.ReadAsync(missing, cancellationToken);
        var plan = SetupPlan.For(facts);
        foreach (var note in plan.Notes)
            WriteLine(note);
        if (missing.IsEmpty)
            return;
        WriteLine($"Missing on this machine: {string.Join(", ", missing.Select(SetupPlan.Name))}.");
        if (DryRun && plan.Refusal is { } refused)
            WriteLine($"Setup would refuse: {refused}");
        if (!DryRun && plan.Refusal is { } refusal)
            throw new ConfigurationException([refusal]);
        foreach (var step in plan.Steps)
            WriteLine($"  - {step.Describe()}");
        if (DryRun)
            return;
        if (NoSetup)
            throw new ConfigurationException(
                "--no-setup",
                "it forbids Setup to go on",
                $"Get these yourself: {string.Join(", ", missing.Select(SetupPlan.Name))}; then run the same command again. As root, ./build.sh Setup does it on Debian and Ubuntu."
            );
        var isAnswered = SaysYes && SetupNotes.IsAnsweredByYes(plan, facts);
        if (
            !isAnswered
            && Machine.HasTerminal
            && !await Machine.ConfirmAsync(SetupNotes.Question(plan, facts), cancellationToken)
        )
            throw new TargetFailedException("Not confirmed; nothing was installed.", 2);
        await new Installer(runner, WriteLine, TimeProvider.System).RunAsync(plan.Steps, cancellationToken);
        if (await probe.FindMissingAsync(Needs, cancellationToken) is { IsEmpty: false } still)
            throw new TargetFailedException(
                $"After the installation these are still missing: {string.Join(", ", still.Select(SetupPlan.Name))}.\n  next    get them yourself; ./build.sh Setup --status says what was installed",
                2
            );
    }

    private async Task ShowRecordAsync(CancellationToken cancellationToken)
    {
        var file = new RecordFile();
        WriteLine((await file.ReadAsync(cancellationToken)).ToText(file.Path));
    }

    private async Task TakeBackAsync(ICommandRunner runner, CancellationToken cancellationToken)
    {
        var record = await new RecordFile().ReadAsync(cancellationToken);
        if (record.Changes.IsEmpty)
        {
            await ShowRecordAsync(cancellationToken);
            return;
        }
        var remover = new Remover(runner, WriteLine);
        var plan = await remover.PlanAsync(record, cancellationToken);
        if (plan.Refusal is { } refusal)
            throw new ConfigurationException([refusal]);
        foreach (var line in plan.Describe())
            WriteLine($"  - {line}");
        foreach (var line in plan.Kept)
            WriteLine($"  kept: {line}");
        if (DryRun)
            return;
        const string question = "Take this back? No container uses the engine.";
        if (!SaysYes && !Machine.HasTerminal)
            throw new ConfigurationException(
                "Setup --undo",
                $"{question} There is no terminal to ask on",
                "Say so beforehand: --yes."
            );
        if (!SaysYes && !await Machine.ConfirmAsync(question, cancellationToken))
            throw new TargetFailedException("Not confirmed; nothing was changed.", 130);
        await remover.RunAsync(plan, cancellationToken);
        WriteLine("What Setup did on this machine is taken back.");
    }
}
