using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests.Http;

/// <summary>
/// Each exchange of the table once without the edge and once through it. What differs is what the table says.
/// </summary>
[Category("Docker"), CancelAfter(60_000)]
public sealed class ConformanceTests
{
    private static readonly int Http = RawEdge.FreePort(),
        Auto = RawEdge.FreePort();

    private RawApp _app = null!;
    private RawEdge _edge = null!;

    [OneTimeSetUp, CancelAfter(420_000)]
    public async Task StartAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(7));
        _app = new RawApp();
        _edge = await RawEdge.StartAsync(
            [RouteOf("api", Http, RouteMode.Http), RouteOf("raw", Auto, RouteMode.Auto)],
            new Dictionary<string, int> { ["api"] = _app.Port, ["raw"] = _app.Port },
            deadline.Token
        );
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (_edge is not null)
            await _edge.DisposeAsync();
        await _app.DisposeAsync();
    }

    [TestCaseSource(nameof(OnHttp))]
    public Task The_application_gets_by_the_edge_what_it_gets_without_it(
        object exchange,
        CancellationToken cancellationToken
    ) => CompareAsync((Exchange)exchange, Http, cancellationToken);

    [TestCaseSource(nameof(OnAuto))]
    public Task So_it_does_on_a_port_whose_connections_are_told_apart(
        object exchange,
        CancellationToken cancellationToken
    ) => CompareAsync((Exchange)exchange, Auto, cancellationToken);

    [Test]
    public void The_table_has_at_least_forty_exchanges() =>
        ExchangeTable.All.Select(exchange => exchange.Name).Distinct().Count().ShouldBeGreaterThanOrEqualTo(40);

    private async Task CompareAsync(Exchange exchange, int port, CancellationToken cancellationToken)
    {
        var direct = await _app.DoAsync(exchange, _app.Port, cancellationToken);
        var through = await _app.DoAsync(exchange, port, cancellationToken);
        if (port == Auto && exchange.Inspected == Inspected.PassesThrough)
            through.Arrived.ShouldBe(direct.Arrived);
        else if (port == Auto && exchange.Inspected == Inspected.Closes)
            (through.Arrived.Length, through.Left, through.Got[0]).ShouldBe((0, "", ""));
        else if (exchange.Refused is { } status)
            IsRefused(through, status);
        else
            IsSame(exchange, direct, through, port);
    }

    /// <summary>Nothing that an application could take for a request arrives.</summary>
    private static void IsRefused(RawApp.Outcome through, int status)
    {
        through.Got[0].ShouldStartWith($"HTTP/1.1 {status} ");
        through.Arrived.ShouldBeEmpty();
        through.Left.ShouldBeEmpty();
    }

    private static void IsSame(Exchange exchange, RawApp.Outcome direct, RawApp.Outcome through, int port)
    {
        through.Arrived.Length.ShouldBe(direct.Arrived.Length, through.Left);
        foreach (var (turn, index) in exchange.Turns.Select((turn, index) => (turn, index)))
        {
            if (IsHead(turn.Sends))
                Arrives(exchange, Message.Read(direct.Arrived[index])!, Message.Read(through.Arrived[index])!, port);
            else
                through.Arrived[index].ShouldBe(direct.Arrived[index]);
            if (Message.Read(direct.Got[index]) is { } answer && IsHead(direct.Got[index]))
                IsAnswer(answer, Message.Read(through.Got[index]).ShouldNotBeNull(through.Got[index]));
            else
                through.Got[index].ShouldBe(direct.Got[index]);
        }
    }

    private static void Arrives(Exchange exchange, Message direct, Message through, int port)
    {
        through.FirstLine.ShouldBe(exchange.RequestLine ?? direct.FirstLine);
        var expected = direct.Headers.Where(line => !IsOfConnection(line)).ToList();
        foreach (var line in exchange.Drops)
            expected.Remove(line).ShouldBeTrue($"without the edge there is a line '{line}'");
        through.Headers.ShouldBe(
            expected
                .Concat(exchange.Adds)
                .Append($"x-forwarded-for: {exchange.Before}127.0.0.1")
                .Append($"x-forwarded-host: {exchange.HostName}".TrimEnd())
                .Append($"x-forwarded-port: {port}")
                .Append("x-forwarded-proto: http")
                .Order(StringComparer.Ordinal)
        );
        through.Body.ShouldBe(direct.Body);
    }

    private static void IsAnswer(Message direct, Message through)
    {
        through.FirstLine.ShouldBe(direct.FirstLine);
        through
            .Headers.Where(line => !IsOfConnection(line))
            .ShouldBe(direct.Headers.Where(line => !IsOfConnection(line)));
        if (direct.Body.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            IsAnswer(Message.Read(direct.Body)!, Message.Read(through.Body)!);
        else
            through.Body.ShouldBe(direct.Body);
    }

    private static bool IsHead(string text) =>
        text.Contains(" HTTP/1.", StringComparison.Ordinal) || text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal);

    private static bool IsOfConnection(string line) => line.StartsWith("connection:", StringComparison.Ordinal);

    private static IEnumerable<TestCaseData> OnHttp => ExchangeTable.All.Select(row => new TestCaseData(row));

    private static IEnumerable<TestCaseData> OnAuto => ExchangeTable.All.Select(row => new TestCaseData(row));

    private static Route RouteOf(string service, int published, RouteMode mode) =>
        new(service, 8000, published, null, mode, null, null, 1) { Private = true };
}
