using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using Recyclic.Deploy.Judging;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Prometheus;

/// <summary>Asks Prometheus, by its HTTP API. It counts by its own clock, which is to be the deployer's.</summary>
/// <param name="address">Of the server, with the path before `/api` if there is one.</param>
/// <param name="patience">For all that is asked at once.</param>
/// <param name="token">Sent as `Authorization: Bearer`; null: none.</param>
internal sealed class PrometheusSource(Uri address, PrometheusQueries queries, TimeSpan patience, string? token = null)
    : IMetricSource,
        IDisposable
{
    /// <summary>More is no answer to a question for two releases.</summary>
    private const int Largest = 4 << 20;

    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        MaxResponseContentBufferSize = Largest,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <inheritdoc/>
    public async Task<MetricAnswer> ReadAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        // Prometheus looks back by whole seconds from a moment.
        var length = TimeSpan.FromSeconds(Math.Floor((question.Until - question.From).TotalSeconds));
        if (length < queries.Window)
            return new MetricAnswer([]);
        var until = question.From + length;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var requests = await AskAsync(queries.Requests, length, until, limit.Token);
            var errors = await AskAsync(queries.Errors, length, until, limit.Token);
            var latency = queries.Latency is { } query ? await AskAsync(query, length, until, limit.Token) : [];
            return new MetricAnswer([
                new Interval(question.From, until, PrometheusAnswer.Join(requests, errors, latency, question.Canary)),
            ]);
        }
        catch (SilentException exception)
        {
            return MetricAnswer.Of(exception.Kind, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return MetricAnswer.Of(SilenceKind.TooSlow, $"Prometheus did not answer within {Words.Time(patience)}");
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return MetricAnswer.Of(
                SilenceKind.NotUnderstood,
                "Prometheus answers with more than 4 MB; is the query summed up?"
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return MetricAnswer.Of(
                SilenceKind.Down,
                $"Prometheus cannot be reached: {PrintableText.Of(exception.Message, 200)}"
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<ImmutableArray<PrometheusAnswer.Series>> AskAsync(
        string query,
        TimeSpan length,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address.AbsoluteUri.TrimEnd('/')}/api/v1/query")
        {
            Content = new FormUrlEncodedContent([
                new("query", PrometheusQueries.For(query, length)),
                new("time", (until.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture)),
            ]),
        };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        // A query that it refuses is answered 400 or 422 with its reason; anything else has none to give.
        if (!response.IsSuccessStatusCode && (int)response.StatusCode is not (400 or 422 or 503))
            throw new SilentException(
                SilenceKind.Refused,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Prometheus answers with status {(int)response.StatusCode}"
                )
            );
        return PrometheusAnswer.Read(text, queries);
    }
}
