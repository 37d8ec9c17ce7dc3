using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Whether two releases at a time fit on the host, before anything starts. Figures that cannot be read keep nobody from
/// deploying.
/// </summary>
internal sealed class ResourceCheck(IHostObserver host)
{
    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The same with what is known of the host's memory where nothing could look yet: on a host that is new to the
    /// application.
    /// </summary>
    public async Task<Snapshot> LookAsync(Snapshot now, CancellationToken cancellationToken)
    {
        if (now.Memory is not null || now.Current is not null)
            return now;
        try
        {
            return (await host.CountAsync(cancellationToken)).Memory is > 0 and var total
                ? now with
                {
                    Memory = HostMemory.InAll(total),
                }
                : now;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return now with { Memory = HostMemory.Unreadable };
        }
    }

    /// <summary>What the application's containers take now, by id; empty where that cannot be read.</summary>
    public async Task<ImmutableDictionary<string, long>> ReadUsesAsync(
        Snapshot now,
        CancellationToken cancellationToken
    )
    {
        if (now.Memory is not { IsRead: true })
            return ImmutableDictionary<string, long>.Empty;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadDeadline);
        try
        {
            return await host.ReadMemoryUsesAsync(
                now.Blue.Containers.Concat(now.Green.Containers)
                    .Where(container => container.IsRunning)
                    .Select(container => container.Id),
                limit.Token
            );
        }
        catch (Exception)
        {
            // The file's limits are left to go by; a Ctrl-C stops what comes next.
            return ImmutableDictionary<string, long>.Empty;
        }
    }

    /// <returns>The plan, with the figures among what it says.</returns>
    /// <exception cref="ConfigurationException">They do not fit.</exception>
    public static DeployPlan Check(
        DeployPlan plan,
        Application app,
        Snapshot now,
        ImmutableDictionary<string, long> uses,
        DeployOptions options
    )
    {
        if (now.Memory is not { } memory)
            return plan;
        var judgement = ResourceJudge.Judge(app, now, memory, uses);
        // A way back is not refused, whatever it takes.
        if (plan.Operation == Operation.Deploy && !options.AllowLowMemory)
            judgement.ThrowIfTooLittle(plan.To);
        var line = judgement.Describe(now.FreeMegabytes);
        return plan with
        {
            Notes =
            [
                .. plan.Notes,
                judgement.Verdict == ResourceVerdict.TooLittle ? $"{line}; the kernel may kill what it likes" : line,
            ],
        };
    }
}
