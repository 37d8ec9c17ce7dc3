using System.Globalization;
using Npgsql;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Recyclic.Sample.Bot;

/// <summary>
/// A Telegram bot that polls, and so must not run twice. It answers each message, and writes down each poll that worked
/// and each time that another bot polled too.
/// </summary>
internal sealed class Worker(Release release, AliveFile alive, IBotRecord record, TimeProvider time)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    // Of two that poll each is answered now and then, and is no healthier for it.
    private static readonly TimeSpan ConflictLasts = TimeSpan.FromSeconds(3);

    private string? _lastReason = "";
    private long? _conflictAt;

    /// <summary>
    /// Polls until told to stop; whatever goes wrong in between is said, shown as unhealthy, and tried again.
    /// </summary>
    public async Task RunAsync(ITelegramBotClient bot, CancellationToken cancellationToken)
    {
        Log("starts");
        bot.OnApiResponseReceived += async (_, answer, _) =>
        {
            if (answer.ApiRequestEventArgs.Request is GetUpdatesRequest && answer.ResponseMessage.IsSuccessStatusCode)
                await PolledAsync();
        };
        try
        {
            // The first poll waits for no message: whether it works is known at once, and not after a long poll.
            await bot.GetUpdates(timeout: 0, cancellationToken: cancellationToken);
        }
        catch (Exception failure)
        {
            // It may have been told to stop while it started.
            if (!cancellationToken.IsCancellationRequested)
                await ComplainAsync(bot, failure, cancellationToken);
        }
        await bot.ReceiveAsync(AnswerAsync, ComplainAsync, cancellationToken: cancellationToken);
        Log("stopped");
    }

    private async Task PolledAsync()
    {
        // Not cancelled half way: a beat takes a millisecond, a cancelled command a connection.
        await record.BeatAsync(release.Version, CancellationToken.None);
        if (_conflictAt is { } at && time.GetElapsedTime(at) < ConflictLasts)
            return;
        alive.Healthy();
        if (_lastReason is not null)
            Log("polls");
        _lastReason = null;
    }

    private async Task AnswerAsync(ITelegramBotClient bot, Update update, CancellationToken cancellationToken)
    {
        if (update.Message is { Text: { } text } message)
            await bot.SendMessage(message.Chat, $"{release.Version}: {text}", cancellationToken: cancellationToken);
    }

    private async Task ComplainAsync(ITelegramBotClient bot, Exception failure, CancellationToken cancellationToken)
    {
        var reason = failure.GetBaseException().Message;
        try
        {
            if (failure is ApiRequestException { ErrorCode: 409 })
            {
                reason = "409 Conflict: another bot polls";
                _conflictAt = time.GetTimestamp();
                await record.ConflictAsync(release.Version, cancellationToken);
            }
        }
        catch (Exception alsoWrong) when (alsoWrong is NpgsqlException or TimeoutException or IOException)
        {
            reason += $"; {alsoWrong.GetBaseException().Message}";
        }
        // Every attempt shows in the file, only a change in the log.
        alive.Unhealthy(reason);
        if (reason != _lastReason)
            Log(reason);
        _lastReason = reason;
        await Task.Delay(Retry, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Log(string text) =>
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} bot {release.Version}: {text}")
        );
}
