using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Recyclic.Certificates;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Requests by HTTPS at a steady rate: by HTTP/2 on kept connections, by HTTP/1 on kept ones, and now and then on a new one.
/// </summary>
internal sealed class TlsLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly ConcurrentDictionary<string, int> _versions = [];
    private readonly List<string> _seen = [];
    private readonly Uri _url;
    private readonly Task _running;
    private int _answered;

    private readonly X509Certificate2? _authority;

    /// <param name="authority">Whom it trusts; null: the authority of the tests.</param>
    public TlsLoad(int port, string host, int perSecond, X509Certificate2? authority = null)
    {
        _authority = authority;
        _url = new Uri($"https://{host}:{port}/");
        _running = RunAsync(perSecond);
    }

    public IReadOnlyCollection<string> Failures => _failures;

    public ICollection<string> Versions => _versions.Keys;

    public int Answered => _answered;

    public int Handshakes
    {
        get
        {
            lock (_seen)
                return _seen.Count;
        }
    }

    public TimeSpan Took { get; private set; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>Finds every host on this machine, and trusts one authority alone.</summary>
    /// <param name="seen">Gets the thumbprint of each certificate that a connection begins with.</param>
    /// <param name="authority">Whom it trusts; null: the authority of the tests.</param>
    public static SocketsHttpHandler Handler(List<string> seen, X509Certificate2? authority = null) =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority ?? TestCertificate.Authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                {
                    lock (seen)
                        seen.Add(certificate?.GetCertHashString() ?? "none");
                    return errors == SslPolicyErrors.None;
                },
            },
        };

    /// <summary>Each host is this machine.</summary>
    public static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task RunAsync(int perSecond)
    {
        using var kept = new HttpClient(Handler(_seen, _authority));
        var begun = Stopwatch.GetTimestamp();
        var sent = 0;
        var open = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!_stop.IsCancellationRequested)
        {
            await tick.WaitForNextTickAsync(CancellationToken.None);
            var due = (int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond);
            for (; sent < due; sent++)
                open.Add(sent % 50 == 0 ? AskAnewAsync() : AskAsync(kept, sent % 2 == 0));
            open.RemoveAll(task => task.IsCompleted);
        }
        await Task.WhenAll(open);
        Took = Stopwatch.GetElapsedTime(begun);
    }

    private async Task AskAnewAsync()
    {
        using var client = new HttpClient(Handler(_seen, _authority));
        await AskAsync(client, http2: false);
    }

    private async Task AskAsync(HttpClient client, bool http2)
    {
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var request = new HttpRequestMessage(HttpMethod.Get, _url)
            {
                Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var answer = await client.SendAsync(request, deadline.Token);
            var body = await answer.Content.ReadAsStringAsync(deadline.Token);
            if (!answer.IsSuccessStatusCode)
                throw new HttpRequestException($"status {(int)answer.StatusCode}: {body}");
            _versions.AddOrUpdate(JsonNode.Parse(body)!["version"]!.ToString(), 1, (_, count) => count + 1);
            Interlocked.Increment(ref _answered);
        }
        catch (Exception exception)
        {
            _failures.Enqueue($"{(http2 ? "h2" : "h1")}: {exception.Message} {exception.InnerException?.Message}");
        }
    }
}
