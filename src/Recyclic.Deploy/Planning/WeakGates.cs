using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: the release services of which no health check says when they are ready.</summary>
internal static class WeakGates
{
    /// <summary>
    /// What a plan says of those whose gate was not chosen by anybody, with the line that makes it strong.
    /// </summary>
    public static IEnumerable<string> Notes(Application app) =>
        from service in app.Services
        where IsWeak(service) && !service.IsSettleGiven
        select $"{service.Name} has a weak gate, as it has no health check{(service.IsImageKnown ? "" : " (unless its image, which is not there yet, has one)")}: it counts as ready {Reason(service)}; a strong one: {Mend(service)}";

    /// <exception cref="ConfigurationException">A service whose image is known has no health check.</exception>
    public static void Refuse(Application app, string environment)
    {
        var problems = (
            from service in app.Services
            where IsWeak(service) && service.IsImageKnown
            select new ConfigurationProblem(
                $"service {service.Name}",
                $"it has no health check, and {environment} requires one (RequireHealthChecks)",
                $"Write {Mend(service)}."
            )
        ).ToImmutableArray();
        if (!problems.IsEmpty)
            throw new ConfigurationException(problems);
    }

    private static bool IsWeak(ReleaseService service) =>
        service.OneOff is null && !service.HasHealthCheck && service.Probe?.Kind != ProbeKind.Health;

    private static string Reason(ReleaseService service) =>
        service.Probe switch
        {
            { Kind: ProbeKind.Http } probe =>
                $"when port {probe.Port} has answered below 500 {probe.Needed} times in a row",
            { } probe => $"when port {probe.Port} has accepted a connection {probe.Needed} times in a row",
            null => $"when it has stayed up for {(service.Settle ?? TimeSpan.Zero).TotalSeconds:0.#} s",
        };

    private static string Mend(ReleaseService service) =>
        service.Probe?.Kind == ProbeKind.Http
            ? "x-recyclic: { health: /healthz }, with the path that says whether it is ready"
            : "healthcheck: { test: [\"CMD\", \"<command that succeeds once it is ready>\"], interval: 5s }";
}
