using System.Runtime.InteropServices;
using Recyclic.Sample;
using Recyclic.Sample.Bot;

var release = Release.OfThisProcess("bot");
using var stop = new CancellationTokenSource();

// No host around the loop: this is all that a worker needs to end well, and it starts in half the time.
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

var alive = new AliveFile(
    release,
    Environment.GetEnvironmentVariable("ALIVE_FILE") is { Length: > 0 } path ? path : "/tmp/alive"
);
await new Poller(release, alive, Settings.Postgres("Pooling=false;Keepalive=0")).RunAsync(stop.Token);
alive.Remove();
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
