using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: what a file says of a service to proxies that find containers by the engine's socket (Traefik,
/// caddy-docker-proxy, nginx-proxy). It moves to the service's door.
/// </summary>
internal static partial class ProxyLabels
{
    private const string TraefikEnable = "traefik.enable";

    /// <summary>
    /// Variables of other names that nginx-proxy and its companion read of a container; an application may read them
    /// too, so it keeps them.
    /// </summary>
    private static readonly ImmutableHashSet<string> AlsoRead =
    [
        "CERT_NAME",
        "ENABLE_HTTP_ON_MISSING_CERT",
        "HSTS",
        "HTTPS_METHOD",
        "NETWORK_ACCESS",
        "SERVER_TOKENS",
        "SSL_POLICY",
    ];

    /// <summary>What the door of a service shows; <see cref="DoorSign.None"/>: the file says nothing of it.</summary>
    public static DoorSign Of(JsonObject document, ReleaseService service)
    {
        var said = Texts(document, service.Name, "labels").Where(label => IsLabel(label.Key)).ToList();
        ImmutableSortedDictionary<string, string> labels = IsForTraefik(said)
            ? said.ToImmutableSortedDictionary(StringComparer.Ordinal)
            : said.Where(label => !IsTraefiks(label.Key) || IsEnable(label.Key))
                .ToImmutableSortedDictionary(StringComparer.Ordinal);
        var variables = Texts(document, service.Name, "environment").ToList();
        variables = variables.Any(variable => IsHost(variable.Key))
            ? [.. variables.Where(variable => IsMoved(variable.Key) || IsCopied(variable.Key))]
            : [];
        return labels.IsEmpty && variables.Count == 0
            ? DoorSign.None
            : new(
                labels,
                variables.ToImmutableSortedDictionary(StringComparer.Ordinal),
                [.. (service.Exposed.IsEmpty ? PortsOf(document, service) : service.Exposed).Distinct().Order()]
            );
    }

    /// <summary>Whether a proxy is to lead requests to the service; false also where one is told not to.</summary>
    public static bool IsAddressed(DoorSign sign) =>
        IsForTraefik(sign.Labels) || sign.Labels.Any(label => !IsTraefiks(label.Key)) || !sign.Variables.IsEmpty;

    /// <summary>
    /// The ports that are named there, or that a proxy takes where none is: they are the service's, whoever else names
    /// them.
    /// </summary>
    public static IEnumerable<int> PortsOf(JsonObject document, ReleaseService service)
    {
        var labels = Texts(document, service.Name, "labels").Where(label => IsLabel(label.Key)).ToList();
        var variables = Texts(document, service.Name, "environment").ToDictionary();
        var named = labels
            .Where(label => TraefikPort().IsMatch(label.Key))
            .Select(label => label.Value)
            .Concat(
                labels
                    .Where(label => !IsTraefiks(label.Key))
                    .SelectMany(label => Upstreams().Matches(label.Value))
                    .Select(match => match.Groups["port"] is { Success: true } port ? port.Value : "80")
            );
        if (variables.Keys.Any(IsHost))
            named = named
                .Append(variables.GetValueOrDefault("VIRTUAL_PORT", service.Exposed.Length == 1 ? "" : "80"))
                .Concat(
                    PortsOfHosts()
                        .Matches(variables.GetValueOrDefault("VIRTUAL_HOST_MULTIPORTS", ""))
                        .Select(match => match.Groups[1].Value)
                );
        return named
            .Select(port =>
                int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
            )
            .Where(port => port is > 0 and <= 65535)
            .Distinct();
    }

    /// <summary>
    /// Takes from a slot's model of a service what its door shows. Traefik is told to leave its containers alone: by
    /// default it takes each that says nothing.
    /// </summary>
    public static void Move(JsonObject model, DoorSign sign)
    {
        if (model["labels"] is JsonObject labels)
        {
            var forTraefik = IsForTraefik(sign.Labels);
            foreach (
                var name in labels
                    .Select(label => label.Key)
                    .Where(name => IsLabel(name) && (forTraefik || !IsTraefiks(name)))
                    .ToList()
            )
                labels.Remove(name);
            if (forTraefik)
                labels[TraefikEnable] = "false";
        }
        if (model["environment"] is JsonObject environment)
            foreach (var name in sign.Variables.Keys.Where(IsMoved))
                environment.Remove(name);
    }

    /// <summary>As a person knows them: `traefik.*`, `caddy*`, `VIRTUAL_*`, `LETSENCRYPT_*`.</summary>
    public static IEnumerable<string> FamiliesOf(DoorSign sign) =>
        sign
            .Labels.Keys.Select(name =>
                IsTraefiks(name) ? "traefik.*"
                : IsCaddys(name) ? "caddy*"
                : name
            )
            .Concat(
                sign.Variables.Keys.Select(name =>
                    name.StartsWith("VIRTUAL_", StringComparison.Ordinal) ? "VIRTUAL_*"
                    : name.StartsWith("LETSENCRYPT_", StringComparison.Ordinal) ? "LETSENCRYPT_*"
                    : name
                )
            )
            .Distinct();

    private static bool IsForTraefik(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var own = labels.Where(label => IsTraefiks(label.Key)).ToList();
        return own.Count > 0
            && !own.Any(label => IsEnable(label.Key) && label.Value.Trim().ToLowerInvariant() is "false" or "0" or "f");
    }

    private static bool IsLabel(string name) =>
        IsTraefiks(name) || IsCaddys(name) || name.StartsWith("com.github.nginx-proxy.", StringComparison.Ordinal);

    private static bool IsTraefiks(string name) => name.StartsWith("traefik.", StringComparison.OrdinalIgnoreCase);

    private static bool IsEnable(string name) => name.Equals(TraefikEnable, StringComparison.OrdinalIgnoreCase);

    private static bool IsCaddys(string name) => Caddy().IsMatch(name);

    private static bool IsHost(string variable) => variable is "VIRTUAL_HOST" or "VIRTUAL_HOST_MULTIPORTS";

    private static bool IsMoved(string variable) =>
        variable.StartsWith("VIRTUAL_", StringComparison.Ordinal)
        || variable.StartsWith("LETSENCRYPT_", StringComparison.Ordinal);

    private static bool IsCopied(string variable) =>
        AlsoRead.Contains(variable) || variable.StartsWith("ACME_", StringComparison.Ordinal);

    /// <summary>Compose writes a dollar sign twice.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Texts(JsonObject document, string service, string key) =>
        from entry in document["services"].At(service).At(key) as JsonObject ?? []
        where entry.Value is JsonValue
        select KeyValuePair.Create(entry.Key, entry.Value!.ToString().Replace("$$", "$", StringComparison.Ordinal));

    [GeneratedRegex(@"\Acaddy(_\d+)?(\.|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Caddy();

    [GeneratedRegex(
        @"\Atraefik\.(http|tcp)\.services\.[^.]+\.loadbalancer\.server\.port\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex TraefikPort();

    /// <summary>`{{upstreams}}`, `{{upstreams 8080}}`, `{{ upstreams https 8443 }}`.</summary>
    [GeneratedRegex(@"\{\{-?\s*upstreams\b[^}]*?(?<port>\d+)?\s*-?\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Upstreams();

    [GeneratedRegex(@"\bport[""']?\s*:\s*[""']?(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex PortsOfHosts();
}
