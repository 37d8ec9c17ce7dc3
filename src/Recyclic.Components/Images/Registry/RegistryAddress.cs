using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Components.Registry;

/// <summary>
/// Pure: where images are kept, `host[:port]` and perhaps a path there, by the grammar of image references (the
/// distribution project's).
/// </summary>
internal static partial class RegistryAddress
{
    /// <summary>Why a text is no place for images, `host[:port][/path]`, or null.</summary>
    public static string? WhyNoPlace(string text)
    {
        if (
            text.Contains("://", StringComparison.Ordinal)
            || text.Contains('@', StringComparison.Ordinal)
            || !text.Contains('/', StringComparison.Ordinal)
        )
            return WhyInvalid(text);
        var host = HostOf(text);
        return WhyInvalid(host)
            ?? (
                Path().IsMatch(text[host.Length..])
                    ? null
                    : $"'{Shown(text)}' has a path that no image can be below: lower-case letters, digits, '.', '_' and '-' between slashes"
            );
    }

    /// <summary>The registry's own address, `host[:port]`, of a place for images.</summary>
    public static string HostOf(string place) => place.Split('/')[0];

    /// <summary>Why a text is no registry's address, `host[:port]`, or null.</summary>
    public static string? WhyInvalid(string text)
    {
        if (text.Length == 0)
            return "it is empty";
        if (text.Contains("://", StringComparison.Ordinal))
            return $"'{Shown(text)}' has a scheme: a registry is named by host and port alone";
        if (text.Contains('@', StringComparison.Ordinal))
            return "it holds an '@': user and password do not belong here";
        if (text.Contains('/', StringComparison.Ordinal))
            return $"'{Shown(text)}' has a path: a registry is named by host and port alone";
        if (Address().Match(text) is not { Success: true } match)
            return $"'{Shown(text)}' is not host:port";
        if (
            match.Groups["port"] is { Success: true } port
            && !(
                int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and < 65536
            )
        )
            return $"'{Shown(text)}' has no port between 1 and 65535";
        return match.Groups["port"].Success || text.Contains('.', StringComparison.Ordinal) || text == "localhost"
            ? null
            : $"'{Shown(text)}' would be read as a part of the image's name: it needs a port or a dot";
    }

    /// <summary>Whether an image reference names this registry.</summary>
    public static bool IsOf(string registry, string image) =>
        image.StartsWith(registry + "/", StringComparison.Ordinal);

    /// <summary>Whether the engine talks to it without TLS by itself: it does so on loopback.</summary>
    public static bool IsLoopback(string registry)
    {
        var address = HostOf(registry);
        var host = address.StartsWith('[')
            ? address[1..address.IndexOf(']', StringComparison.Ordinal)]
            : address.Split(':')[0];
        return host == "localhost"
            || System.Net.IPAddress.TryParse(host, out var number) && System.Net.IPAddress.IsLoopback(number);
    }

    private static string Shown(string text) => string.Concat(text.Take(60).Select(c => char.IsControl(c) ? '?' : c));

    [GeneratedRegex(@"\A(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();

    [GeneratedRegex(
        @"\A([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\])(:(?<port>[0-9]{1,6}))?\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Address();
}
