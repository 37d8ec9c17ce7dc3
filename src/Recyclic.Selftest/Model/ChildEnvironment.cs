using System.Collections.Immutable;

namespace Recyclic.Selftest.Model;

/// <summary>
/// Pure: the environment of the deployers that are struck. Only what a program needs to reach the engine: parameters
/// meant for a real application, and the addresses of people to be notified, must not get to them.
/// </summary>
internal static class ChildEnvironment
{
    private static readonly ImmutableHashSet<string> Names =
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "TMPDIR",
        "LANG",
        "LC_ALL",
        "TZ",
        "SSH_AUTH_SOCK",
        "LD_LIBRARY_PATH",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
    ];

    private static readonly ImmutableArray<string> Prefixes = ["DOCKER_", "BUILDX_", "DOTNET_", "XDG_"];

    public static ImmutableDictionary<string, string> Of(
        IReadOnlyDictionary<string, string> own,
        IReadOnlyDictionary<string, string> added
    ) =>
        own.Where(variable =>
                Names.Contains(variable.Key)
                || Prefixes.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal))
            )
            .ToImmutableDictionary()
            .SetItems(added);
}
