namespace Recyclic.Build.Running;

/// <summary>The token of the target that runs, for calls that do not take one.</summary>
internal static class TargetToken
{
    private static readonly AsyncLocal<CancellationToken> Ambient = new();

    /// <summary>Outside a target: one that is never cancelled.</summary>
    public static CancellationToken Current => Ambient.Value;

    /// <summary>The action, with its token around it.</summary>
    public static Func<CancellationToken, Task> Around(Func<CancellationToken, Task> action) =>
        async cancellationToken =>
        {
            Ambient.Value = cancellationToken;
            await action(cancellationToken);
        };
}
