using Recyclic.Build;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components;

/// <summary>Keeps what all requests go through up to date.</summary>
public interface IMaintainEdge : IHazDeployment
{
    /// <summary>Default: false, then nothing is changed.</summary>
    [Parameter("With Edge: build its image with today's packages, and replace it without closing a connection")]
    bool Upgrade => TryGetValue(() => Upgrade);

    /// <summary>With a dry run it says only whether there is an edge to replace.</summary>
    Target Edge =>
        _ =>
            _.Description(
                    "Says how old the edge and its HAProxy are; with --upgrade brings today's, without a lost request"
                )
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (
                                Upgrade && !DryRun
                                    ? await session.BeginChangeAsync(cancellationToken)
                                    : await session.IdentifyAsync(cancellationToken)
                            ).App;
                            await session.Platform.Host.ReadFactsAsync(cancellationToken);
                            var now = await session.Deployer.ObserveAsync(app, cancellationToken);
                            WriteLine(Sentence(now, session.Time.GetUtcNow()));
                            if (!Upgrade || !now.Edge.Exists)
                                return;
                            if (DryRun)
                            {
                                WriteLine("Would build its image again, and replace it by one made of that.");
                                return;
                            }
                            var done = await session.Deployer.UpgradeEdgeAsync(
                                app,
                                await session.RequestAsync(defaultTag: false, cancellationToken),
                                cancellationToken
                            );
                            now = await session.Deployer.ObserveAsync(app, cancellationToken);
                            WriteLine(
                                done.IsEmpty
                                    ? "Its image is built; no edge is at work that it could replace."
                                    : $"Replaced. {Sentence(now, session.Time.GetUtcNow())}"
                            );
                        },
                        cancellationToken
                    )
                );

    private static string Sentence(Deploy.Model.Snapshot now, DateTimeOffset at) =>
        now.Edge switch
        {
            { Exists: false } => $"{now.App} has no edge: nothing is published, or nothing was deployed.",
            { IsRunning: false } => $"The edge of {now.App} does not run: ./build.sh Recover starts it.",
            var edge =>
                $"The edge of {now.App} runs: {EdgeAge.Describe(edge, at) ?? "of what is not known"}{(edge.IsOutdated ? "; the next deploy replaces it by one of this version" : "")}.",
        };
}
