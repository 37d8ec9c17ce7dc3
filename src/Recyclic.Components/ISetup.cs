using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Setup;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>Makes a Debian or Ubuntu machine able to build and deploy; does nothing where all is there.</summary>
public interface ISetup : IRecyclicBuild
{
    [Parameter("Never install anything: say what is missing and stop")]
    bool NoSetup => TryGetValue(() => NoSetup);

    Target Setup => _ => _
        .Description("Installs and starts what is missing: Docker Engine, Compose, Buildx, the base image")
        .Executes(async cancellationToken =>
        {
            var runner = new ProcessCommandRunner();
            if (MachineProbe.UsesRemoteEngine)
            {
                WriteLine("DOCKER_HOST or the docker context names another engine than this machine's own: nothing is installed or started.");
                return;
            }
            var missing = await MachineProbe.FindMissingAsync(cancellationToken);
            if (missing.IsEmpty) return;
            var plan = SetupPlan.For(missing, await new MachineProbe(runner).ReadSystemAsync(cancellationToken));
            WriteLine($"Missing on this machine: {string.Join(", ", missing.Select(SetupPlan.Name))}.");
            foreach (var step in plan.Steps) WriteLine($"  - {step.Describe()}");
            if (DryRun) return;
            // A pull needs no root; only what a pull cannot get does.
            var needsRoot = plan.Steps.Any(step => step is not ProvideBaseImage);
            if (NoSetup || needsRoot && !Machine.IsRoot || plan.CannotBecause is not null)
                throw new TargetFailedException($"""
                    Setup cannot go on: {plan.CannotBecause ?? (NoSetup ? "--no-setup forbids it" : "that needs root")}
                      users   untouched; nothing was installed
                      next    {plan.ByHand}
                    """, 2);
            if (Machine.HasTerminal && !await Machine.ConfirmAsync("Do this now?", cancellationToken))
                throw new TargetFailedException("Not confirmed; nothing was installed.", 2);
            var installer = new Installer(runner, WriteLine);
            foreach (var step in plan.Steps) await installer.RunAsync(step, cancellationToken);
            if (await MachineProbe.FindMissingAsync(cancellationToken) is { IsEmpty: false } still)
                throw new TargetFailedException($"After the installation these are still missing: {string.Join(", ", still.Select(SetupPlan.Name))}.\n  next    {plan.ByHand}", 2);
        });
}
