using Recyclic.Build;
using Recyclic.Components.Everyday;

namespace Recyclic.Components;

/// <summary>Shows what the containers that users have now wrote, on whichever slot they are. Changes nothing.</summary>
public interface ILogs : IHazService
{
    [Parameter("With Logs: go on with what is written from now on, across deploys, until Ctrl-C")]
    private bool Follow => TryGetValue(() => Follow);

    [Parameter("With Logs: what was written in this time up to now: 10m")]
    private TimeSpan? Since => TryGetValue(() => Since);

    [Parameter(
        "With Logs: at most so many of the lines that are there, of each container, or all; default: 100, with --since all"
    )]
    private string? Tail => TryGetValue(() => Tail);

    [Parameter("With Logs: of the release that served before")]
    private bool Previous => TryGetValue(() => Previous);

    /// <summary>
    /// Lines of all containers as one, by time, each behind its service. With --follow it goes with users to the new slot
    /// when a deploy switches, without losing or repeating a line.
    /// </summary>
    Target Logs =>
        _ =>
            _.Description("Shows what the services that users have wrote; --follow goes on, across deploys")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        session =>
                            LogRun.RunAsync(
                                this,
                                session,
                                LogOrder.Of(AskedServices, Follow, Since, Tail, Previous),
                                cancellationToken
                            ),
                        cancellationToken
                    )
                );
}
