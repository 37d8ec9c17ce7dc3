using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.EndToEnd.Support;
using Recyclic.Processes;

namespace Recyclic.EndToEnd;

/// <summary>
/// What a thief of the key can do who has it and nothing else, over a real sshd with the very line that `ApprovalKey`
/// prints: append an approval, see what approving goes by.
/// </summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(480_000)]
public sealed class ApprovalKeyTests : SshFixture
{
    private SshDoor _door = null!;
    private ApprovalEntrance _entrance = null!;
    private string _app = "";

    [SetUp]
    public async Task LetInAsync()
    {
        _app = "e2e-" + Random.Shared.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture);
        Sweeper.Own.Add(_app);
        _door = await SshDoor.OpenLocalAsync(DoorDirectory, Token);
        _entrance = new ApprovalEntrance(DoorDirectory, _door);
        await _entrance.MakeAsync(Token);
        var printed = (
            await Tool.RunAsync(
                new Dictionary<string, string>
                {
                    ["PRODUCTION_ENGINE"] = "local",
                    ["PRODUCTION_POSTGRES_PASSWORD"] = "x",
                },
                ["ApprovalKey", "--public-key", _entrance.PublicKeyFile, "--project", _app],
                Token
            )
        ).ShouldExitWith(0);
        await File.WriteAllTextAsync(
            Path.Combine(DoorDirectory, "authorized_keys"),
            ApprovalEntrance.LineOf(printed) + "\n",
            Token
        );
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        if (_door is not null)
            await _door.DisposeAsync();
        if (_app.Length > 0)
            await DockerHere.TryAsync(["volume", "rm", "--force", $"{_app}.state"], CancellationToken.None);
    }

    /// <summary>Each is asked with a good approval on its standard input.</summary>
    private static readonly ImmutableArray<(string[] Options, string[] Asked)> Commands =
    [
        ([], ["approve"]),
        ([], []),
        (["-tt"], []),
        ([], ["sh"]),
        ([], ["/bin/sh -c id"]),
        ([], ["docker ps"]),
        ([], ["docker run --rm --volume /:/host recyclic/edge cat /host/etc/shadow"]),
        ([], ["docker system dial-stdio"]),
        ([], ["approve; docker ps"]),
        ([], ["approve && id"]),
        ([], ["approve\nid"]),
        ([], ["$(docker ps)"]),
        ([], ["`id`"]),
        ([], ["approve $(id)"]),
        ([], ["approve production 999999999"]),
        ([], ["approve another-app"]),
        ([], ["approve ../../../etc/passwd"]),
        ([], ["recyclic-approval approve production 999999999"]),
        ([], ["APPROVE"]),
        ([], ["*"]),
        ([], ["show|approve"]),
        ([], ["show /etc/passwd"]),
        ([], ["scp -t /tmp"]),
        ([], ["scp -f /etc/passwd"]),
        ([], ["rsync --server --sender . /etc"]),
        ([], ["git-upload-pack /"]),
        ([], ["internal-sftp"]),
        (["-s"], ["sftp"]),
        (["-W", "127.0.0.1:22"], []),
        (["-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22"], []),
    ];

    [Test]
    public async Task Of_thirty_commands_one_works()
    {
        Commands.Length.ShouldBe(30);
        var worked = new List<string>();
        foreach (var (options, asked) in Commands)
        {
            var command = _entrance.Ssh(options, asked) with { StandardInput = $"0 {Record()}\n" };
            var ended = await DockerHere.Runner.RunAsync(command, Token);
            var name = string.Join(' ', [.. options, .. asked]);
            (ended.StandardOutput + ended.StandardError).ShouldNotContain("root:", customMessage: name);
            (ended.StandardOutput + ended.StandardError).ShouldNotContain("uid=", customMessage: name);
            if (ended.Succeeded)
                worked.Add(name);
            else
                ended.StandardOutput.ShouldBeEmpty(name);
        }
        worked.ShouldBe(["approve"]);
        (await JournalAsync()).Length.ShouldBe(1);
    }

    [Test]
    public async Task Nothing_is_forwarded_copied_or_taken_from_what_the_client_sets()
    {
        // A client with forwardings may run what the line allows, but they lead nowhere.
        foreach (var (listen, ask) in Forwardings())
        {
            await using var tunnel = DockerHere.Runner.Start(_entrance.Ssh(["-N", .. listen]));
            var answer = await ask();
            answer.ShouldNotContain("HTTP");
            answer.ShouldNotContain("SSH-2.0");
        }
        var local = Path.Combine(DoorDirectory, "sent");
        await File.WriteAllTextAsync(local, "x", Token);
        foreach (var options in new string[][] { [], ["-O"] })
        {
            (
                await DockerHere.Runner.RunAsync(
                    _entrance.Copy("scp", options, local, $"HOST:{DoorDirectory}/arrived"),
                    Token
                )
            ).Succeeded.ShouldBeFalse();
            File.Exists(Path.Combine(DoorDirectory, "arrived")).ShouldBeFalse();
            (
                await DockerHere.Runner.RunAsync(
                    _entrance.Copy("scp", options, $"HOST:{DoorDirectory}/host_key", $"{DoorDirectory}/stolen"),
                    Token
                )
            ).Succeeded.ShouldBeFalse();
            File.Exists(Path.Combine(DoorDirectory, "stolen")).ShouldBeFalse();
        }
        foreach (
            var set in new[]
            {
                "SetEnv=DOCKER_HOST=tcp://127.0.0.1:1",
                "SetEnv=PATH=/nowhere",
                "SetEnv=SSH_ORIGINAL_COMMAND=sh",
                "SetEnv=BASH_ENV=/etc/passwd",
                "ForwardAgent=yes",
                "ForwardX11=yes",
            }
        )
            (await AskAsync("show", "", "-o", set)).StandardOutput.ShouldContain("generation 0", customMessage: set);
    }

    private IEnumerable<(string[] Listen, Func<Task<string>> Ask)> Forwardings()
    {
        var socket = Path.Combine(DoorDirectory, "forwarded");
        yield return (
            ["-L", $"{socket}:/var/run/docker.sock"],
            () => AnswerAsync(new UnixDomainSocketEndPoint(socket), "GET /version HTTP/1.0\r\n\r\n"u8.ToArray())
        );
        var (port, door) = (FreePort(), new Uri(_door.Url).Port);
        yield return (
            ["-D", $"127.0.0.1:{port}"],
            // SOCKS 4: a connection to the door itself, which would greet.
            () =>
                AnswerAsync(
                    new IPEndPoint(IPAddress.Loopback, port),
                    [4, 1, (byte)(door >> 8), (byte)door, 127, 0, 0, 1, 0]
                )
        );
    }

    /// <summary>All that comes back from behind a forwarding until it is closed, once that listens.</summary>
    private static async Task<string> AnswerAsync(EndPoint place, byte[] question)
    {
        using var client = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await client.ConnectAsync(place, Token);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30),
            "the forwarding listens",
            Token
        );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var (text, part) = ("", new byte[1000]);
        try
        {
            await client.SendAsync(question, limit.Token);
            while (await client.ReceiveAsync(part, limit.Token) is > 0 and var length)
                text += Encoding.Latin1.GetString(part, 0, length);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Closed; or the door waits for what it greeted to answer.
        }
        return text;
    }

    [Test]
    public async Task Only_an_approval_of_now_for_this_environment_is_appended_and_only_once()
    {
        var good = Record();
        foreach (var (what, input, why) in Wrong())
        {
            var refused = await AskAsync("approve", input);
            refused.ExitCode.ShouldBe(3, $"{what}: {refused.StandardOutput}{refused.StandardError}");
            refused.StandardError.ShouldContain(why, customMessage: what);
        }
        (await JournalAsync()).ShouldBeEmpty();

        (await AskAsync("approve", $"0 {good}\n")).StandardOutput.ShouldBe("= ok\n");
        (await AskAsync("approve", $"0 {good}\n")).StandardError.ShouldContain("refused: it was given before");
        (await JournalAsync()).ShouldBe([good]);

        // What is written is what a deploy reads, and the key sees none of it.
        Journal.Parse(await JournalAsync()).Records.Single().Approval!.Approver.ShouldBe("ann");
        var shown = (await AskAsync("show", "")).StandardOutput;
        shown.ShouldNotContain("Approve");
        shown.ShouldNotContain("modelKey");
    }

    private static IEnumerable<(string What, string Input, string Why)> Wrong()
    {
        var good = Record();
        yield return ("nothing", "", "it is not one line");
        yield return ("no end of line", $"0 {good}", "it is not one line");
        yield return ("two records", $"0 {good}\n0 {Record()}\n", "it is not one line");
        yield return ("a line feed in it", $"0 {good.Insert(20, "\n")}\n", "it is not one line");
        yield return ("a NUL in it", $"0 {good.Insert(20, "\0")}\n", "other than printable ASCII");
        yield return ("half a character", $"0 {good.Insert(20, "é")}\n", "other than printable ASCII");
        yield return ("a byte too much", $"0 {new string(' ', 1024 * 1024)}\n", "it is longer than");
        yield return ("10 MB", $"0 {new string('x', 10_000_000)}\n", "it is longer than");
        yield return ("no generation", $"{good}\n", "it does not begin with a generation");
        yield return ("another generation", $"7 {good}\n", "something was deployed meanwhile");
        yield return ("no JSON", "0 approve\n", "is no JSON");
        yield return ("something behind it", $"0 {good}{good}\n", "has something behind it");
        yield return ("a member twice", $"0 {good.Insert(1, "\"by\":\"x\",")}\n", "has a member twice");
        yield return ("a deep list", $"0 {{\"a\":{new string('[', 50_000)}\n", "is too deep");
        yield return ("a commit", $"0 {good.Replace("\"Approve\"", "\"Commit\"")}\n", "kind is not what it has to be");
        yield return ("a release", $"0 {good.Insert(1, "\"release\":{},")}\n", "none of an approval's");
        yield return ("an application", $"0 {good.Insert(1, "\"app\":\"other\",")}\n", "none of an approval's");
        yield return (
            "staging",
            $"0 {Record(with: a => a["environment"] = "staging")}\n",
            "this key is for production"
        );
        yield return ("a path", $"0 {Record(with: a => a["tag"] = "../../x")}\n", "tag is not what it has to be");
        yield return ("no key", $"0 {Record(with: a => a.Remove("modelKey"))}\n", "has no modelKey");
        yield return ("of yesterday", $"0 {Record(DateTimeOffset.UtcNow.AddDays(-1))}\n", "it is not of now");
        yield return ("of tomorrow", $"0 {Record(DateTimeOffset.UtcNow.AddDays(1))}\n", "it is not of now");
        yield return (
            "for a year",
            $"0 {Record(with: a => a["expiresAt"] = DateTimeOffset.UtcNow.AddDays(365).ToString("yyyy-MM-ddTHH:mm:ss+00:00", CultureInfo.InvariantCulture))}\n",
            "it would last longer than 86400 s"
        );
    }

    [Test]
    public async Task While_somebody_deploys_nothing_is_appended_and_while_it_appends_nobody_deploys()
    {
        var lockName = $"{_app}-deploy-lock";
        // Who sends slowly has the lock, and not for long.
        await using (var slow = DockerHere.Runner.Start(_entrance.Ssh([], "approve")))
        {
            await Eventually.TrueAsync(
                async () =>
                    (await DockerHere.LinesAsync(Token, "ps", "--quiet", "--filter", $"name=^{lockName}$")).Length == 1,
                TimeSpan.FromSeconds(30),
                "the key has the lock",
                Token
            );
            var second = await AskAsync("approve", $"0 {Record()}\n");
            second.Succeeded.ShouldBeFalse();
            second.StandardError.ShouldContain("is already in use");
            (await slow.Ended.WaitAsync(TimeSpan.FromMinutes(2), Token)).Succeeded.ShouldBeFalse();
        }
        (await AskAsync("approve", $"0 {Record()}\n")).ExitCode.ShouldBe(0);
        (await JournalAsync()).Length.ShouldBe(1);
    }

    private Task<CommandResult> AskAsync(string word, string input, params string[] options) =>
        DockerHere.Runner.RunAsync(_entrance.Ssh(options, word) with { StandardInput = input }, Token);

    private Task<string[]> JournalAsync() =>
        DockerHere.LinesAsync(
            Token,
            "run",
            "--rm",
            "--network",
            "none",
            "--volume",
            $"{_app}.state:/var/lib/recyclic:ro",
            EdgeImage.Reference,
            "sh",
            "-c",
            "cat /var/lib/recyclic/journal.jsonl 2>/dev/null || true"
        );

    /// <summary>An approval as the deployer writes it.</summary>
    private static string Record(DateTimeOffset? at = null, Action<JsonObject>? with = null)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds((at ?? DateTimeOffset.UtcNow).ToUnixTimeMilliseconds());
        var record = new JournalRecord(now, $"{now:yyyyMMddTHHmmssfff}-approval", JournalKind.Approve)
        {
            By = "CI's run",
            Approval = new Approval("production", "0123456789abcdef", "c82fa04", "ann", now.AddHours(24))
            {
                Authors = ["bob", "Zoë"],
                Repository = "host/team/shop",
                Commit = new string('c', 40),
                ModelKey = Guid.NewGuid().ToString("N"),
                Model = ImmutableSortedDictionary<string, string>
                    .Empty.Add("api image", new string('a', 32))
                    .Add("api file conf", "#0123456789abcdef"),
                Evidence = ["passed checks: 4 green"],
            },
        };
        var json = JsonNode.Parse(record.ToJson())!.AsObject();
        with?.Invoke(json["approval"]!.AsObject());
        // A time is written with its plus sign as it is.
        return with is null ? record.ToJson() : json.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
