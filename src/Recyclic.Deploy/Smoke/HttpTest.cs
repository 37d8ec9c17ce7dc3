using System.Collections.Immutable;

namespace Recyclic.Deploy.Smoke;

/// <summary>
/// A request to a service of the release, and what its answer must be. In what is sent and expected, `{tag}` stands for
/// the release's tag. It is asked of each container of the service before there is traffic, and once through the front
/// door.
/// </summary>
public sealed record HttpTest : ReleaseTest
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    internal HttpTest(string path)
        : base($"GET {path}") => (Path, Deadline) = (path, Usual);

    /// <summary>With its query; for example `/health`.</summary>
    public string Path { get; }

    /// <summary>For example `GET`.</summary>
    public string Verb { get; private init; } = "GET";

    /// <summary>What is sent; null: nothing.</summary>
    public string? Body { get; private init; }

    /// <summary>What is sent besides.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; private init; } = [];

    /// <summary>The service that is asked; null: the one that the path leads to.</summary>
    public string? Asked { get; private init; }

    /// <summary>The published port, or else that in the containers; null: the only one that there is.</summary>
    public int? AskedPort { get; private init; }

    /// <summary>The host name that is asked for; null: that of the route, or of its certificate, or `localhost`.</summary>
    public string? HostName { get; private init; }

    /// <summary>What the answer must be.</summary>
    public ImmutableArray<Expectation> Expected { get; private init; } = [];

    /// <inheritdoc/>
    public override string? Service => Asked;

    private protected override string Expects =>
        string.Join(", ", Needed.Select(expectation => expectation.Describe()));

    internal override string? Problem =>
        Path is not ['/', ..] || Path.Any(letter => letter is <= ' ' or > '~')
            ? $"'{PrintableText.Of(Path, 60)}' is no path that begins with '/'"
            : Expected.Select(expectation => expectation.Problem).FirstOrDefault(problem => problem is not null)
                ?? base.Problem;

    private IEnumerable<Expectation> Needed =>
        Expected.Any(expectation => expectation is StatusIs) ? Expected : Expected.Prepend(new StatusIs(200));

    /// <summary>The service that is asked; needed where several publish a port.</summary>
    public HttpTest At(string service) => this with { Asked = service };

    /// <summary>
    /// The published port that is asked, or one in the service's containers that nothing publishes; needed where there
    /// are several.
    /// </summary>
    public HttpTest Port(int port) => this with { AskedPort = port };

    /// <summary>The host name that is asked for, in the header `Host`.</summary>
    public HttpTest Host(string name) => this with { HostName = name };

    /// <summary>Another method than GET, and what is sent by it.</summary>
    /// <param name="body">Null: nothing.</param>
    public HttpTest Send(string method, string? body = null, string contentType = "application/json") =>
        this with
        {
            Name = $"{method} {Path}",
            Verb = method,
            Body = body,
            Headers = body is null ? Headers : Headers.Add(new("Content-Type", contentType)),
        };

    /// <summary>A header of the request. Failures show its name, not its value.</summary>
    public HttpTest With(string header, string value) => this with { Headers = Headers.Add(new(header, value)) };

    /// <summary>The status, in the place of 200.</summary>
    public HttpTest Status(int status) => Expect(new StatusIs(status));

    /// <summary>A header of the answer that must hold a text.</summary>
    public HttpTest Header(string name, string value) => Expect(new HeaderHas(name, value));

    /// <summary>A value in an answer of JSON, by JSONPath: `$.status`.</summary>
    /// <param name="value">A text, a number or a truth value; null: JSON's own null.</param>
    public HttpTest JsonPath(string path, object? value) => Expect(new JsonHas(path, value));

    /// <summary>A text that the answer must hold.</summary>
    public HttpTest Contains(string text) => Expect(new BodyHas(text));

    /// <summary>A regular expression that the answer must match, somewhere.</summary>
    public HttpTest Matches(string pattern) => Expect(new BodyMatches(pattern));

    /// <summary>How long the answer may take once there is a connection. Default: no longer than the try.</summary>
    public HttpTest Within(TimeSpan latency) => Expect(new TakesAtMost(latency));

    /// <summary>How often it is tried, and how long after a failure the next try begins.</summary>
    public HttpTest Retry(int tries, TimeSpan pause) => this with { Tries = tries, Pause = pause };

    /// <summary>How long one try may take, connection and all; default 15 s.</summary>
    public HttpTest Limit(TimeSpan deadline) => this with { Deadline = deadline };

    /// <summary>Why an answer is not what is expected; null: it is.</summary>
    internal string? Judge(HttpAnswer answer, string tag) =>
        Needed.Select(expectation => expectation.Judge(answer, tag)).FirstOrDefault(why => why is not null);

    /// <inheritdoc/>
    public bool Equals(HttpTest? other) =>
        other is not null
        && base.Equals(other)
        && (Path, Verb, Body, Asked, AskedPort, HostName)
            == (other.Path, other.Verb, other.Body, other.Asked, other.AskedPort, other.HostName)
        && Headers.SequenceEqual(other.Headers)
        && Expected.SequenceEqual(other.Expected);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Path, Verb);

    private HttpTest Expect(Expectation expectation) =>
        this with
        {
            Expected = [.. Expected.Where(other => expectation is not StatusIs || other is not StatusIs), expectation],
        };
}
