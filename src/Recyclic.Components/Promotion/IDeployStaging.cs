using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Promotion;
using Recyclic.Components.Promotion.Adapters;

namespace Recyclic.Components;

/// <summary>Deploys to staging and tries the release there as users would see it.</summary>
public interface IDeployStaging : IHazDeployment
{
    /// <summary>
    /// Fails where a smoke test does, and leaves the release in place; the record counts against it where a
    /// <see cref="Gates.SoakGate"/> judges it.
    /// </summary>
    Target DeployStaging =>
        _ =>
            _.Description("Deploys to staging, runs its smoke tests, and records and announces how it went")
                .TryDependsOn<ISetup>(build => build.Setup)
                .TryDependsOn<IBuildImages>(build => build.BuildImages)
                .TryDependsOn<IPushImages>(build => build.PushImages)
                .TryBefore<IAtomicDeploy>(build => build.AtomicDeploy)
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        () => this.FindEnvironment(StagingName),
                        session => StageAsync(session, cancellationToken),
                        cancellationToken
                    )
                );

    private async Task StageAsync(DeploySession session, CancellationToken cancellationToken)
    {
        var environment = session.Environment.Spec;
        var outcome = await DeployRun.DeployAsync(this, session, cancellationToken);
        if (environment.SmokeTests.IsEmpty)
            return;
        if (outcome is null)
        {
            foreach (var test in environment.SmokeTests)
                WriteLine($"would ask {environment.PublicUrl}{test.Path}");
            return;
        }
        // Behind what stands in for a host no address answers: that the release serves is all there is to ask.
        var results = session.IsReal
            ? await new SmokeTester(TimeProvider.System).RunAsync(environment, outcome.Plan.To.Tag, cancellationToken)
            : [.. environment.SmokeTests.Select(test => new SmokeResult(environment.PublicUrl + test.Path, null))];
        foreach (var result in results)
            WriteLine(
                $"      {(result.Why is null ? "passed" : "FAILED")}  {result.Url}{(result.Why is null ? "" : $": {PrintableText.Of(result.Why)}")}"
            );
        var failed = results.Where(result => result.Why is not null).ToList();
        await using (
            var host = await session.Lock.TakeAsync(outcome.Plan.BasedOn.App, Machine.Person, null, cancellationToken)
        )
            await host.AppendAsync(
                SmokeResult.ToRecord(results, outcome.Plan.To, environment.Name, session.Time.GetUtcNow()),
                cancellationToken
            );
        ReportSummary("Smoke tests", $"{results.Length - failed.Count} passed, {failed.Count} failed");
        if (failed.Count > 0)
            throw new TargetFailedException(SmokeResult.FailureText(results, environment, outcome), 1);
    }
}
