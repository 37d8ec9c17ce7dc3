using System.Collections.Immutable;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>What a container wrote last, as people are shown it.</summary>
internal static class LastLog
{
    private const int Lines = 20;

    public static async Task<ImmutableArray<string>> ReadAsync(
        IHealthSource health,
        string containerId,
        string name,
        CancellationToken cancellationToken
    )
    {
        var log = await health.ReadLogAsync(containerId, Lines, cancellationToken);
        return
        [
            log.IsEmpty ? $"{name} has logged nothing" : $"last {log.Length} log lines of {name}:",
            .. log.Select(line => "  " + PrintableText.Of(line.TrimEnd('\r'))),
        ];
    }
}
