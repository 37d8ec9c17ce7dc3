using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Recyclic.Sample.Frontend;

/// <summary>What the page shows of the api; <see cref="Error"/> says why something is missing.</summary>
internal sealed record Overview(string? ApiVersion, ItemList? Items, string? Error);

/// <summary>The api of this frontend's own slot: inside a slot the name <c>api</c> is always that slot's api.</summary>
internal sealed class ApiClient : IHealthCheck, IDisposable
{
    private static readonly TimeSpan PageDeadline = TimeSpan.FromSeconds(2);

    public ApiClient(Uri address)
    {
        Invoker = new HttpMessageInvoker(Handler());
        Http = new HttpClient(Handler()) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    private static SocketsHttpHandler Handler() =>
        new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // Shorter than the api keeps an idle connection (130 s), and short enough to follow a container that
            // changed its address.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ActivityHeadersPropagator = null,
        };

    /// <summary>For requests that are handed on as they came.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>Without a timeout of its own: every caller brings a deadline in its token.</summary>
    public HttpClient Http { get; }

    public async Task<string> VersionAsync(CancellationToken cancellationToken) =>
        (await Http.GetFromJsonAsync("/version", SampleJson.Default.VersionAnswer, cancellationToken))?.Version
        ?? throw new HttpRequestException("the api answered /version with null");

    /// <summary>Passes when it says its version.</summary>
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        await VersionAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }

    public async Task<Overview> OverviewAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PageDeadline);
        string? version = null;
        try
        {
            var items = Http.GetFromJsonAsync("/items", SampleJson.Default.ItemList, limit.Token);
            try
            {
                version = await VersionAsync(limit.Token);
            }
            finally
            {
                await ((Task)items).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            return new Overview(version, await items, null);
        }
        catch (Exception failure) when (IsFailureOfTheApi(failure, cancellationToken))
        {
            return new Overview(version, null, Explain(failure));
        }
    }

    /// <summary>Adds an item; answers with the reason when the api would not.</summary>
    public async Task<string?> AddItemAsync(string name, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PageDeadline);
        try
        {
            using var answer = await Http.PostAsJsonAsync(
                "/items",
                new NewItem(name),
                SampleJson.Default.NewItem,
                limit.Token
            );
            return answer.IsSuccessStatusCode
                ? null
                : (await answer.Content.ReadFromJsonAsync(SampleJson.Default.ErrorAnswer, limit.Token))?.Error
                    ?? $"the api answered {(int)answer.StatusCode}";
        }
        catch (Exception failure) when (IsFailureOfTheApi(failure, cancellationToken))
        {
            return Explain(failure);
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        Invoker.Dispose();
    }

    private static bool IsFailureOfTheApi(Exception failure, CancellationToken caller) =>
        failure is HttpRequestException or JsonException or IOException
        || (failure is OperationCanceledException && !caller.IsCancellationRequested);

    private static string Explain(Exception failure) =>
        failure is OperationCanceledException
            ? $"the api did not answer within {PageDeadline.TotalSeconds:0} s"
            : $"the api cannot be asked: {failure.GetBaseException().Message}";
}
