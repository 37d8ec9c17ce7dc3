using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: what `x-recyclic.tls.acme` says, by which certificates are obtained and renewed.</summary>
/// <param name="Email">Whom the authority writes to; null: nobody.</param>
/// <param name="Directory">The authority's directory.</param>
/// <param name="Hosts">For which names; empty: for the service's `host`.</param>
/// <param name="Authority">Whom the directory's own certificate is from; null: one that all trust.</param>
internal sealed partial record AcmeSetting(
    string? Email,
    string Directory,
    ImmutableArray<string> Hosts,
    TlsSource? Authority
)
{
    /// <summary>Its name in `x-recyclic.tls`.</summary>
    public const string Setting = "acme";

    /// <summary>Let's Encrypt's, for everybody.</summary>
    public const string UsualDirectory = "https://acme-v02.api.letsencrypt.org/directory";

    /// <summary>Its twin for attempts, which allows many more and whose certificates no browser trusts.</summary>
    public const string StagingDirectory = "https://acme-staging-v02.api.letsencrypt.org/directory";

    private const string Example = "Write acme: true, or for example acme: { email: ops@example.org }.";

    private static readonly ImmutableArray<string> Keys = ["email", "directory", "hosts", "authority"];

    /// <param name="source">Reads where the authority's certificate is.</param>
    /// <param name="refuse">Takes what is wrong, and the mend.</param>
    /// <returns>Null: something is.</returns>
    public static AcmeSetting? Read(
        JsonNode? given,
        Func<JsonNode?, string, Action<string, string>, TlsSource?> source,
        Action<string, string> refuse
    )
    {
        if (given is JsonValue && given.GetValueKind() == JsonValueKind.True)
            return new(null, UsualDirectory, [], null);
        if (given is not JsonObject map)
        {
            refuse($"x-recyclic.tls.acme '{Shown(given)}' is neither true nor a map", Example);
            return null;
        }
        var isRight = true;
        void Refuse(string what, string mend)
        {
            isRight = false;
            refuse(what, mend);
        }
        foreach (var key in map.Select(entry => entry.Key).Where(key => !Keys.Contains(key)))
            Refuse(
                $"x-recyclic.tls.acme has no setting '{PrintableText.Of(key, 60)}'",
                $"Use {string.Join(", ", Keys)}."
            );
        var email = map.ContainsKey("email") ? map["email"].AsText() ?? "" : null;
        if (email is not null && !Address().IsMatch(email))
            Refuse(
                $"x-recyclic.tls.acme.email '{Shown(map["email"])}' is no address",
                "Write one that somebody reads, for example ops@example.org; or leave it out."
            );
        var directory = map.ContainsKey("directory") ? map["directory"].AsText() ?? "" : UsualDirectory;
        if (
            !Uri.TryCreate(directory, UriKind.Absolute, out var url)
            || url.Scheme != Uri.UriSchemeHttps
            || url.UserInfo.Length > 0
            || directory.Length > 300
            || directory.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        )
            Refuse(
                $"x-recyclic.tls.acme.directory '{Shown(map["directory"])}' is no https address",
                $"Write the one that the authority names, for example {StagingDirectory}; or leave it out."
            );
        var hosts = HostsOf(map, Refuse);
        var authority = map.ContainsKey("authority") ? source(map["authority"], $"{Setting}.authority", Refuse) : null;
        return isRight ? new(email, directory, hosts, authority) : null;
    }

    /// <summary>Why no authority can be asked for a name by http-01, with the mend; null: one can.</summary>
    public static (string What, string Mend)? WhyNot(string host, string directory) =>
        host.StartsWith("*.", StringComparison.Ordinal)
            ? (
                $"x-recyclic.tls.acme: no certificate for {host} can be obtained by an answer on port 80",
                "Name each host; or give a certificate for all of them by its file."
            )
        : !Route.IsHostName(host) || IsNumber(host)
            ? (
                $"x-recyclic.tls.acme: '{PrintableText.Of(host, 60)}' is no host name",
                "Write the name that users ask by, for example shop.example.org."
            )
        : directory is UsualDirectory or StagingDirectory && IsPrivate(host)
            ? (
                $"x-recyclic.tls.acme: {host} is a name that is known here alone, and Let's Encrypt looks for it in the public DNS",
                "Use a public name; give a certificate by its file; or name the directory of an authority of your own."
            )
        : null;

    private static ImmutableArray<string> HostsOf(JsonObject map, Action<string, string> refuse)
    {
        if (!map.ContainsKey("hosts"))
            return [];
        if (
            map["hosts"] is JsonArray { Count: > 0 and <= 100 } list
            && list.All(host => host.AsText() is { Length: > 0 })
        )
            return [.. list.Select(host => host.AsText()!.ToLowerInvariant()).Distinct()];
        refuse(
            $"x-recyclic.tls.acme.hosts '{Shown(map["hosts"])}' is not a list of host names",
            "Write for example hosts: [shop.example.org, www.shop.example.org]; or leave it out: then it is the service's host."
        );
        return [];
    }

    private static bool IsNumber(string host) => IPAddress.TryParse(host, out _);

    private static bool IsPrivate(string host) =>
        !host.Contains('.', StringComparison.Ordinal)
        || new[] { ".local", ".localhost", ".internal", ".test", ".invalid", ".lan" }.Any(end =>
            host.EndsWith(end, StringComparison.OrdinalIgnoreCase)
        );

    private static string Shown(JsonNode? given) => PrintableText.Of(given.AsText() ?? given?.ToJsonString() ?? "", 60);

    [GeneratedRegex(@"\A[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
