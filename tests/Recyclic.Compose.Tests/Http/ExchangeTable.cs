using System.Collections.Immutable;
using static Recyclic.Compose.Tests.Http.Exchange;

namespace Recyclic.Compose.Tests.Http;

/// <summary>HTTP as the application sees it, with and without the edge.</summary>
internal static class ExchangeTable
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n",
        Hello = "5\r\nhello\r\n0\r\n\r\n",
        Length = "Content-Length: 5\r\n";

    public static ImmutableArray<Exchange> All =>
        [.. Plain, .. Sizes, .. Forwarded, .. HopByHop, .. Live, .. Answers, .. Refused];

    private static IEnumerable<Exchange> Plain =>
        [
            Get("a GET"),
            Of(
                "a HEAD",
                $"HEAD / HTTP/1.1\r\n{Host}\r\n",
                answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-End: ok\r\nConnection: close\r\n\r\n"
            ),
            Of("a DELETE", $"DELETE /x HTTP/1.1\r\n{Host}\r\n"),
            Of("a method of WebDAV", $"PROPFIND /x HTTP/1.1\r\n{Host}Depth: 1\r\n\r\n"),
            Of("a method of one's own", $"PURGE /x HTTP/1.1\r\n{Host}\r\n"),
            Of("a method in lower case", $"get /x HTTP/1.1\r\n{Host}\r\n"),
            Of("OPTIONS of the server", $"OPTIONS * HTTP/1.1\r\n{Host}\r\n"),
            Of("an address in full", $"GET http://shop.example/x?y=1 HTTP/1.1\r\n{Host}\r\n"),
            Of("a path that is encoded", $"GET /%C3%BC%2F..%2Fx/../y//z?q=%00+%20&r[]=%26 HTTP/1.1\r\n{Host}\r\n"),
            Of("HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n") with
            {
                HostName = null,
                Adds = ["connection: keep-alive"],
            },
            Of("a version to come", $"GET /x HTTP/1.9\r\n{Host}\r\n") with
            {
                RequestLine = "GET /x HTTP/1.1",
            },
            Of("no host", "GET /x HTTP/1.1\r\n\r\n") with
            {
                HostName = null,
            },
            Of("a host with a port", "GET /x HTTP/1.1\r\nHost: shop.example:8443\r\n\r\n") with
            {
                HostName = "shop.example:8443",
            },
            Get("header values of any bytes", "X-Shop: a \u00e9 \u00fc=1; b\tc\r\nX-Empty:\r\nX_Under_Score: 1\r\n"),
            Get("the same header again", "Cookie: a=1\r\nCookie: b=2\r\nAccept: a\r\nAccept: b\r\n"),
            Get("a header line that is folded", "X-Shop: a\r\n b\r\n") with
            {
                Drops = ["x-shop: a", "b"],
                Adds = ["x-shop: a   b"],
            },
            Of("lines that end with LF alone", "GET /x HTTP/1.1\nHost: shop.example\n\n", "\n"),
            Get(
                "authorization, ranges and encodings",
                "Authorization: Basic eDp5\r\nRange: bytes=1-2\r\nAccept-Encoding: gzip, br, zstd\r\nIf-None-Match: \"x\"\r\n"
            ),
            Post("a body of known length", Length, "hello"),
            Post("a length that is said twice alike", $"{Length}{Length}", "hello") with
            {
                Drops = ["content-length: 5"],
            },
            Post("a body in chunks", Chunked, Hello),
            Post("a body in chunks with extensions", Chunked, "5;a=b\r\nhello\r\n0\r\n\r\n"),
            Post("trailers", $"TE: trailers\r\nTrailer: X-Sum\r\n{Chunked}", "5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n"),
            Of("a GET with a body", $"GET / HTTP/1.1\r\n{Host}{Length}\r\nhello"),
            Post("a body of many bytes", "Content-Length: 1000000\r\n", new string('b', 999_996) + "end!"),
            Post("a body that is compressed", $"Content-Encoding: gzip\r\n{Length}", "\u001f\u008b\u0000\u00ffz"),
        ];

    private static IEnumerable<Exchange> Sizes =>
        [
            Get("a header of 60 kB", $"X-Long: {new string('a', 60_000)}\r\n"),
            Get("a cookie of 31 kB and a URL of 32 kB", $"Cookie: {new string('c', 31_000)}\r\n") with { } is var row
                ? row with
                {
                    Turns =
                    [
                        row.Turns[0] with
                        {
                            Sends = row.Turns[0]
                                .Sends.Replace("/a?b=c", "/" + new string('u', 32_000), StringComparison.Ordinal),
                        },
                    ],
                }
                : row,
            Get("500 headers", string.Concat(Enumerable.Range(0, 500).Select(number => $"X-{number}: {number}\r\n"))),
            Get("headers of 200 kB", $"X-Long: {new string('a', 200_000)}\r\n") with
            {
                Refused = 400,
            },
            Get(
                "an answer with headers of 60 kB",
                answer: $"HTTP/1.1 200 OK\r\nX-Long: {new string('a', 60_000)}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            ),
        ];

    private static IEnumerable<Exchange> Forwarded =>
        [
            Get("one X-Forwarded-For", "X-Forwarded-For: 192.0.2.1\r\n") with
            {
                Drops = ["x-forwarded-for: 192.0.2.1"],
                Before = "192.0.2.1, ",
            },
            Get(
                "several lines of X-Forwarded-For",
                "X-Forwarded-For: 192.0.2.1, 192.0.2.2\r\nX-Other: x-forwarded-for: 9\r\nX-Forwarded-For: 192.0.2.3\r\n"
            ) with
            {
                Drops = ["x-forwarded-for: 192.0.2.1, 192.0.2.2", "x-forwarded-for: 192.0.2.3"],
                Before = "192.0.2.1, 192.0.2.2, 192.0.2.3, ",
            },
            Get("an X-Forwarded-For that is empty", "X-Forwarded-For:\r\n") with
            {
                Drops = ["x-forwarded-for:"],
            },
            Get(
                "scheme, host and port that are forged",
                "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Port: 443\r\nForwarded: for=192.0.2.1;proto=https\r\n"
            ) with
            {
                Drops =
                [
                    "x-forwarded-proto: https",
                    "x-forwarded-host: evil.example",
                    "x-forwarded-port: 443",
                    "forwarded: for=192.0.2.1;proto=https",
                ],
            },
            Get("the same with underscores", "X_Forwarded_For: 192.0.2.1\r\nX-Forwarded_Proto: https\r\n") with
            {
                Drops = ["x_forwarded_for: 192.0.2.1", "x-forwarded_proto: https"],
            },
        ];

    private static IEnumerable<Exchange> HopByHop =>
        [
            Get("Connection: close", "Connection: close\r\n"),
            Get("names in Connection", "Connection: close, X-Forwarded-For, Cookie\r\nCookie: a=1\r\n"),
            Get(
                "what holds for one connection",
                "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nTE: gzip\r\n"
            ) with
            {
                Drops = ["keep-alive: timeout=5", "proxy-connection: keep-alive", "te: gzip"],
            },
            Get(
                "an upgrade to HTTP/2",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
            ) with
            {
                Drops = ["upgrade: h2c", "http2-settings: AAMAAABkAAQAAP__"],
            },
            Get("an upgrade that Connection does not name", "Upgrade: websocket\r\n") with
            {
                Drops = ["upgrade: websocket"],
            },
        ];

    private static IEnumerable<Exchange> Live =>
        [
            new(
                "a WebSocket",
                new Turn(
                    $"GET /ws HTTP/1.1\r\n{Host}Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                    "\r\n\r\n",
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
                    "\r\n\r\n"
                ),
                new Turn("\u0081\u0004ping", "ping", "\u0081\u0004pong", "pong"),
                new Turn("\u0081\u0003two", "two", "\u0081\u0005three", "three")
            )
            {
                Adds = ["connection: upgrade"],
            },
            new(
                "100-continue",
                new Turn(
                    $"POST / HTTP/1.1\r\n{Host}Expect: 100-continue\r\n{Length}\r\n",
                    "\r\n\r\n",
                    "HTTP/1.1 100 Continue\r\n\r\n",
                    "\r\n\r\n"
                ),
                new Turn("hello", "hello", Ok, "ok")
            ),
            new(
                "events, each as it comes",
                new Turn(
                    $"GET /events HTTP/1.1\r\n{Host}Accept: text/event-stream\r\n\r\n",
                    "\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n",
                    "data: 1"
                ),
                new Turn("", "", "9\r\ndata: 2\n\n\r\n", "data: 2"),
                new Turn("", "", "0\r\n\r\n", "0\r\n\r\n")
            ),
            new(
                "a body in chunks, each as it comes",
                new Turn($"POST / HTTP/1.1\r\n{Host}{Chunked}\r\n3\r\none\r\n", "one", "", ""),
                new Turn("3\r\ntwo\r\n", "two", "", ""),
                new Turn("0\r\n\r\n", "0\r\n\r\n", Ok, "ok")
            ),
            new(
                "two requests on one connection",
                new Turn(
                    $"GET /1 HTTP/1.1\r\n{Host}\r\n",
                    "\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst",
                    "first"
                ),
                new Turn(
                    $"GET /2 HTTP/1.1\r\n{Host}\r\n",
                    "\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond",
                    "second"
                )
            ),
        ];

    private static IEnumerable<Exchange> Answers =>
        [
            Get(
                "an answer in chunks with trailers",
                "TE: trailers\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Grpc-Status\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\nGrpc-Status: ok\r\n\r\n"
            ),
            Get("an answer without a length", answer: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok"),
            Get("304", answer: "HTTP/1.1 304 Not Modified\r\nETag: \"ok\"\r\nConnection: close\r\n\r\n"),
            Get("204", answer: "HTTP/1.1 204 No Content\r\nX-End: ok\r\nConnection: close\r\n\r\n"),
            Get(
                "500 of the application, with its body",
                answer: "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            ),
            Get(
                "503 of the application, with its Retry-After",
                answer: "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 120\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            ),
            Get("103 before an answer", answer: $"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n{Ok}"),
            Get(
                "cookies and headers of an answer",
                answer: "HTTP/1.1 200 Fine by me\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nServer: mine\r\nDate: today\r\nX-Any: \u00e9\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            ),
        ];

    /// <summary>None of these may reach an application.</summary>
    private static IEnumerable<Exchange> Refused => new[]
        {
            // What is left of it is sound: by RFC 9112 chunks overrule a length, which is not passed on.
            Post("both lengths", $"{Length}{Chunked}", Hello) with
            {
                Drops = ["content-length: 5"],
            },
            Post("both lengths the other way round", $"{Chunked}Content-Length: 4\r\n", Hello) with
            {
                Drops = ["content-length: 4"],
            },
        }.Concat(Smuggled.Concat(Malformed).Select(row => row with { Refused = 400 })).Append(Post("an encoding besides chunks", "Transfer-Encoding: gzip, chunked\r\n", Hello) with { Refused = 422 });

    private static IEnumerable<Exchange> Smuggled =>
        [
            Post("two lengths", $"{Length}Content-Length: 4\r\n", "hello"),
            Post("a length with a sign", "Content-Length: +5\r\n", "hello"),
            Post("a length below zero", "Content-Length: -5\r\n", "hello"),
            Post("a space before the colon", "Content-Length : 5\r\n", "hello"),
            Post("an encoding that is like chunked", "Transfer-Encoding: xchunked\r\n", Hello),
            Post("chunks and then another encoding", "Transfer-Encoding: chunked, identity\r\n", Hello),
            Post("chunks twice", "Transfer-Encoding: chunked, chunked\r\n", Hello),
            Post("an encoding in two lines", $"{Chunked}Transfer-Encoding: identity\r\n", Hello),
            Post("a chunk's size that is no number", Chunked, "5x\r\nhello\r\n0\r\n\r\n"),
            Post("a chunk's size with 0x", Chunked, "0x5\r\nhello\r\n0\r\n\r\n"),
            Post("a chunk's size that overflows", Chunked, "FFFFFFFFFFFFFFFF5\r\nhello\r\n0\r\n\r\n"),
            Post("a chunk that is longer than it says", Chunked, "5\r\nhelloGET / HTTP/1.1\r\n\r\n"),
            Post("a line break within a chunk's extension", Chunked, "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        ];

    private static IEnumerable<Exchange> Malformed =>
        [
            Get("two hosts", "Host: other.example\r\n"),
            Of("another host in the address", $"GET http://other.example/ HTTP/1.1\r\n{Host}\r\n"),
            Get("CR within a header", "X-Shop: a\rX-Admin: 1\r\n"),
            Get("NUL within a header", "X-Shop: a\0b\r\n"),
            Get("a header without a name", ": x\r\n"),
            Of("a space within the path", $"GET /a b HTTP/1.1\r\n{Host}\r\n") with
            {
                Inspected = Inspected.PassesThrough,
            },
            Of("a control character within the path", $"GET /a\u0001b HTTP/1.1\r\n{Host}\r\n"),
            Of("bytes above 127 within the path", $"GET /\u00c3\u00bc HTTP/1.1\r\n{Host}\r\n"),
            Of("a fragment within the path", $"GET /a#b HTTP/1.1\r\n{Host}\r\n"),
            Of("HTTP/0.9", "GET /\r\n"),
            Of(
                "the PROXY protocol, version 1",
                $"PROXY TCP4 192.0.2.1 192.0.2.2 1 80\r\nGET / HTTP/1.1\r\n{Host}\r\n"
            ) with
            {
                Inspected = Inspected.Closes,
            },
            Of(
                "the PROXY protocol, version 2",
                $"\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c\u0001\u0001\u0001\u0001\u0002\u0002\u0002\u0002\0\u0001\0PGET / HTTP/1.1\r\n{Host}\r\n"
            ) with
            {
                Inspected = Inspected.Closes,
            },
        ];
}
