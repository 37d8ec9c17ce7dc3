using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Components.Registry.Adapters;

/// <summary>Who we are to a registry.</summary>
internal sealed record RegistryCredentials(string User, string Password)
{
    /// <summary>The record's own would print the password.</summary>
    public override string ToString() => User;
}

/// <summary>
/// The OCI distribution interface, for reading manifests only: what is pushed goes through the engine. Basic
/// authentication and bearer tokens, as the distribution project's specification of token authentication has them.
/// </summary>
/// <param name="plain">Whether a registry is spoken to without TLS.</param>
/// <param name="credentials">Who we are to a registry; null: nobody.</param>
internal sealed partial class HttpRegistry(
    Func<string, bool> plain,
    Func<string, CancellationToken, Task<RegistryCredentials?>> credentials,
    TimeSpan deadline
) : IRegistry, IDisposable
{
    private const int LongestManifest = 4 * 1024 * 1024;

    private static readonly string[] Kinds =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    // Redirects are not followed: they would carry credentials to another host.
    private readonly HttpClient _client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LongestManifest,
    };

    public async Task<RemoteImage?> FindAsync(ImageName image, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        var place = $"GET /v2/{image.Repository}/manifests/{image.Tag} of {image.Registry}";
        try
        {
            using var first = await AskAsync(image, null, limit.Token);
            if ((int)first.StatusCode != 401)
                return await ReadAsync(first, place, limit.Token);
            using var second = await AskAsync(image, await AuthorizeAsync(first, image, limit.Token), limit.Token);
            return await ReadAsync(second, place, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException(RegistryProblem.Slow($"{place}: no answer within {deadline.TotalSeconds:0} s"));
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new RegistryException(
                RegistryProblem.OfPush(
                    $"{place}: certificate: {exception.InnerException?.Message ?? exception.Message}"
                )
            );
        }
        catch (Exception exception)
            when (exception
                    is HttpRequestException
                    {
                        HttpRequestError: HttpRequestError.InvalidResponse
                            or HttpRequestError.ConfigurationLimitExceeded
                    }
            )
        {
            throw new RegistryException(RegistryProblem.NotARegistry($"{place}: {exception.Message}"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new RegistryException(RegistryProblem.Unreachable($"{place}: {exception.Message}"));
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> AskAsync(
        ImageName image,
        AuthenticationHeaderValue? authorization,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"{(plain(image.Registry) ? "http" : "https")}://{image.Registry}/v2/{image.Repository}/manifests/{image.Tag}"
        );
        foreach (var kind in Kinds)
            request.Headers.Accept.Add(new(kind));
        request.Headers.Authorization = authorization;
        return await _client.SendAsync(request, cancellationToken);
    }

    private static async Task<RemoteImage?> ReadAsync(
        HttpResponseMessage response,
        string place,
        CancellationToken cancellationToken
    )
    {
        var status = (int)response.StatusCode;
        var kind = response.Content.Headers.ContentType?.MediaType ?? "";
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        // A web server says 404 too: only a registry's own 404, with its code, means that there is no such tag.
        if (status == 404 && IsAbsence(text))
            return null;
        if (status != 200)
            throw new RegistryException(RegistryProblem.OfStatus(status, $"{place}: status {status}, {Excerpt(text)}"));
        if (!kind.EndsWith("json", StringComparison.Ordinal) || Parse(text) is not JsonObject manifest)
            throw new RegistryException(
                RegistryProblem.NotARegistry(
                    $"{place}: {(kind.Length == 0 ? "no content type" : kind)}, {Excerpt(text)}"
                )
            );
        var digest =
            "sha256:"
            + Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(
                    await response.Content.ReadAsByteArrayAsync(cancellationToken)
                )
            );
        return new RemoteImage(digest, manifest["config"]?["digest"]?.ToString());
    }

    private static bool IsAbsence(string text) =>
        Parse(text)?["errors"] is JsonArray errors
        && errors.Any(error => error?["code"]?.ToString() is "MANIFEST_UNKNOWN" or "NAME_UNKNOWN" or "NOT_FOUND");

    private async Task<AuthenticationHeaderValue> AuthorizeAsync(
        HttpResponseMessage refused,
        ImageName image,
        CancellationToken cancellationToken
    )
    {
        var who = await credentials(image.Registry, cancellationToken);
        var basic = who is null
            ? null
            : new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{who.User}:{who.Password}"))
            );
        var demand = refused.Headers.WwwAuthenticate.FirstOrDefault(header =>
            header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        );
        if (demand is null)
            return basic
                ?? throw new RegistryException(
                    RegistryProblem.NotAllowed("it wants a user and a password, and none are known here")
                );
        var parts = Part()
            .Matches(demand.Parameter ?? "")
            .ToDictionary(part => part.Groups[1].Value, part => part.Groups[2].Value);
        if (
            !Uri.TryCreate(parts.GetValueOrDefault("realm"), UriKind.Absolute, out var realm)
            || !(realm.Scheme == "https" || realm.Scheme == "http" && realm.IsLoopback)
        )
            throw new RegistryException(
                RegistryProblem.NotAllowed("it names no place for a token that a password may be sent to")
            );
        var query =
            $"scope={Uri.EscapeDataString($"repository:{image.Repository}:pull")}"
            + (parts.TryGetValue("service", out var service) ? $"&service={Uri.EscapeDataString(service)}" : "");
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query }.Uri);
        request.Headers.Authorization = basic;
        using var response = await _client.SendAsync(request, cancellationToken);
        var answer = Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return
            (answer?["token"] ?? answer?["access_token"])?.ToString() is { Length: > 0 } token
            && response.IsSuccessStatusCode
            ? new AuthenticationHeaderValue("Bearer", token)
            : throw new RegistryException(
                RegistryProblem.NotAllowed(
                    $"status {(int)response.StatusCode} from {realm.Host} when asked for a token"
                )
            );
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Excerpt(string text)
    {
        var line = string.Concat(text.Take(120).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length == 0 ? "empty" : $"\"{line}\"";
    }

    [GeneratedRegex("([a-z]+)=\"([^\"]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
