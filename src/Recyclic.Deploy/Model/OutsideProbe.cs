using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>What is asked, and which answer is good.</summary>
public enum ProbeKind
{
    /// <summary>A path that was named for it: 2xx or 3xx is healthy.</summary>
    Health,

    /// <summary>A routed HTTP port: any answer below 500.</summary>
    Http,

    /// <summary>A routed port: it accepts a connection.</summary>
    Tcp,
}

/// <summary>
/// How a container is asked from outside whether it is ready, since its image may hold nothing to ask with. Pure.
/// </summary>
/// <param name="Port">The container's own.</param>
/// <param name="Path">What is asked for by HTTP.</param>
/// <param name="Host">The host name that the request is for; null: `localhost`.</param>
public sealed partial record OutsideProbe(ProbeKind Kind, int Port, string Path = "/", string? Host = null)
{
    /// <summary>
    /// How many answers in a row make it ready: what was not made to tell it might answer once by chance.
    /// </summary>
    public int Needed => Kind == ProbeKind.Health ? 1 : 3;

    /// <summary>What is sent, to the letter; empty: nothing, connecting is all.</summary>
    public string Request =>
        Kind == ProbeKind.Tcp
            ? ""
            : $"GET {Path} HTTP/1.1\r\nHost: {Host ?? "localhost"}\r\nUser-Agent: recyclic\r\nAccept: */*\r\nConnection: close\r\n\r\n";

    /// <summary>
    /// What a published port is asked where no path is named: `/` of an HTTP port, a connection of any other.
    /// </summary>
    public static OutsideProbe Of(Route route) =>
        new(
            route.Mode == RouteMode.Http && !route.Http2 ? ProbeKind.Http : ProbeKind.Tcp,
            route.Target,
            Host: route.Mode == RouteMode.Http && !route.Http2 ? route.Host : null
        );

    /// <summary>Whether a text is a path to ask for, with or without a query: `/healthz`.</summary>
    public static bool IsPath(string path) => Asked().IsMatch(path);

    /// <summary>What an answer is worth. Null: the container does its work; else why not, to follow its name.</summary>
    /// <param name="connected">Whether it accepted the connection and ended it in time.</param>
    /// <param name="answer">The first line that came; empty: nothing.</param>
    /// <param name="error">Why not, in the words of who tried.</param>
    public string? Judge(bool connected, string answer, string error)
    {
        if (Kind == ProbeKind.Tcp)
            return connected ? null : Silence(error);
        if (StatusLine().Match(answer) is { Success: true } line)
        {
            var status = int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return status is >= 200 and < 400 || Kind == ProbeKind.Http && status < 500
                ? null
                : $"answers {status} to GET {Path} on port {Port}";
        }
        return answer.Length > 0
                ? $"answers on port {Port}, but not in HTTP (if that is right: x-recyclic: {{ mode: tcp }})"
            : connected ? $"ends connections to port {Port} without an answer"
            : Silence(error);
    }

    /// <summary>As a container's label: a way back reads no compose file.</summary>
    public string ToLabel() =>
        string.Create(CultureInfo.InvariantCulture, $"{Word(Kind)} {Port} {Path}{(Host is null ? "" : " " + Host)}");

    /// <summary>Null: there is none, or what the label says is none.</summary>
    public static OutsideProbe? FromLabel(string? label) =>
        label?.Split(' ') is [var word, var number, var path, .. { Length: <= 1 } host]
        && Enum.GetValues<ProbeKind>()
            .Where(kind => Word(kind) == word)
            .Select(kind => (ProbeKind?)kind)
            .FirstOrDefault()
            is { } kind
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and <= 65535
        && IsPath(path)
        && host.All(Route.IsHostName)
            ? new OutsideProbe(kind, port, path, host.FirstOrDefault())
            : null;

    private static string Word(ProbeKind kind) =>
        kind switch
        {
            ProbeKind.Health => "health",
            ProbeKind.Http => "http",
            _ => "tcp",
        };

    private string Silence(string error) =>
        error.Contains("refused", StringComparison.OrdinalIgnoreCase)
            ? $"does not listen on port {Port}"
            : $"does not answer on port {Port}";

    [GeneratedRegex(@"\A/[A-Za-z0-9._~/%?=&,:@+-]{0,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Asked();

    [GeneratedRegex(@"\AHTTP/[0-9.]{1,3} ([1-9][0-9]{2})( |\z)", RegexOptions.CultureInvariant)]
    private static partial Regex StatusLine();
}
