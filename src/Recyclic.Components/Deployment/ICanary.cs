using Recyclic.Build;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components;

/// <summary>
/// What a person says to a canary (`--canary`), from another terminal or machine. Where its deployer died, these take its
/// place.
/// </summary>
public interface ICanary : IHazDeployment
{
    /// <summary>Default: false, then only the share at hand is ended.</summary>
    [Parameter("With Promote: to 100 %, without judging the shares in between")]
    bool Full => TryGetValue(() => Full);

    /// <summary>Ends the share at hand. Of a canary whose deployer died, it does what is left of the deploy.</summary>
    Target Promote =>
        _ =>
            _.Description("Takes a canary to its next share, whatever its judge would wait for; --full: to 100 %")
                .Executes(cancellationToken =>
                    SayAsync(
                        Full ? CanaryWord.PromoteFully : CanaryWord.Promote,
                        Full ? CanaryCourse.ToTheEnd : CanaryCourse.Next,
                        cancellationToken
                    )
                );

    /// <summary>Everybody goes back to the release that was committed, and the new one is drained and stopped.</summary>
    Target Abort =>
        _ =>
            _.Description("Takes everybody back from a canary")
                .Executes(cancellationToken => SayAsync(CanaryWord.Abort, CanaryCourse.Back, cancellationToken));

    /// <summary>The share at hand stays until Promote or Abort, at most as long as `--hold-limit` allows.</summary>
    Target Hold =>
        _ =>
            _.Description("Keeps a canary at the share that it has, until Promote or Abort")
                .Executes(cancellationToken => SayAsync(CanaryWord.Hold, null, cancellationToken));

    /// <param name="course">What this command does itself where the deployer died; null: nothing.</param>
    private Task SayAsync(CanaryWord word, CanaryCourse? course, CancellationToken cancellationToken) =>
        DeploySession.RunAsync(
            this,
            async session =>
            {
                var app = (await session.BeginChangeAsync(cancellationToken)).App;
                var request = await session.RequestAsync(defaultTag: false, cancellationToken);
                if (DryRun)
                {
                    var now = await session.Deployer.ObserveAsync(app, cancellationToken);
                    WriteLine(
                        CanaryReport.ToText(now, await session.Lock.ReadHolderAsync(app, cancellationToken))?.Trim()
                            ?? "There is no canary."
                    );
                    return;
                }
                WriteLine(await session.Deployer.Canaries.SayAsync(app, word, course, request, cancellationToken));
            },
            cancellationToken
        );
}
