namespace Recyclic.Sample.BotApi;

/// <summary>A user who writes to the bot twice a second.</summary>
internal sealed class Visitor(Chat chat, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Pause, time);
        while (await tick.WaitForNextTickAsync(stoppingToken))
            chat.Write("hello");
    }
}
