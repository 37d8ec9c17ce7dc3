using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Components.Notifications.Adapters;

namespace Recyclic.Components.Notifications;

/// <summary>The channels that are set up, and what is wrong with those that are only half set up.</summary>
/// <param name="Problems">One line each, naming the variable; no values.</param>
/// <param name="Secrets">Values that no log may show.</param>
internal sealed record Notifiers(
    ImmutableArray<INotifier> All,
    ImmutableArray<string> Problems,
    ImmutableArray<string> Secrets,
    NotifyOptions Options
)
{
    /// <summary>
    /// Channels by environment variable: `TELEGRAM_BOT_TOKEN` with `ADMIN_TELEGRAM_IDS` (numbers or @names, separated
    /// by commas or spaces), `SLACK_WEBHOOK`, `PAGERDUTY_ROUTING_KEY`, `WEBHOOK_URL`. `TELEGRAM_API_URL` and
    /// `PAGERDUTY_API_URL` replace the services' own base addresses. A variable that is empty is a variable that is not
    /// set: CI passes absent secrets so. </summary>
    public static Notifiers FromEnvironment(
        IReadOnlyDictionary<string, string> environment,
        NotifyOptions? options = null
    )
    {
        var reader = new Reader(environment);
        options ??= new NotifyOptions();
        var sender = new HttpSender(options);
        var all = ImmutableArray.CreateBuilder<INotifier>();

        var chats = reader.Chats();
        var token = reader.Word("TELEGRAM_BOT_TOKEN", IsBotToken, "a bot token: letters, digits, ':', '-' and '_'");
        var telegram = reader.Address("TELEGRAM_API_URL", "https://api.telegram.org");
        if (token is not null && chats.IsEmpty && !reader.Has("ADMIN_TELEGRAM_IDS"))
            reader.Problem("TELEGRAM_BOT_TOKEN is set, but ADMIN_TELEGRAM_IDS is not: no Telegram notices");
        if (!reader.Has("TELEGRAM_BOT_TOKEN") && reader.Has("ADMIN_TELEGRAM_IDS"))
            reader.Problem("ADMIN_TELEGRAM_IDS is set, but TELEGRAM_BOT_TOKEN is not: no Telegram notices");
        if (token is not null && telegram is not null && !chats.IsEmpty)
            all.Add(new TelegramNotifier(sender, telegram, token, chats));

        if (reader.Address("SLACK_WEBHOOK") is { } slack)
            all.Add(new SlackNotifier(sender, slack));

        var key = reader.Word("PAGERDUTY_ROUTING_KEY", IsOneWord, "one word without spaces");
        var pagerDuty = reader.Address("PAGERDUTY_API_URL", "https://events.pagerduty.com");
        if (key is not null && pagerDuty is not null)
            all.Add(new PagerDutyNotifier(sender, pagerDuty, key));

        if (reader.Address("WEBHOOK_URL") is { } webhook)
            all.Add(new WebhookNotifier(sender, webhook));
        return new Notifiers(all.ToImmutable(), reader.Problems, reader.Secrets, options);
    }

    /// <summary>
    /// Sends a notice on all channels side by side. Never throws: a channel that fails is a warning, one line each,
    /// without secrets. Pass a token that Ctrl-C has not cancelled, or the notice of a cancelled deploy is not sent.
    /// </summary>
    /// <returns><see cref="Problems"/>, then what went wrong now; empty: all delivered.</returns>
    public async Task<ImmutableArray<string>> NotifyAllAsync(DeployNotice notice, CancellationToken cancellationToken)
    {
        var reasons = await Task.WhenAll(All.Select(notifier => WarningAsync(notifier, notice, cancellationToken)));
        return [.. Problems, .. reasons.OfType<string>()];
    }

    /// <summary>The record's own would print the secrets.</summary>
    public override string ToString() =>
        $"Notifiers: {(All.IsEmpty ? "none" : string.Join(", ", All.Select(notifier => notifier.Name)))}";

    private async Task<string?> WarningAsync(
        INotifier notifier,
        DeployNotice notice,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // On the pool and with a fence a little beyond the deadline: one notifier that blocks holds up neither the
            // others nor the deploy.
            await Task.Run(() => notifier.NotifyAsync(notice, cancellationToken), cancellationToken)
                .WaitAsync(Options.Deadline + TimeSpan.FromSeconds(1), Options.Time, cancellationToken);
            return null;
        }
        catch (NotifyFailedException exception)
        {
            return $"{notifier.Name} was not notified: {NoticeText.Value(exception.Message)}";
        }
        catch (Exception exception)
        {
            var reason = exception switch
            {
                OperationCanceledException when cancellationToken.IsCancellationRequested => "cancelled",
                TimeoutException => $"not done within {Options.Deadline.TotalSeconds:0.##} s",
                // The type only: what a foreign message holds is not known.
                _ => exception.GetType().Name,
            };
            return $"{notifier.Name} was not notified: {reason}";
        }
    }

    // Shapes by hand: a regular expression would cost every deploy 10 ms of start, notices or not.
    private static bool IsBotToken(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-');

    private static bool IsOneWord(string text) => text.All(c => c is > ' ' and <= '~');

    private static bool IsChat(string text) =>
        text[0] == '@'
            ? text.Length > 1 && text.Skip(1).All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    /// <summary>Reads variables and gathers what is wrong with them.</summary>
    private sealed class Reader(IReadOnlyDictionary<string, string> environment)
    {
        private readonly List<string> _problems = [];
        private readonly List<string> _secrets = [];

        public ImmutableArray<string> Problems => [.. _problems];

        public ImmutableArray<string> Secrets => [.. _secrets];

        public bool Has(string name) => Text(name).Length > 0;

        public void Problem(string problem) => _problems.Add(problem);

        public string? Word(string name, Func<string, bool> shape, string expected)
        {
            if (!Has(name))
                return null;
            _secrets.Add(Text(name));
            if (shape(Text(name)))
                return Text(name);
            Problem($"{name} is not {expected}: ignored");
            return null;
        }

        /// <summary>An address of the user's own is a secret; a service's base address is not.</summary>
        public Uri? Address(string name, string? otherwise = null)
        {
            if (!Has(name))
                return otherwise is null ? null : new Uri(otherwise);
            if (otherwise is null)
                _secrets.Add(Text(name));
            if (
                Uri.TryCreate(Text(name), UriKind.Absolute, out var address)
                && address.Scheme is "http" or "https"
                && address.Host.Length > 0
            )
                return address;
            Problem($"{name} is not an http or https address: ignored");
            return null;
        }

        public ImmutableArray<string> Chats()
        {
            var ids = Text("ADMIN_TELEGRAM_IDS")
                .Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
            var bad = ids.Count(id => !IsChat(id));
            if (Has("ADMIN_TELEGRAM_IDS") && ids.Length == 0)
                Problem("ADMIN_TELEGRAM_IDS holds no id: no Telegram notices");
            if (bad > 0)
                Problem($"ADMIN_TELEGRAM_IDS: {bad} of {ids.Length} are neither a number nor an @name: ignored");
            return [.. ids.Where(id => IsChat(id)).Distinct()];
        }

        private string Text(string name) => environment.GetValueOrDefault(name)?.Trim() ?? "";
    }
}
