using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Reports;

/// <summary>
/// Pure: what of the release that should run does not, a line a service, and what users get instead. By the journal, the
/// containers and what the edge says; nothing is asked by HTTP.
/// </summary>
internal static class ServiceReport
{
    /// <returns>Empty: users are served as recorded.</returns>
    public static ImmutableArray<string> Problems(Snapshot now)
    {
        if (now.Current is not { } current)
            return ["nothing is deployed"];
        return
        [
            .. now.IsRouted && now.LacksEdge
                ?
                [
                    $"users get no answer: the edge {(now.Edge.Exists ? "does not run" : "is not there")}; the next deploy starts it",
                ]
                : Array.Empty<string>(),
            .. now.Serving == current.Slot || CanaryReport.IsThere(now)
                ? []
                : new[]
                {
                    $"{now.Share ?? now.FileShare}% of the traffic goes to green, which is not what was committed: ./build.sh Recover",
                },
            .. Missing(now, current),
            .. now.Unreached is { IsEmpty: false } unreached
                ?
                [
                    $"users get no answer from {string.Join(", ", unreached)}: the edge does not find the containers, although they work: ./build.sh Recover",
                ]
                : Array.Empty<string>(),
            .. now.Doorless.Select(service =>
                $"who calls {service} by name reaches nobody: its door does not run; the next deploy opens it again"
            ),
            .. now.Closed.Select(port =>
                $"nobody answers on {port}: the gate does not run; the next deploy, or ./build.sh Recover, opens it again"
            ),
        ];
    }

    /// <summary>What starts services that are missing, for a person to type; null: none is.</summary>
    public static string? Mend(Snapshot now) =>
        now.Current is { } current && Missing(now, current).Any()
            ? $"./build.sh AtomicDeploy --tag {current.Release.Tag} starts it anew"
            : null;

    private static IEnumerable<string> Missing(Snapshot now, Commitment current)
    {
        var oneOffs = now.Journal.OneOffsOf(current.Release);
        return current
            .Release.Images.Keys.Where(service => !oneOffs.Contains(service))
            .Select(service => Problem(now, current.Slot, service))
            .OfType<string>();
    }

    private static string? Problem(Snapshot now, Slot slot, string service)
    {
        var containers = now[slot].Of(service).ToList();
        if (containers.Exists(container => container.IsOneOff))
            return null;
        var healthy = containers.Count(container => container.IsHealthy);
        var wanted = Math.Max(
            containers.Count,
            now[slot].Routes.Where(route => route.Service == service).Select(route => route.Replicas).Max(1)
        );
        var name = PrintableText.Of(service, 60);
        if (healthy == wanted)
            return null;
        if (healthy > 0)
            return $"{name} {healthy} of {wanted} containers work{States(containers)}";
        return $"{name} {(containers.Count == 0 ? "MISSING" : States(containers)[2..])}{(IsRouted(now, slot, service, containers) ? ", users get 503" : "")}";
    }

    /// <summary>What those that do not work are: `; exited (137), unhealthy`.</summary>
    private static string States(IEnumerable<Container> containers) =>
        string.Join(
            ", ",
            containers
                .Where(container => !container.IsHealthy)
                .Select(container =>
                    container.IsRunning ? container.Health
                    : container.State == "exited" ? $"exited ({container.ExitCode})"
                    : container.State
                )
                .Distinct()
        )
            is { Length: > 0 } states
            ? $"; {states}"
            : "";

    /// <summary>The edge knows a service whose containers are gone.</summary>
    private static bool IsRouted(Snapshot now, Slot slot, string service, List<Container> containers) =>
        containers.Exists(container => container.IsRouted)
        || now.Usable?.Keys.Any(backend => backend.StartsWith($"{slot.Name()}-{service}-", StringComparison.Ordinal))
            == true;

    private static int Max(this IEnumerable<int> numbers, int least) => numbers.Append(least).Max();
}
