using Recyclic.Components.Gates;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Promotion;

/// <summary>An approval on its way into the journal of the environment's host.</summary>
internal static class ApprovalRecord
{
    /// <summary>
    /// Writes it as of the host's own time: whoever approves and whoever deploys may have clocks that differ by days.
    /// </summary>
    /// <param name="facts">What the gates judged by.</param>
    /// <exception cref="ConfigurationException">The host does not say its time, or something was deployed since the
    /// gates were asked.</exception>
    public static async Task<Approval> AppendAsync(
        IRecord host,
        Approval approval,
        GateFacts facts,
        string by,
        CancellationToken cancellationToken
    )
    {
        var state = await host.ReadAsync(cancellationToken);
        if (state.Now is not { } now)
            throw new ConfigurationException(
                $"environment {approval.Environment}",
                "its host does not say what time it is, so an approval would have no end",
                "Is its edge of this version of Recyclic? Deploy once more, or see ./build.sh Status."
            );
        if (state.Generation != facts.Generation)
            throw new ConfigurationException(
                $"environment {approval.Environment}",
                "something was deployed there while the gates were asked",
                "Look at the checklist once more: run it again."
            );
        approval = approval with { ExpiresAt = now + facts.Environment.ApprovalLifetime };
        await host.AppendAsync(
            new JournalRecord(now, $"{now:yyyyMMddTHHmmssfff}-approval", JournalKind.Approve)
            {
                Approval = approval,
                By = by,
            },
            cancellationToken
        );
        return approval;
    }
}
