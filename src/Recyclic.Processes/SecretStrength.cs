using System.Text.RegularExpressions;

namespace Recyclic.Processes;

/// <summary>Where a value is replaced.</summary>
internal enum Strength
{
    /// <summary>Wherever it stands, in every spelling: nothing else looks like it.</summary>
    Anywhere,

    /// <summary>Where it is a word by itself: it is short.</summary>
    Word,

    /// <summary>Where the text around it says that it is a value: it is an ordinary word, or no secret.</summary>
    Context,
}

/// <summary>
/// How much of a text a value may take with it. A declared `production`, `8080` or `true` would else make a log that
/// nobody can read. Pure.
/// </summary>
internal static partial class SecretStrength
{
    private const int ShortestAnywhere = 5;
    private const int LongestWord = 7;
    private const int ShortestRandom = 16;
    private const double LeastEntropy = 3.2;

    /// <summary>Words of every log, and passwords that are such words.</summary>
    private static readonly HashSet<string> Ordinary = new(
        """
        access account active admin administrator alpine analytics anonymous application authentication automatic backend
        backup blue branch build builder cache change changed changeme cluster collector commit compose config
        configuration connection container containers context database debug default demo deploy deployed deployment
        develop development disable disabled docker domain elasticsearch email enable enabled engine environment error
        example failed failure false frontend gateway github gitlab grafana green group guest haproxy health healthy
        hello host http https image images info information internal invalid json kafka latest letmein live local
        localhost login main mariadb master maximum memcached memory message metrics minimum mongodb mysql name network
        networks nginx node none normal notice null off operation optional other password passwd pending permission
        platform port postgres postgresql prepare preview private prod producer production project prometheus protocol
        proxy public qwerty rabbitmq ready recyclic redis refused register registry release releases remote request
        required response restart rollback root running sample schedule secret secrets server service services session
        shared shop simple snapshot stage staging standard started status stopped storage success swarm system target
        test testing text timeout token traefik traffic true unhealthy unknown update upgrade user username users
        utf-8 value version volume volumes warning watch website welcome worker workers workflow world write yes
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Of a value that somebody has said is a secret.</summary>
    public static Strength Of(string secret)
    {
        var value = secret.Trim();
        return Ordinary.Contains(value) || value.Length <= ShortestAnywhere && value.All(char.IsAsciiDigit)
                ? Strength.Context
            : value.Length < ShortestAnywhere || value.Length <= LongestWord && value.All(char.IsAsciiLetter)
                ? Strength.Word
            : Strength.Anywhere;
    }

    /// <summary>Of a value that was found. One that is short is no word of its own: too much is called `web`.</summary>
    public static Strength Of(FoundValue found) =>
        !found.IsPublic
        && (found.IsSecret || IsSecretName(found.Name) && !IsPath(found) || LooksRandom(found))
        && Of(found.Value) == Strength.Anywhere
            ? Strength.Anywhere
            : Strength.Context;

    /// <summary>Whether a variable of this name has a secret: `DB_PASSWORD`, `apiKey`, `SESSION_SECRET`.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>Whether an address is a secret as a whole, as a webhook's is.</summary>
    public static bool IsAddressSecret(string name) => name.Contains("WEBHOOK", StringComparison.OrdinalIgnoreCase);

    /// <summary>What says nothing: masked behind its name it would hide what a reader looks for.</summary>
    public static bool IsTrivial(FoundValue found) =>
        !found.IsSecret
        && !IsSecretName(found.Name)
        && (
            found.Value.Length <= 1
            || found.Value.Length <= ShortestAnywhere && found.Value.All(char.IsAsciiDigit)
            || found.Value.ToLowerInvariant() is "true" or "false" or "yes" or "no" or "on" or "off" or "none" or "null"
        );

    private static bool IsPath(FoundValue found) =>
        found.Name.EndsWith("_FILE", StringComparison.OrdinalIgnoreCase)
        || found.Name.EndsWith("_PATH", StringComparison.OrdinalIgnoreCase)
        || found.Name.EndsWith("_DIR", StringComparison.OrdinalIgnoreCase);

    /// <summary>One long word of letters and figures that no language has.</summary>
    private static bool LooksRandom(FoundValue found)
    {
        var value = found.Value.Trim();
        return value.Length >= ShortestRandom
            && !value.Any(char.IsWhiteSpace)
            && value.Any(char.IsAsciiDigit)
            && value.Any(char.IsAsciiLetter)
            && value[0] is not ('/' or '.')
            && !value.Contains("://", StringComparison.Ordinal)
            && !value.StartsWith("sha256:", StringComparison.Ordinal)
            && !value.TrimEnd('=').AsSpan().ContainsAny(",;=")
            && !HostName().IsMatch(value)
            && !BuildName().IsMatch(found.Name)
            && Entropy(value) >= LeastEntropy;
    }

    /// <summary>Bits of each character, by how often each is there.</summary>
    private static double Entropy(string value) =>
        value
            .GroupBy(character => character)
            .Select(group => (double)group.Count() / value.Length)
            .Sum(share => -share * Math.Log2(share));

    [GeneratedRegex(
        @"pass(wor[dt]|wd|phrase|_|$)|pwd|secret|token|credential|api_?key|(^|_)key(_|$)|accesskey|private|encryption|signing|(^|_)salt|(^|_)auth(_|$)|cookie|webhook|(^|_)dsn(_|$)|(^|_)pin(_|$)|[a-z]Key$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SecretName();

    /// <summary>What a build says of itself is on every page anyway.</summary>
    [GeneratedRegex(
        @"(^|_)(commit|sha|revision|version|build|tag|digest|image|checksum|release)(_|$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex BuildName();

    [GeneratedRegex(@"\A[a-z0-9-]+(\.[a-z0-9-]+)+\.?(:\d+)?(/.*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
