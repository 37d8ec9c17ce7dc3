using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Runs smoke tests one after the other, each as often as it may be tried. One that does not end is ended by its
/// deadline, in real time: what is tested has no other.
/// </summary>
internal sealed class SmokeRun(StepTools tools, Slot slot, bool isFrontDoor)
{
    private readonly SmokeRequests _requests = new(tools, slot, isFrontDoor);

    /// <exception cref="StepFailedException">One failed as often as it was tried.</exception>
    public async Task RunAsync(ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
            await RunAsync(
                tools.Context.Options.SmokeTests.All.FirstOrDefault(test => test.Name == name)
                    ?? throw new StepFailedException($"there is no smoke test {name}", []),
                cancellationToken
            );
    }

    private async Task RunAsync(ReleaseTest test, CancellationToken cancellationToken)
    {
        var time = tools.Time;
        for (var tried = 1; ; tried++)
        {
            tools.Reporter.Progress(tried == 1 ? test.Name : $"{test.Name}, try {tried} of {test.Tries}");
            if (await TryAsync(test, cancellationToken) is not { } failure)
                return;
            if (tried == test.Tries)
                throw new StepFailedException(
                    $"smoke test {test.Name} failed{(isFrontDoor ? " through the front door" : "")}: {failure.Message}",
                    failure.Evidence
                )
                {
                    Service = failure.Service ?? test.Service,
                };
            await Task.Delay(test.Pause, time, cancellationToken);
        }
    }

    private async Task<StepFailedException?> TryAsync(ReleaseTest test, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(test.Deadline);
        try
        {
            await (
                test switch
                {
                    HttpTest http => _requests.TryAsync(http, limit.Token),
                    CommandTest command => CommandAsync(command, cancellationToken),
                    // It may neither await nor look at its token: it is left behind then.
                    CodeTest code => Task.Run(() => code.Run(_requests, limit.Token), limit.Token)
                        .WaitAsync(limit.Token),
                    _ => throw new StepFailedException($"nothing runs a {test.GetType().Name}", []),
                }
            );
            return null;
        }
        catch (StepFailedException failure)
        {
            return failure;
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new StepFailedException(
                $"it had not ended after {test.Deadline.TotalSeconds:0.#} s",
                _requests.Pending is { } asked ? [asked] : []
            );
        }
        catch (Exception exception) when (test is CodeTest && exception is not OperationCanceledException)
        {
            return new StepFailedException(
                $"{exception.GetType().Name}: {exception.Message}",
                [.. (exception.StackTrace ?? "").Split('\n').Take(5).Select(line => line.Trim())]
            );
        }
    }

    private async Task CommandAsync(CommandTest test, CancellationToken cancellationToken)
    {
        var releases = tools.Platform.Releases;
        var now = await tools.ObserveAsync(cancellationToken);
        try
        {
            // One of an earlier try, or of a deployer that died.
            await releases.RemoveCommandAsync(now.App, slot, cancellationToken);
            await new OneOffRun(tools).ToItsEndAsync(
                slot,
                Naming.SmokeService,
                test.Deadline,
                token =>
                    releases.StartCommandAsync(
                        tools.App,
                        slot,
                        tools.Context.Release
                            ?? throw new InvalidOperationException("A command is tested on a release that is known."),
                        test.Of,
                        test.Words,
                        token
                    ),
                cancellationToken,
                advice: "to allow more time: with { Deadline = … } in the smoke test"
            );
        }
        finally
        {
            await RemoveAsync(now.App);
        }
    }

    /// <summary>Also when the deploy is being cancelled. It goes with its slot at the latest.</summary>
    private async Task RemoveAsync(string app)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await tools.Platform.Releases.RemoveCommandAsync(app, slot, limit.Token);
        }
        catch (Exception exception)
        {
            tools.Reporter.Warn($"the container of a smoke test was not removed: {exception.Message}");
        }
    }
}
