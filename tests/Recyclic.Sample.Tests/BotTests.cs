using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Recyclic.Sample.Bot;
using Recyclic.Sample.BotApi;
using Telegram.Bot;
using Telegram.Bot.Exceptions;

namespace Recyclic.Sample.Tests;

/// <summary>The bot and the server that plays Telegram for it.</summary>
[CancelAfter(60_000)]
public sealed class BotTests
{
    private string _folder = "";
    private WebApplication _server = null!;
    private Chat _chat = null!;

    [SetUp]
    public async Task StartServer()
    {
        _folder = Directory.CreateTempSubdirectory("rcy-bot-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<Chat>();
        _server = builder.Build();
        _server.MapBotApi();
        await _server.StartAsync(TestContext.CurrentContext.CancellationToken);
        _chat = _server.Services.GetRequiredService<Chat>();
    }

    [TearDown]
    public async Task StopServer()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_message_is_given_once_and_again_until_it_counts_as_taken(CancellationToken cancellationToken)
    {
        var bot = Client();
        _chat.Write("one");
        _chat.Write("two");
        for (var i = 0; i < 2; i++)
            (await bot.GetUpdates(timeout: 0, cancellationToken: cancellationToken))
                .Select(update => update.Message!.Text)
                .ShouldBe(["one", "two"]);
        (await bot.GetUpdates(offset: 2, timeout: 0, cancellationToken: cancellationToken))
            .ShouldHaveSingleItem()
            .Message!.Text.ShouldBe("two");
        (await bot.GetUpdates(offset: 3, timeout: 0, cancellationToken: cancellationToken)).ShouldBeEmpty();
    }

    [Test]
    public async Task A_poll_waits_for_a_message(CancellationToken cancellationToken)
    {
        var poll = Client().GetUpdates(timeout: 50, cancellationToken: cancellationToken);
        await SomebodyPollsAsync(cancellationToken);
        _chat.Write("late");
        (await poll).ShouldHaveSingleItem().Message!.Text.ShouldBe("late");
    }

    [Test]
    public async Task Of_two_that_poll_the_earlier_gets_a_conflict(CancellationToken cancellationToken)
    {
        var earlier = Client().GetUpdates(timeout: 50, cancellationToken: cancellationToken);
        await SomebodyPollsAsync(cancellationToken);
        var later = Client().GetUpdates(timeout: 50, cancellationToken: cancellationToken);
        (await Should.ThrowAsync<ApiRequestException>(earlier)).ErrorCode.ShouldBe(409);
        _chat.Write("for the later");
        (await later).ShouldHaveSingleItem();
    }

    [Test]
    public async Task A_bot_alone_is_healthy_from_its_first_poll_and_stops_when_told_to(
        CancellationToken cancellationToken
    )
    {
        await using var bot = new Running(this, "v1");
        (await bot.NextAsync(cancellationToken)).ShouldBe("beat v1");
        await bot.ShouldSayAsync(line => line.EndsWith(" healthy", StringComparison.Ordinal), cancellationToken);
        _chat.Write("hello");
        (await bot.NextAsync(cancellationToken)).ShouldBe("beat v1");
        await bot.DisposeAsync();
        bot.Happened.ShouldNotContain(what => what.StartsWith("conflict", StringComparison.Ordinal));
    }

    [Test]
    public async Task Two_bots_both_write_down_that_they_met_and_neither_is_healthy(CancellationToken cancellationToken)
    {
        await using var one = new Running(this, "v1");
        await one.NextAsync(cancellationToken);
        await using var two = new Running(this, "v2");
        await one.AwaitAsync("conflict v1", cancellationToken);
        await two.AwaitAsync("conflict v2", cancellationToken);
        foreach (var bot in new[] { one, two })
            await bot.ShouldSayAsync(line => line == "0 409 Conflict: another bot polls", cancellationToken);
        await one.DisposeAsync();
        // Seconds after the other has gone.
        await two.ShouldSayAsync(line => line.EndsWith(" healthy", StringComparison.Ordinal), cancellationToken);
    }

    [Test]
    public async Task A_bot_whose_record_fails_is_not_healthy_and_says_why(CancellationToken cancellationToken)
    {
        await using var bot = new Running(this, "v1", new IOException("the database is away"));
        await bot.ShouldSayAsync(line => line == "0 the database is away", cancellationToken);
    }

    private TelegramBotClient Client(double seconds = 55) =>
        new(
            new TelegramBotClientOptions(
                "1:token",
                _server
                    .Services.GetRequiredService<IServer>()
                    .Features.Get<IServerAddressesFeature>()!
                    .Addresses.First()
            ),
            new HttpClient { Timeout = TimeSpan.FromSeconds(seconds) }
        );

    private async Task SomebodyPollsAsync(CancellationToken cancellationToken)
    {
        while (!_chat.IsPolled)
            await Task.Delay(10, cancellationToken);
    }

    /// <summary>A bot at work, and what it has written down.</summary>
    private sealed class Running : IBotRecord, IAsyncDisposable
    {
        private readonly Channel<string> _happens = Channel.CreateUnbounded<string>();
        private readonly CancellationTokenSource _stop = new();
        private readonly string _aliveFile;
        private readonly Exception? _trouble;
        private readonly Task _work;

        public Running(BotTests tests, string version, Exception? trouble = null)
        {
            (_aliveFile, _trouble) = (Path.Combine(tests._folder, version), trouble);
            var release = new Release("bot", version, Fault.None, TimeProvider.System);
            _work = new Worker(release, new AliveFile(release, _aliveFile), this, TimeProvider.System).RunAsync(
                tests.Client(seconds: 2.8),
                _stop.Token
            );
        }

        public List<string> Happened { get; } = [];

        public Task BeatAsync(string version, CancellationToken cancellationToken) => WriteAsync($"beat {version}");

        public Task ConflictAsync(string version, CancellationToken cancellationToken) =>
            WriteAsync($"conflict {version}");

        public async Task<string> NextAsync(CancellationToken cancellationToken)
        {
            Happened.Add(await _happens.Reader.ReadAsync(cancellationToken));
            return Happened[^1];
        }

        public async Task AwaitAsync(string what, CancellationToken cancellationToken)
        {
            while (await NextAsync(cancellationToken) != what) { }
        }

        /// <summary>Waits until the file for the probe says so.</summary>
        public async Task ShouldSayAsync(Func<string, bool> expected, CancellationToken cancellationToken)
        {
            while (
                !File.Exists(_aliveFile)
                || !expected((await File.ReadAllTextAsync(_aliveFile, cancellationToken)).Trim())
            )
                await Task.Delay(20, cancellationToken);
        }

        /// <summary>Tells it to stop, and waits until it has.</summary>
        public async ValueTask DisposeAsync()
        {
            if (_work.IsCompleted)
                return;
            await _stop.CancelAsync();
            await _work;
            _stop.Dispose();
        }

        private async Task WriteAsync(string what)
        {
            if (_trouble is not null)
                throw _trouble;
            await _happens.Writer.WriteAsync(what);
        }
    }
}
