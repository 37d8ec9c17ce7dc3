using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>Asks the host what a plan of this application needs to know, and plans. Reads only.</summary>
internal sealed class PlanMaker(Platform platform, ReleaseFileCare files, IDeployReporter reporter, TimeProvider time)
{
    /// <summary>
    /// The plan, if the host's state allows one, and the application with what its release needs of the host.
    /// </summary>
    public async Task<(DeployPlan Plan, Application App)> MakeAsync(
        Application app,
        Snapshot now,
        Release release,
        DeployRequest request,
        CancellationToken cancellationToken,
        Operation operation = Operation.Deploy,
        bool isDry = false
    )
    {
        // A way back is never refused for want of an approval.
        if (request.Admission is { } rule && operation == Operation.Deploy)
            Admission.Check(rule, release, now.Journal, now.HostTime ?? time.GetUtcNow());
        (app, release) = await files.ReadyAsync(app, now, release, operation, cancellationToken);
        if (operation == Operation.Deploy && Adoption.Of(app, now) is { } adoption)
        {
            adoption.Check(app);
            var agrees =
                isDry || request.Adopts is { } ask && await ask(adoption.Question(app.Name), cancellationToken);
            if (!agrees)
                throw adoption.Refusal(app.Name);
            now = now with { Adopted = adoption.Adopted };
        }
        var resources = new ResourceCheck(platform.Host);
        now = await resources.LookAsync(now, cancellationToken);
        var uses = resources.ReadUsesAsync(now, cancellationToken);
        if (DataVolumes.Candidates(app, now) is { IsEmpty: false } volumes)
            now = now with { Volumes = await platform.Host.ReadVolumesAsync(volumes, cancellationToken) };
        if (operation == Operation.Deploy)
            ReplacementCheck.Check(app, now, request.Replaces);
        Preconditions.CheckTraits(app, now, request.Options);
        Preconditions.Check(app, now);
        foreach (var pretender in now.Pretenders)
            reporter.Note($"{pretender}, has labels of {app.Name}, but is none of its containers: it is not touched");
        if (EdgeAge.Note(now.Edge, time.GetUtcNow()) is { } old)
            reporter.Note(old);
        now = await new ImagesOfOthers(platform, reporter).ReadAsync(now, release, request.Options, cancellationToken);
        var plan = PlanExtras.With(
            DeployPlanner.Deploy(app, now, release, request.Options, operation),
            app,
            request.Options
        );
        var actions = plan.Steps.Select(step => step.Action).ToList();
        var published = actions
            .OfType<OpenGates>()
            .SelectMany(step => step.Gates)
            .Select(gate => gate.ToString())
            .Concat(
                actions
                    .OfType<TakeOverPorts>()
                    .SelectMany(step => step.Gates)
                    .Select(gate => gate.ToString())
                    .Where(port => !AdoptionPlan.IsTakenOver(now, port))
            );
        if (published.Distinct().ToImmutableArray() is { IsEmpty: false } ports)
            Preconditions.CheckPorts(await platform.Host.FindPortHoldersAsync(app.Name, ports, cancellationToken));
        ImmutableArray<string> own =
        [
            .. OwnPorts.WantedBy(app, now).Where(port => !AdoptionPlan.IsTakenOver(now, port)),
        ];
        if (!own.IsEmpty)
            Preconditions.CheckPorts(await platform.Host.FindPortHoldersAsync(app.Name, own, cancellationToken));
        return (ResourceCheck.Check(plan, app, now, await uses, request.Options), app);
    }
}
