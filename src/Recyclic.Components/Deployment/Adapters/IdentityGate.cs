using Recyclic.Build;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Adapters;

/// <summary>Makes sure, before anything of an application is changed, that it is the one that a person means.</summary>
internal sealed class IdentityGate(IHazDeployment build, DeploySession session)
{
    /// <returns>Whether a person has agreed to another origin just now.</returns>
    public async Task<bool> PassAsync(ApplicationIdentity identity, CancellationToken cancellationToken)
    {
        if (!await session.Lock.IsKnownAsync(identity.App, cancellationToken))
        {
            await GreetAsync(identity, cancellationToken);
            return false;
        }
        // With it the deployer says what is different, under the lock.
        if (build.Deployment.Yes)
            return false;
        var journal = (await session.Lock.PeekAsync(identity.App, cancellationToken)).Journal;
        if (OriginCheck.Question(identity, journal) is not { } question)
            return false;
        if (build.DryRun || !session.HasTerminal)
            OriginCheck.Check(identity, journal, agreed: false);
        await AskAsync($"{question}. Is it the same application?", cancellationToken);
        return true;
    }

    private async Task GreetAsync(ApplicationIdentity identity, CancellationToken cancellationToken)
    {
        var neighbours = await session.Platform.Host.FindNeighboursAsync(identity, session.Lock, cancellationToken);
        if (OriginCheck.Renamed(identity, neighbours) is not { } words)
            return;
        session.Reporter.Warn(words);
        if (!identity.IsNamed && !build.Deployment.Yes && !build.DryRun && session.HasTerminal)
            await AskAsync($"Go on with {identity.App} as an application of its own?", cancellationToken);
    }

    private static async Task AskAsync(string question, CancellationToken cancellationToken)
    {
        if (!await Machine.ConfirmAsync(question, cancellationToken))
            throw new TargetFailedException("Not confirmed; nothing was changed.", 130);
    }
}
