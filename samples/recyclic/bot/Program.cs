using System.Runtime.InteropServices;
using Npgsql;
using Recyclic.Sample;
using Recyclic.Sample.Bot;
using Telegram.Bot;

var release = Release.OfThisProcess("bot");
using var stop = new CancellationTokenSource();

// No host around the loop: this is all that a worker needs to end well, and it starts in half the time.
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

var alive = new AliveFile(
    release,
    Environment.GetEnvironmentVariable("ALIVE_FILE") is { Length: > 0 } path ? path : "/tmp/alive"
);
await using var database = new NpgsqlSlimDataSourceBuilder(Settings.Postgres("Maximum Pool Size=1")).Build();

// The client polls for as many whole seconds as a request may take; the probe calls a bot dead that is silent for three.
using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2.8) };
var bot = new TelegramBotClient(new TelegramBotClientOptions(Settings.BotToken(), Settings.BotApi()), http);
await new Worker(release, alive, new BotRecord(database), TimeProvider.System).RunAsync(bot, stop.Token);
alive.Remove();
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
