using System.Collections.Immutable;

namespace Recyclic.Compose.Tests.Http;

/// <summary>One turn of an exchange; bytes are written as Latin-1.</summary>
/// <param name="Sends">What the client sends.</param>
/// <param name="AppAwaits">What the application waits for before it answers.</param>
/// <param name="AppAnswers">With `Connection: close` in it, the application closes after it.</param>
/// <param name="ClientAwaits">What the client waits for before the next turn.</param>
internal sealed record Turn(string Sends, string AppAwaits, string AppAnswers, string ClientAwaits);

/// <summary>
/// A row of the table: an exchange as it is without the edge, and each difference that the edge makes to it.
/// </summary>
internal sealed record Exchange(string Name, params ImmutableArray<Turn> Turns)
{
    public const string Host = "Host: shop.example\r\n";

    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    /// <summary>The value of the header Host; null: there is none.</summary>
    public string? HostName { get; init; } = "shop.example";

    /// <summary>Header lines that the application gets by the edge alone, besides those of every request.</summary>
    public ImmutableArray<string> Adds { get; init; } = [];

    /// <summary>Header lines that the edge takes out.</summary>
    public ImmutableArray<string> Drops { get; init; } = [];

    /// <summary>What X-Forwarded-For begins with.</summary>
    public string Before { get; init; } = "";

    /// <summary>The request line that the application gets; null: the client's.</summary>
    public string? RequestLine { get; init; }

    /// <summary>The status with which the edge refuses it, so that no request arrives; null: it is passed on.</summary>
    public int? Refused { get; init; }

    /// <summary>What a port does with it whose connections are told apart.</summary>
    public Inspected Inspected { get; init; }

    public override string ToString() => Name;

    /// <summary>A request of one turn.</summary>
    public static Exchange Of(string name, string request, string? until = null, string answer = Ok) =>
        new(name, new Turn(request, until ?? End(request), answer, "ok"));

    public static Exchange Get(string name, string headers = "", string answer = Ok) =>
        Of(name, $"GET /a?b=c HTTP/1.1\r\n{Host}{headers}\r\n", answer: answer);

    public static Exchange Post(string name, string headers, string body) =>
        Of(name, $"POST / HTTP/1.1\r\n{Host}{headers}\r\n{body}", body[^Math.Min(5, body.Length)..]);

    /// <summary>The head's end, or that of a body.</summary>
    private static string End(string request) =>
        request.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? "\r\n\r\n" : request[^4..];
}

/// <summary>What a port whose connections are told apart does otherwise than one that is HTTP alone.</summary>
internal enum Inspected
{
    /// <summary>Nothing.</summary>
    Same,

    /// <summary>It takes it for something else than HTTP, and passes it through as it is.</summary>
    PassesThrough,

    /// <summary>It closes the connection without a word.</summary>
    Closes,
}
