using System.Collections.Immutable;
using Recyclic.Components.Environments;

namespace Recyclic.Components.Promotion.Adapters;

/// <summary>Asks an environment's public address, as users do.</summary>
internal sealed class SmokeTester(TimeProvider time)
{
    private const int MostTries = 3;
    private const int LongestAnswer = 1024 * 1024;

    /// <summary>How long one request may take.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<ImmutableArray<SmokeResult>> RunAsync(
        DeployEnvironment environment,
        string tag,
        CancellationToken cancellationToken
    )
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        return
        [
            .. await Task.WhenAll(
                environment.SmokeTests.Select(test =>
                    RunAsync(client, environment.PublicUrl!.TrimEnd('/') + test.Path, test, tag, cancellationToken)
                )
            ),
        ];
    }

    /// <summary>
    /// A GET may be repeated: what stands before the application (a proxy, a cache) may need a moment.
    /// </summary>
    private async Task<SmokeResult> RunAsync(
        HttpClient client,
        string url,
        SmokeTest test,
        string tag,
        CancellationToken cancellationToken
    )
    {
        for (var tried = 1; ; tried++)
        {
            var why = await TryAsync(client, url, test, tag, cancellationToken);
            if (why is null || tried == MostTries)
                return new SmokeResult(url, why);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static async Task<string?> TryAsync(
        HttpClient client,
        string url,
        SmokeTest test,
        string tag,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        try
        {
            using var response = await client.GetAsync(new Uri(url), limit.Token);
            return SmokeResult.Judge(
                test,
                tag,
                (int)response.StatusCode,
                await response.Content.ReadAsStringAsync(limit.Token)
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Deadline.TotalSeconds:0} s";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }
}
