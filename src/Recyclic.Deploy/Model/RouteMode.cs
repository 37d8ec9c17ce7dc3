namespace Recyclic.Deploy.Model;

/// <summary>What the edge takes the connections to a published port for.</summary>
public enum RouteMode
{
    /// <summary>Requests: each is routed for itself, with X-Forwarded-For and retries.</summary>
    Http,

    /// <summary>Connections: each goes through as it is, to the release that it began with.</summary>
    Tcp,

    /// <summary>
    /// Decided for each connection: requests where it begins with one, else as it is. A silent client is waited for for
    /// <see cref="EdgeConfiguration.Inspection"/>.
    /// </summary>
    Auto,
}

internal static class RouteModes
{
    /// <summary>As a compose file has it.</summary>
    public static string Name(this RouteMode mode) => mode.ToString().ToLowerInvariant();

    public static RouteMode? Parse(string? text) =>
        text switch
        {
            "http" => RouteMode.Http,
            "tcp" => RouteMode.Tcp,
            "auto" => RouteMode.Auto,
            _ => null,
        };
}
