using Recyclic.Build;

namespace Recyclic.Components;

/// <summary>Puts right what a dead deployer left. Every deploy does so first by itself.</summary>
public interface IRecover : IHazDeployment
{
    /// <summary>Default: false, then a holder that is alive keeps the lock.</summary>
    [Parameter("With Unlock: take the lock away even though its holder is alive")]
    bool Force => TryGetValue(() => Force);

    /// <summary>Goes on where users have the new release already and it works; else back to the one before.</summary>
    Target Recover =>
        _ =>
            _.Description("Finishes or reverts a deploy whose deployer died")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (await session.BeginChangeAsync(cancellationToken)).App;
                            if (DryRun)
                            {
                                var now = await session.Deployer.ObserveAsync(app, cancellationToken);
                                var plan = Deploy.Planning.RecoveryPlanner.Plan(
                                    now,
                                    this.OptionsOf(this.TargetEnvironment),
                                    Deploy.Planning.CanaryCourse.On
                                );
                                WriteLine(
                                    plan is null
                                        ? "There is nothing to recover."
                                        : $"{plan.Story}\n{string.Join("\n", plan.Steps.Select(step => "  " + step.Describe()))}"
                                );
                                return;
                            }
                            var story = await session.Deployer.RecoverAsync(
                                app,
                                await session.RequestAsync(defaultTag: false, cancellationToken),
                                cancellationToken
                            );
                            WriteLine(story is null ? "There was nothing to recover." : "Recovered.");
                        },
                        cancellationToken
                    )
                );

    /// <summary>Exits with 4 where somebody holds the lock and --force is not given.</summary>
    Target Unlock =>
        _ =>
            _.Description(
                    "Says who holds the deploy lock; with --force takes it away. A dead holder's lock is gone by itself"
                )
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (
                                Force
                                    ? await session.BeginChangeAsync(cancellationToken)
                                    : await session.IdentifyAsync(cancellationToken)
                            ).App;
                            await session.Platform.Host.ReadFactsAsync(cancellationToken);
                            if (await session.Lock.ReadHolderAsync(app, cancellationToken) is not { } holder)
                            {
                                WriteLine($"Nobody holds the deploy lock of {app}.");
                                return;
                            }
                            if (!Force)
                                throw new TargetFailedException(
                                    $"""
                                    {holder.By} holds the deploy lock of {app} since {holder.Since:yyyy-MM-dd HH:mm:ss} UTC{(
                                        holder.Run is { } run ? $" ({run})" : ""
                                    )}, and is alive
                                      users   untouched
                                      next    wait for it, or stop that deploy there with Ctrl-C; --force takes the lock away, and the next deploy recovers what it left
                                    """,
                                    4
                                );
                            if (!DryRun)
                                await session.Lock.BreakAsync(app, cancellationToken);
                            WriteLine(
                                $"{(DryRun ? "Would take" : "Took")} the deploy lock of {app} away from {holder.By}."
                            );
                        },
                        cancellationToken
                    )
                );
}
