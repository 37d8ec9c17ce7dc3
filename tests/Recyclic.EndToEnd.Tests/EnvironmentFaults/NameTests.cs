using System.Net;
using System.Net.Sockets;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>
/// The names that the edge finds a release by: on an engine whose name server answers everything, and after they were
/// lost.
/// </summary>
[Category("Docker"), NonParallelizable, CancelAfter(600_000)]
public sealed class NameTests
{
    private static readonly TimeSpan LostWithin = TimeSpan.FromSeconds(20);
    private readonly List<TcpListener> _strangers = [];
    private PrivateNetwork _network = null!;
    private PrivateEngine _engine = null!;
    private AnsweringNameServer _world = null!;
    private Stack _stack = null!;
    private string _one = "",
        _two = "";

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        HostNeeds.OrIgnore(withSsh: false);
        await Engine.ReadyAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        (_one, _two) = (await Images.DeriveAsync("1", deadline.Token), await Images.DeriveAsync("2", deadline.Token));
        _network = await PrivateNetwork.CreateAsync(deadline.Token);
        _world = new AnsweringNameServer(_network.Outside);
        foreach (var port in new[] { 8000, 4444 })
        {
            _strangers.Add(new TcpListener(IPAddress.Parse(_network.Outside), port));
            _strangers[^1].Start();
        }
        _engine = await PrivateEngine.StartAsync(
            _network,
            Directory.CreateTempSubdirectory("recyclic-names-").FullName,
            deadline.Token,
            "--dns",
            _network.Outside
        );
        await _engine.LoadAsync(await Images.OfSampleAsync(deadline.Token, _one, _two), deadline.Token);
        _stack = new Stack(1, _engine.Docker, _network.Address);
        (await _stack.DeployAsync(_one, deadline.Token, "--watch", "0")).ShouldExitWith(0);
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        if (_stack is not null)
            await _stack.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        foreach (var stranger in _strangers)
            stranger.Dispose();
        if (_world is not null)
            await _world.DisposeAsync();
        if (_network is not null)
            await _network.DisposeAsync();
    }

    [Test]
    public async Task Nothing_that_is_meant_for_a_release_is_asked_of_the_world()
    {
        await _engine.Docker.RunAsync(
            Token,
            "run",
            "--rm",
            "--entrypoint",
            "getent",
            $"recyclic/api:{_one}",
            "hosts",
            "anything.example"
        );
        _world.Asked.ShouldContain("anything.example", "the world answers what containers of this engine ask for");
        _world.Asked.Clear();

        var (serving, other) = (_one, _two);
        for (var deploy = 0; deploy < (Settings.AllFaults ? 5 : 2); deploy++)
        {
            (await _stack.DeployAsync(other, Token, "--watch", "0")).ShouldExitWith(0);
            (serving, other) = (other, serving);
        }
        var slot = (await _stack.StatusAsync(Token))["slot"]!.GetValue<string>();
        string[] containers = [$"{_stack.App}--{slot}-api-1", $"{_stack.App}--{slot}-frontend-1"];
        await _engine.Docker.RunAsync(Token, ["kill", .. containers]);
        await _engine.Docker.RunAsync(
            Token,
            ["rm", "--force", $"{_stack.App}--{(slot == "blue" ? "green" : "blue")}-api-1"]
        );
        await ShouldHaveNobodyAsync();
        await _engine.Docker.RunAsync(Token, ["start", .. containers]);
        await Eventually.TrueAsync(
            () => _stack.ServesAsync(serving, Token),
            LostWithin,
            "the release serves again",
            Token
        );

        _world.Asked.ShouldBeEmpty();
        _strangers.ShouldAllBe(stranger => !stranger.Pending());
    }

    [Test]
    public async Task Names_that_are_lost_are_told_by_Status_and_come_back_with_the_next_command()
    {
        await _stack.EnsureAsync(_one, Token);
        await _engine.Docker.RunAsync(Token, "swarm", "init", "--advertise-addr", "127.0.0.1");
        await _engine.Docker.RunAsync(Token, "swarm", "leave", "--force");
        await Eventually.TrueAsync(
            async () => !await _stack.ServesAsync(_one, Token),
            LostWithin,
            "the names are lost",
            Token
        );

        (await _stack.RunAsync(Token, "Status"))
            .ShouldExitWith(0)
            .Output.ShouldContain(
                "get no answer from api, frontend: the edge does not find the containers, although they work: ./build.sh Recover"
            );
        (await _stack.RunAsync(Token, "Recover")).ShouldExitWith(0);

        await Eventually.TrueAsync(() => _stack.ServesAsync(_one, Token), LostWithin, "the names are back", Token);
        await _stack.ShouldServeAsync(_one, Token);
        (await _stack.DeployAsync(_two, Token, "--watch", "0")).ShouldExitWith(0);
        await _stack.ShouldServeAsync(_two, Token);
    }

    /// <summary>
    /// For as long as the edge remembers an address and longer, every answer is that there is nobody.
    /// </summary>
    private async Task ShouldHaveNobodyAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var seen = new List<HttpStatusCode>();
        for (var request = 0; request < 30; request++)
        {
            using var answer = await http.GetAsync(new Uri(_stack.Api, "/version"), Token);
            seen.Add(answer.StatusCode);
            await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
        }
        seen.ShouldAllBe(status => status == HttpStatusCode.ServiceUnavailable || status == HttpStatusCode.BadGateway);
        seen[^1].ShouldBe(HttpStatusCode.ServiceUnavailable);
    }
}
