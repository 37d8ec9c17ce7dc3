namespace Recyclic.Components.Notifications;

/// <summary>Tells people of a deploy on one channel.</summary>
internal interface INotifier
{
    /// <summary>The channel as warnings name it, for example `slack`.</summary>
    string Name { get; }

    /// <summary>Called once after a deploy or rollback, side by side with the other notifiers.</summary>
    /// <exception cref="NotifyFailedException">It could not be delivered; any other exception counts as that too,
    /// without its message.</exception>
    Task NotifyAsync(DeployNotice notice, CancellationToken cancellationToken);
}

/// <summary>
/// A notice that was not delivered. The message is one line and holds no token, no address and no part of either.
/// </summary>
internal sealed class NotifyFailedException(string message) : Exception(message);

/// <summary>How patient notifiers are.</summary>
internal sealed record NotifyOptions
{
    /// <summary>How long each notifier has in all, second try included; default 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause before a second try where the other side names none; default 1 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
