using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>
/// All peers, round by round; who begins changes with the round. Leaves nothing behind, however it ends.
/// </summary>
internal sealed class Comparison(IReadOnlyList<IPeer> peers, HealthEvents events, Action<string> say)
{
    private const double ShortestDelay = 2.0;
    private const double LongestDelay = 4.8;
    private static readonly TimeSpan TearDownPatience = TimeSpan.FromMinutes(2);

    private readonly Measurement _measurement = new(events);
    private readonly List<Measured> _figures = [];
    private readonly List<string> _problems = [];

    /// <summary>Runs of a peer that ended early, with the reason; the others go on.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public async Task<IReadOnlyList<Measured>> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        for (var round = 0; round < rounds; round++)
        {
            var delay = TimeSpan.FromSeconds(
                rounds == 1 ? ShortestDelay : ShortestDelay + (LongestDelay - ShortestDelay) * round / (rounds - 1)
            );
            for (var turn = 0; turn < peers.Count; turn++)
                await RunAsync(peers[(round + turn) % peers.Count], round + 1, delay, cancellationToken);
        }
        return _figures;
    }

    private async Task RunAsync(IPeer peer, int round, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            var first = new Work(StackImages.First, delay);
            await peer.SetUpAsync(first, cancellationToken);
            await Site.AwaitAsync(first.Tag, cancellationToken);
            await MeasureAsync(
                peer,
                round,
                Kind.Deploy,
                first with
                {
                    Tag = StackImages.Second,
                },
                peer.DeployAsync,
                cancellationToken
            );
            await MeasureAsync(peer, round, Kind.Rollback, first, peer.RollbackAsync, cancellationToken);
            if (round == 1)
                await MeasureAsync(
                    peer,
                    round,
                    Kind.Broken,
                    first with
                    {
                        Tag = StackImages.Broken,
                    },
                    peer.DeployAsync,
                    cancellationToken
                );
        }
        catch (Exception exception) when (exception is CommandFailedException or TimeoutException)
        {
            _problems.Add($"round {round}, {peer.Name}: {exception.Message}");
            say(_problems[^1]);
        }
        finally
        {
            using var deadline = new CancellationTokenSource(TearDownPatience);
            await peer.TearDownAsync(deadline.Token);
        }
    }

    private async Task MeasureAsync(
        IPeer peer,
        int round,
        Kind kind,
        Work work,
        Func<Work, CancellationToken, Task<CommandResult>> command,
        CancellationToken cancellationToken
    )
    {
        var measured = await _measurement.RunAsync(peer, round, kind, work, command, cancellationToken);
        _figures.Add(measured);
        say(
            $"round {round}, {peer.Name}, {kind}: {measured.WallSeconds:0.00} s, exit {measured.ExitCode}, {measured.Failed} of {measured.Sent} failed, serves {string.Join("+", measured.ServesAtTheEnd)}"
        );
    }
}
