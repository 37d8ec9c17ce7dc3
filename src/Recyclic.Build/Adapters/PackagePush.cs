using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Recyclic.Build.Running;
using Recyclic.Build.Tooling.DotNet;
using Serilog;

namespace Recyclic.Build.Adapters;

/// <summary>
/// Sends packages to a NuGet server by its protocol: the key goes into a header, and onto no command line.
/// </summary>
internal sealed class PackagePush(HttpClient http, string apiKey, bool skipsDuplicates)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <exception cref="TargetFailedException">The server refuses a package, there is none, or the source is no
    /// address.</exception>
    public static async Task RunAsync(
        DotNetNuGetPushSettings settings,
        BuildSession session,
        CancellationToken cancellationToken
    )
    {
        session.Output.Redactor.Add(settings.ApiKey!);
        var source = AddressOf(settings.Source);
        foreach (var package in Packages(settings.Target, session))
        {
            if (session.Options.DryRun)
            {
                session.Output.Line($"would push {package} to {source}");
                continue;
            }
            // One that followed a redirection would take the key along to wherever that leads.
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
            {
                Timeout = Patience,
            };
            await new PackagePush(http, settings.ApiKey!, settings.SkipsDuplicates).PushAsync(
                package,
                source,
                cancellationToken
            );
        }
    }

    private static Uri AddressOf(string? source)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            throw new TargetFailedException(
                $"a package with a key needs the address of its server, and '{source}' is none: write SetSource(\"https://api.nuget.org/v3/index.json\")"
            );
        return address.Scheme == "https" || address.IsLoopback
            ? address
            : throw new TargetFailedException($"the key of {address.Host} would be sent in clear: use https");
    }

    private static IEnumerable<AbsolutePath> Packages(string? target, BuildSession session)
    {
        if (string.IsNullOrEmpty(target))
            throw new TargetFailedException("no package is named: write SetTargetPath(…)");
        var path = session.RootDirectory / target;
        if (path.FileExists())
            return [path];
        var found = path.Parent!.GlobFiles(path.Name);
        return found.Count > 0 ? found : throw new TargetFailedException($"there is no package {path}");
    }

    private async Task PushAsync(AbsolutePath package, Uri source, CancellationToken cancellationToken)
    {
        var servers = await ServersAsync(source, cancellationToken);
        await SendAsync(package, servers.Packages, cancellationToken);
        var symbols = package.WithExtension("snupkg");
        if (symbols.FileExists() && symbols != package && servers.Symbols is { } other)
            await SendAsync(symbols, other, cancellationToken);
    }

    private async Task SendAsync(AbsolutePath package, Uri server, CancellationToken cancellationToken)
    {
        Log.Information("> push {Package:l} to {Server:l}", package.Name, server.ToString());
        await using var file = File.OpenRead(package);
        using var content = new StreamContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { content, "package", "package.nupkg" } };
        using var request = new HttpRequestMessage(HttpMethod.Put, server) { Content = form };
        request.Headers.Add("X-NuGet-ApiKey", apiKey);
        request.Headers.Add("X-NuGet-Protocol-Version", "4.1.0");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Recyclic", null));
        using var answer = await AskAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return;
        if (answer.StatusCode == HttpStatusCode.Conflict && skipsDuplicates)
            Log.Information("{Package:l} is there already", package.Name);
        else
            throw new TargetFailedException(
                $"{server.Host} refused {package.Name}: {(int)answer.StatusCode} {answer.ReasonPhrase}{Mend(answer.StatusCode)}"
            );
    }

    private static string Mend(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.Conflict => "; this version is there already: raise it, or call EnableSkipDuplicate()",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                "; the key is not valid, has expired, or is not for this package",
            _ => "",
        };

    /// <summary>
    /// An address that ends in <c>.json</c> is an index, which says where packages and symbols go; any other one is
    /// where packages go.
    /// </summary>
    private async Task<(Uri Packages, Uri? Symbols)> ServersAsync(Uri source, CancellationToken cancellationToken)
    {
        if (!source.AbsolutePath.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return (source.AbsolutePath == "/" ? new Uri(source, "api/v2/package") : source, null);
        using var request = new HttpRequestMessage(HttpMethod.Get, source);
        using var answer = await AskAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new TargetFailedException(
                $"{source} answered {(int)answer.StatusCode} {answer.ReasonPhrase}; where an index is not for everybody, name the address that packages are put to"
            );
        try
        {
            using var index = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            var packages =
                Resource(index, "PackagePublish/2.0.0")
                ?? throw new TargetFailedException($"{source} names no place for packages (PackagePublish/2.0.0)");
            return (
                AddressOf(packages),
                Resource(index, "SymbolPackagePublish/4.9.0") is { } symbols ? AddressOf(symbols) : null
            );
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new TargetFailedException($"{source} is no index of a NuGet server", inner: exception);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new TargetFailedException(
                $"{request.RequestUri} could not be reached: {exception.Message}",
                inner: exception
            );
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TargetFailedException(
                $"{request.RequestUri} did not answer within {Patience.TotalMinutes} min",
                inner: exception
            );
        }
    }

    private static string? Resource(JsonDocument index, string type) =>
        index
            .RootElement.GetProperty("resources")
            .EnumerateArray()
            .Where(resource => resource.GetProperty("@type").GetString() == type)
            .Select(resource => resource.GetProperty("@id").GetString())
            .FirstOrDefault();
}
