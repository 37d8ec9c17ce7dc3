using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>What a health gate has seen of one container.</summary>
/// <param name="Settle">Without a health check: how long it must stay up.</param>
internal sealed record GatedContainer(
    string Id,
    string Name,
    string Service,
    string State,
    string Health,
    int ExitCode,
    DateTimeOffset StartedAt,
    TimeSpan? Settle,
    DateTimeOffset EngineStartedAt
)
{
    /// <summary>How it is asked from outside; null: it is not.</summary>
    public OutsideProbe? Probe { get; init; }

    /// <summary>The port that it listens on once its health check may pass; null: none is known.</summary>
    public int? Listens { get; init; }

    /// <summary>How often in a row it has answered that, up to now.</summary>
    public int Answers { get; init; }

    /// <summary>Why it did not the last time; null: it did, or was not asked yet.</summary>
    public string? Silence { get; init; }

    /// <param name="now">This machine's time. A start that the engine's clock puts into the future counts as now: two
    /// clocks may differ.</param>
    public static GatedContainer Of(Container container, DateTimeOffset now) =>
        new(
            container.Id,
            container.Name,
            container.Service,
            container.State,
            container.Health,
            container.ExitCode,
            container.StartedAt < now ? container.StartedAt : now,
            ComposeReader.ParseDuration(container.Label(Naming.SettleLabel)),
            container.StartedAt
        )
        {
            Probe = OutsideProbe.FromLabel(container.Label(Naming.ProbeLabel)),
            Listens =
                int.TryParse(
                    container.Label(Naming.ListensLabel),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var port
                ) && port is > 0 and <= 65535
                    ? port
                    : null,
        };

    public string? Failure =>
        this switch
        {
            { State: "exited" or "dead", ExitCode: var code } => $"{Name} exited with code {code}",
            { State: "restarting" } => $"{Name} is restarting",
            { Health: "unhealthy" } => $"{Name} is unhealthy",
            { State: "out of memory" } => $"{Name} was killed for using too much memory",
            _ => null,
        };

    public bool Passes(DateTimeOffset now) =>
        State == "running"
        && (Health == "healthy" || Health == "none" && now >= StartedAt + (Settle ?? TimeSpan.Zero))
        && (Probe is null || Answers >= Probe.Needed);

    public override string ToString() =>
        $"{Name} {(State != "running" ? State : Silence ?? (Health != "none" ? Health : State))}";
}

/// <summary>
/// Pure: the containers that must be healthy, and what their events make of them. Fails at the first that cannot be.
/// </summary>
internal sealed record HealthGate(ImmutableDictionary<string, GatedContainer> Containers)
{
    private static readonly TimeSpan ToldLateAtMost = TimeSpan.FromMinutes(5);

    public static HealthGate Over(IEnumerable<Container> containers, DateTimeOffset now) =>
        new(
            containers.ToImmutableDictionary(container => container.Id, container => GatedContainer.Of(container, now))
        );

    public HealthGate After(ContainerEvent happened)
    {
        if (!Containers.TryGetValue(happened.ContainerId, out var container))
            return this;
        // What this process has found out has this machine's time.
        if (happened.Kind == ContainerEventKind.Answered)
            return With(container with { Answers = container.Answers + 1, Silence = null });
        if (happened.Kind == ContainerEventKind.Passed)
            return container.Health == "starting" ? With(container with { Health = "healthy" }) : this;
        if (happened.Kind == ContainerEventKind.Silent)
            return With(container with { Answers = 0, Silence = happened.Why });
        // The end of its life before: told late, after it was started again. Not what is much older: then the engine's
        // clock was set back.
        if (happened.At < container.EngineStartedAt && container.EngineStartedAt - happened.At < ToldLateAtMost)
            return this;
        var next = happened.Kind switch
        {
            ContainerEventKind.Started => container with
            {
                State = "running",
                StartedAt = happened.At,
                EngineStartedAt = happened.At,
                Answers = 0,
            },
            ContainerEventKind.Died => container with { State = "exited", ExitCode = happened.ExitCode },
            ContainerEventKind.OutOfMemory => container with { State = "out of memory" },
            ContainerEventKind.Healthy => container with { Health = "healthy" },
            ContainerEventKind.Unhealthy => container with { Health = "unhealthy" },
            _ => container,
        };
        return With(next);
    }

    private HealthGate With(GatedContainer container) => new(Containers.SetItem(container.Id, container));

    public GatedContainer? Failed => Containers.Values.FirstOrDefault(container => container.Failure is not null);

    public bool Passed(DateTimeOffset now) => Containers.Values.All(container => container.Passes(now));

    /// <summary>
    /// When time alone could make the gate pass: the last moment at which a container without a health check has
    /// settled.
    /// </summary>
    public DateTimeOffset? SettlesAt =>
        Containers
            .Values.Where(container => container.Health == "none" && container.State == "running")
            .Select(container => (DateTimeOffset?)(container.StartedAt + (container.Settle ?? TimeSpan.Zero)))
            .Max();

    public string Describe() =>
        string.Join(", ", Containers.Values.OrderBy(container => container.Name, StringComparer.Ordinal));
}
