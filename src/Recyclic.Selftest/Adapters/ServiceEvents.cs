using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Processes;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Adapters;

/// <summary>
/// Listens to the engine for what becomes of the containers of releases, for as long as the lane is open.
/// </summary>
internal sealed class ServiceEvents : IAsyncDisposable
{
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly IRunningCommand _events;
    private readonly Task _listening;
    private readonly Lock _gate = new();
    private ImmutableArray<ContainerEvent> _seen = [];

    public ServiceEvents(ICommandRunner runner, string app)
    {
        _events = runner.Start(
            Command.Of(
                "docker",
                "events",
                "--format",
                "{{json .}}",
                "--filter",
                "type=container",
                "--filter",
                "event=start",
                "--filter",
                "event=die",
                "--filter",
                "event=kill",
                "--filter",
                "event=health_status",
                "--filter",
                $"label={Naming.AppLabel}={app}",
                "--filter",
                $"label={Naming.RoleLabel}={Naming.ReleaseRole}"
            ) with
            {
                EndPatience = TimeSpan.Zero,
            }
        );
        _listening = ListenAsync();
    }

    /// <summary>Everything so far.</summary>
    /// <exception cref="InvalidOperationException">The engine stopped telling: then nothing can be said.</exception>
    public ImmutableArray<ContainerEvent> Seen
    {
        get
        {
            if (_listening.IsCompleted)
                throw new InvalidOperationException(
                    "docker events ended, so it is not known how often each service ran"
                );
            lock (_gate)
                return _seen;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await ((Task)_listening.WaitAsync(TimeSpan.FromSeconds(5))).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing
        );
    }

    private async Task ListenAsync()
    {
        await foreach (var line in _events.ReadLinesAsync(CancellationToken.None))
        {
            if (Parse(line) is not { } happened)
                continue;
            lock (_gate)
                _seen = _seen.Add(happened);
        }
    }

    /// <summary>Null for what is of no service, and for a container that became unhealthy.</summary>
    private static ContainerEvent? Parse(string line)
    {
        if (
            JsonNode.Parse(line) is not { } happened
            || happened["Actor"] is not { } actor
            || actor["ID"]?.GetValue<string>() is not { } id
        )
            return null;
        if (
            actor["Attributes"] is not { } about
            || about["com.docker.compose.service"]?.GetValue<string>() is not { } service
        )
            return null;
        Moment? moment = happened["Action"]?.GetValue<string>() switch
        {
            "start" => Moment.Started,
            "die" => Moment.Ended,
            "kill" => Moment.Signalled,
            "health_status: healthy" => Moment.Healthy,
            _ => null,
        };
        if (moment is not { } known)
            return null;
        int? exitCode = int.TryParse(about["exitCode"]?.GetValue<string>(), CultureInfo.InvariantCulture, out var code)
            ? code
            : null;
        return new ContainerEvent(
            id,
            service,
            known,
            (happened["timeNano"]?.GetValue<long>() ?? 0) / NanosecondsPerMillisecond,
            about[Naming.ExclusiveLabel]?.GetValue<string>() == "true",
            exitCode
        );
    }
}
