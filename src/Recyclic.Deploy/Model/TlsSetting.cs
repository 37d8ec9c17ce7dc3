using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>Where a certificate or a private key is.</summary>
internal enum TlsSourceKind
{
    /// <summary>A file of this machine, relative to the folder of the compose file.</summary>
    File,

    /// <summary>A secret that the compose file declares.</summary>
    Secret,

    /// <summary>An environment variable, or one of `.env`.</summary>
    Environment,
}

/// <summary>Where a certificate or a private key is. What is in it is read by whoever reads the compose file.</summary>
/// <param name="Value">A path, or a name.</param>
internal sealed record TlsSource(TlsSourceKind Kind, string Value)
{
    /// <summary>As a person knows it: `./shop.key`, `the secret shop_key`.</summary>
    public override string ToString() =>
        Kind switch
        {
            TlsSourceKind.Secret => $"the secret {Value}",
            TlsSourceKind.Environment => $"the variable {Value}",
            _ => PrintableText.Of(Value, 200),
        };
}

/// <summary>Pure: what `x-recyclic.tls` says, by which a published port of a service ends TLS in the edge.</summary>
/// <param name="Pairs">Each certificate with its key; null: the key is where the certificate is.</param>
/// <param name="Port">The published port that ends TLS.</param>
/// <param name="Redirect">The published port whose requests are sent on to https; null: none.</param>
/// <param name="IsRedirectGiven">Whether the file says that one; false: it is meant where it is there.</param>
/// <param name="Hsts">For how many seconds browsers are to come by https alone; null: nothing is said.</param>
internal sealed partial record TlsSetting(
    ImmutableArray<(TlsSource Certificate, TlsSource? Key)> Pairs,
    int Port,
    int? Redirect,
    bool IsRedirectGiven,
    int? Hsts
)
{
    /// <summary>Its name in `x-recyclic`.</summary>
    public const string Setting = "tls";

    /// <summary>What a port is known for where the file names none.</summary>
    public const int UsualPort = 443,
        UsualRedirect = 80;

    /// <summary>Two years, what browsers' own lists ask for.</summary>
    private const int UsualHsts = 63072000;

    private const string Example =
        "Write for example x-recyclic: { tls: { certificate: ./shop.crt, key: ./shop.key } }.";

    private static readonly ImmutableArray<string> Keys =
    [
        "certificate",
        "key",
        "certificates",
        AcmeSetting.Setting,
        "port",
        "redirect",
        "hsts",
    ];

    /// <summary>How certificates are obtained; null: they are not, the pairs are there.</summary>
    public AcmeSetting? Acme { get; init; }

    /// <summary>All that has to be read.</summary>
    public IEnumerable<TlsSource> Sources =>
        Pairs
            .SelectMany(pair => pair.Key is { } key ? new[] { pair.Certificate, key } : [pair.Certificate])
            .Concat(Acme?.Authority is { } authority ? [authority] : [])
            .Distinct();

    /// <summary>Those of all services.</summary>
    /// <param name="extensions">`x-recyclic` by service.</param>
    public static ImmutableArray<TlsSource> SourcesIn(JsonObject extensions) =>
        [
            .. extensions
                .Select(service => service.Value.At(Setting) is { } given ? Read(given, (_, _) => { }) : null)
                .SelectMany(setting => setting?.Sources ?? [])
                .Distinct(),
        ];

    /// <param name="refuse">Takes what is wrong, and the mend.</param>
    /// <returns>Null: something is.</returns>
    public static TlsSetting? Read(JsonNode? given, Action<string, string> refuse)
    {
        var isRight = true;
        void Refuse(string what, string mend)
        {
            isRight = false;
            refuse(what, mend);
        }
        if (given is not JsonObject { Count: > 0 } map)
        {
            Refuse($"x-recyclic.tls '{Shown(given)}' is not a map", Example);
            return null;
        }
        foreach (var key in map.Select(entry => entry.Key).Where(key => !Keys.Contains(key)))
            Refuse($"x-recyclic.tls has no setting '{PrintableText.Of(key, 60)}'", $"Use {string.Join(", ", Keys)}.");
        var acme = map.ContainsKey(AcmeSetting.Setting)
            ? AcmeSetting.Read(map[AcmeSetting.Setting], SourceOf, Refuse)
            : null;
        var pairs = PairsOf(map, Refuse);
        var port = UsualPort;
        if (map.ContainsKey("port"))
            port = PortOf(map["port"], "port", "the published port that ends TLS", Refuse) ?? 0;
        int? redirect = UsualRedirect;
        if (map["redirect"] is { } said)
            redirect =
                said is JsonValue && said.GetValueKind() == JsonValueKind.False
                    ? null
                    : PortOf(
                        said,
                        "redirect",
                        "the published port whose requests are sent on to https; or false",
                        Refuse
                    );
        if (redirect == port)
            Refuse(
                $"x-recyclic.tls sends requests of port {port} on to port {port}",
                "Name the port without TLS, or write redirect: false."
            );
        var hsts = HstsOf(map["hsts"], Refuse);
        return isRight
            ? new([.. pairs], port, redirect, map.ContainsKey("redirect") && redirect is not null, hsts) { Acme = acme }
            : null;
    }

    private static List<(TlsSource, TlsSource?)> PairsOf(JsonObject map, Action<string, string> refuse)
    {
        var pairs = new List<(TlsSource, TlsSource?)>();
        var isList = map.ContainsKey("certificates");
        if (map.ContainsKey(AcmeSetting.Setting))
        {
            foreach (var other in new[] { "certificate", "key", "certificates" }.Where(map.ContainsKey))
                refuse(
                    $"x-recyclic.tls has acme, and {other} besides",
                    "Keep one of them: a certificate is obtained, or it is given."
                );
            return pairs;
        }
        if (isList && (map.ContainsKey("certificate") || map.ContainsKey("key")))
            refuse("x-recyclic.tls has certificates, and certificate or key besides", "Write all of them in the list.");
        else if (isList && map["certificates"] is not JsonArray { Count: > 0 })
            refuse(
                $"x-recyclic.tls.certificates '{Shown(map["certificates"])}' is not a list",
                "Write for example certificates: [{ certificate: ./a.crt, key: ./a.key }, { certificate: ./b.pem }]."
            );
        else if (!isList && !map.ContainsKey("certificate"))
            refuse("x-recyclic.tls names no certificate", Example);
        else
            foreach (var entry in isList ? (JsonArray)map["certificates"]! : [.. new[] { map.DeepClone() }])
            {
                if (
                    entry is not JsonObject pair
                    || isList && pair.Any(one => one.Key is not ("certificate" or "key"))
                    || !pair.ContainsKey("certificate")
                )
                {
                    refuse(
                        $"x-recyclic.tls.certificates has '{Shown(entry)}'",
                        "Write each as { certificate: ./shop.crt, key: ./shop.key }."
                    );
                    continue;
                }
                var certificate = SourceOf(pair["certificate"], "certificate", refuse);
                var key = pair.ContainsKey("key") ? SourceOf(pair["key"], "key", refuse) : null;
                if (certificate is not null)
                    pairs.Add((certificate, key));
            }
        return pairs;
    }

    private static TlsSource? SourceOf(JsonNode? given, string name, Action<string, string> refuse)
    {
        var place = $"x-recyclic.tls.{name}";
        const string mend = "Write a path, or { secret: <name> } of the file's secrets, or { environment: <NAME> }.";
        if (given.AsText() is { } text)
        {
            if (text.Contains("-----BEGIN", StringComparison.Ordinal))
                refuse(
                    $"{place} is the {name} itself, which would be in plans and logs",
                    "Name the variable that it is in: { environment: <NAME> }; or a file."
                );
            else if (text.Length == 0 || text.Any(char.IsControl))
                refuse($"{place} '{PrintableText.Of(text, 60)}' is no path", mend);
            else
                return new(TlsSourceKind.File, text);
            return null;
        }
        if (given is JsonObject { Count: 1 } map && map.Single() is var (key, value) && value.AsText() is { } called)
        {
            if (key == "secret" && SecretName().IsMatch(called))
                return new(TlsSourceKind.Secret, called);
            if (key == "environment" && VariableName().IsMatch(called))
                return new(TlsSourceKind.Environment, called);
        }
        refuse($"{place} '{Shown(given)}' is neither a path nor the name of a secret", mend);
        return null;
    }

    private static int? PortOf(JsonNode? given, string name, string meaning, Action<string, string> refuse)
    {
        if (given.AsNumber() is > 0 and <= 65535 and var port)
            return port;
        refuse($"x-recyclic.tls.{name} '{Shown(given)}' is no port", $"Write 1 to 65535: {meaning}.");
        return null;
    }

    private static int? HstsOf(JsonNode? given, Action<string, string> refuse)
    {
        if (given is null || given is JsonValue && given.GetValueKind() == JsonValueKind.False)
            return null;
        if (given is JsonValue && given.GetValueKind() == JsonValueKind.True)
            return UsualHsts;
        if (given.AsNumber() is >= 0 and var seconds)
            return seconds;
        refuse(
            $"x-recyclic.tls.hsts '{Shown(given)}' is neither true nor a number of seconds",
            $"Write true for two years, or seconds, for example {60 * 60 * 24 * 30}: for so long browsers come by https alone."
        );
        return null;
    }

    /// <summary>Never more than this: what was meant to be a path may be a key.</summary>
    private static string Shown(JsonNode? given)
    {
        var text = given.AsText() ?? given?.ToJsonString() ?? "";
        return text.Contains("-----BEGIN", StringComparison.Ordinal) ? "(a key)" : PrintableText.Of(text, 60);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9._-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();
}
