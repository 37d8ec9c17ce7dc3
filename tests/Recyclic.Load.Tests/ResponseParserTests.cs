using System.Text;

namespace Recyclic.Load.Tests;

public sealed class ResponseParserTests
{
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", true)]
    [TestCase("HTTP/1.1 200 OK\r\ncontent-length:5\r\nCONNECTION: Close\r\n\r\nhello", "hello", false)]
    [TestCase(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: 1\r\n\r\n",
        "hello",
        true
    )]
    [TestCase("HTTP/1.1 204 No Content\r\n\r\n", "", true)]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", true)]
    [TestCase("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", false)]
    public void A_response_is_the_same_whether_it_arrives_at_once_or_byte_by_byte(
        string text,
        string body,
        bool keepsAlive
    )
    {
        foreach (var step in new[] { 1, 7, text.Length })
        {
            var parser = new ResponseParser();
            var response = Feed(parser, text, step).ShouldNotBeNull();
            response.Body.ShouldBe(body);
            parser.KeepsAlive.ShouldBe(keepsAlive);
        }
    }

    [Test]
    public void A_body_without_a_length_ends_with_the_connection()
    {
        var parser = new ResponseParser();
        Feed(parser, "HTTP/1.1 200 OK\r\n\r\nhello", 4).ShouldBeNull();
        parser.Advance(0).ShouldNotBeNull().Body.ShouldBe("hello");
        parser.KeepsAlive.ShouldBeFalse();
    }

    [TestCase("HTTP/2.0 200 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 abc\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n")]
    public void What_is_not_HTTP_is_malformed(string text) =>
        Should.Throw<MalformedResponseException>(() => Feed(new ResponseParser(), text, text.Length));

    [TestCase("")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")]
    public void A_close_in_the_middle_is_told_from_a_complete_response(string text)
    {
        var parser = new ResponseParser();
        Feed(parser, text, 3).ShouldBeNull();
        Should.Throw<ConnectionClosedException>(() => parser.Advance(0));
    }

    [TestCase("""{"service":"api","version":"a1"}""", "a1")]
    [TestCase("""{"version" : "a1", "api": {"version":"b2"}, "again": {"version":"a1"}}""", "a1,b2")]
    [TestCase("""{"version": 3, "x": "version", "version":"c"}""", "c")]
    [TestCase("""<html>version</html>""", "")]
    public void The_default_classifier_finds_every_distinct_version(string body, string versions) =>
        string.Join(
                ',',
                VersionClassifiers.Json(new LoadResponse(200, "HTTP/1.1 200 OK", Encoding.UTF8.GetBytes(body)))
            )
            .ShouldBe(versions);

    [Test]
    public void A_header_can_name_the_version()
    {
        var response = new LoadResponse(200, "HTTP/1.1 200 OK\r\nX-Version:  a1 \r\nX-Version-Two: b", []);
        VersionClassifiers.Header("x-version")(response).ShouldBe(["a1"]);
        VersionClassifiers.Header("absent")(response).ShouldBeEmpty();
    }

    private static LoadResponse? Feed(ResponseParser parser, string text, int step)
    {
        LoadResponse? response = null;
        foreach (var part in Encoding.Latin1.GetBytes(text).Chunk(Math.Max(1, step)))
        {
            part.CopyTo(parser.Space());
            response = parser.Advance(part.Length);
        }
        return response;
    }
}
