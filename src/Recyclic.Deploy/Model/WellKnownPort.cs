using System.Collections.Immutable;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>A port that is known for one protocol.</summary>
/// <param name="Source">Who says so: IANA's registry of service names and port numbers, or the programs that listen
/// there by default.</param>
internal sealed record WellKnownPort(int Port, RouteMode Mode, string Protocol, string Source)
{
    public static ImmutableArray<WellKnownPort> All { get; } =
    [
        .. Rows(
            RouteMode.Tcp,
            "IANA",
            (21, "FTP"),
            (22, "SSH"),
            (23, "Telnet"),
            (25, "SMTP"),
            (53, "DNS"),
            (110, "POP3"),
            (119, "NNTP"),
            (143, "IMAP"),
            (389, "LDAP"),
            (443, "HTTPS"),
            (465, "SMTP over TLS"),
            (554, "RTSP"),
            (587, "mail submission"),
            (636, "LDAP over TLS"),
            (853, "DNS over TLS"),
            (873, "rsync"),
            (990, "FTP over TLS"),
            (993, "IMAP over TLS"),
            (995, "POP3 over TLS"),
            (1080, "SOCKS"),
            (1433, "SQL Server"),
            (1883, "MQTT"),
            (2049, "NFS"),
            (3306, "MySQL"),
            (3389, "RDP"),
            (5060, "SIP"),
            (5222, "XMPP"),
            (5269, "XMPP"),
            (5432, "PostgreSQL"),
            (5671, "AMQP over TLS"),
            (5672, "AMQP"),
            (5900, "VNC"),
            (6379, "Redis"),
            (6667, "IRC"),
            (6697, "IRC over TLS"),
            (8883, "MQTT over TLS"),
            (9418, "Git"),
            (11211, "memcached"),
            (27017, "MongoDB")
        ),
        .. Rows(
            RouteMode.Tcp,
            "programs",
            (514, "syslog"),
            (1025, "SMTP"),
            (1521, "Oracle"),
            (1935, "RTMP"),
            (2222, "SSH"),
            (4190, "ManageSieve"),
            (4222, "NATS"),
            (4317, "gRPC"),
            (6380, "Redis"),
            (6443, "HTTPS"),
            (7687, "Bolt"),
            (8443, "HTTPS"),
            (9042, "Cassandra"),
            (9092, "Kafka"),
            (9443, "HTTPS"),
            (25565, "Minecraft"),
            (25575, "Minecraft's console"),
            (26379, "Redis Sentinel"),
            (27015, "Steam"),
            (33060, "MySQL"),
            (50051, "gRPC"),
            (64738, "Mumble")
        ),
        .. Rows(RouteMode.Http, "IANA", (80, "HTTP"), (8008, "HTTP"), (8080, "HTTP")),
        .. Rows(
            RouteMode.Http,
            "programs",
            (3000, "HTTP"),
            (3001, "HTTP"),
            (4000, "HTTP"),
            (4200, "HTTP"),
            (5000, "HTTP"),
            (5001, "HTTP"),
            (5173, "HTTP"),
            (5601, "HTTP"),
            (8000, "HTTP"),
            (8001, "HTTP"),
            (8081, "HTTP"),
            (8082, "HTTP"),
            (8088, "HTTP"),
            (8090, "HTTP"),
            (8096, "HTTP"),
            (8100, "HTTP"),
            (8123, "HTTP"),
            (8888, "HTTP"),
            (9000, "HTTP"),
            (9090, "HTTP")
        ),
    ];

    private static readonly ImmutableDictionary<int, WellKnownPort> ByNumber = All.ToImmutableDictionary(known =>
        known.Port
    );

    /// <summary>Null: it is known for nothing.</summary>
    public static WellKnownPort? Of(int port) => ByNumber.GetValueOrDefault(port);

    public override string ToString() => $"{Port} is {Protocol}";

    /// <summary>The table of a page.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder("| mode | by | ports |\n|---|---|---|\n");
        foreach (var row in All.GroupBy(known => (known.Mode, known.Source)))
            text.Append(
                $"| {row.Key.Mode.Name()} | {row.Key.Source} | {string.Join(", ", row.Select(known => row.Key.Mode == RouteMode.Http ? $"{known.Port}" : $"{known.Port} {known.Protocol}"))} |\n"
            );
        return text.ToString();
    }

    private static IEnumerable<WellKnownPort> Rows(
        RouteMode mode,
        string source,
        params (int Port, string Protocol)[] rows
    ) => rows.Select(row => new WellKnownPort(row.Port, mode, row.Protocol, source));
}
