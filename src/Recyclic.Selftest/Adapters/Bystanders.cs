using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Selftest.Adapters;

/// <summary>
/// What is on the host beside the throw-away application and looks like it, each of them running or with a volume: the
/// edge of a neighbour whose name begins with the application's, its network, and a container whose image brings the
/// labels of a slot. </summary>
internal sealed class Bystanders(Site site, ICommandRunner runner)
{
    private readonly List<string> _containers = [];
    private string? _network;
    private string[] _before = [];

    private string Neighbour => $"{site.App}-blue";

    private string PretenderImage => $"{site.Image}:pretender";

    /// <summary>Whether a name that begins as one of the application's is a neighbour's.</summary>
    public static bool IsNeighbours(string app, string name) =>
        name.StartsWith($"{app}-blue-edge", StringComparison.Ordinal)
        || name.StartsWith($"{app}-blue_", StringComparison.Ordinal);

    /// <summary>Makes them, once the application's images are there.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var labels =
            $"{Naming.AppLabel}={site.App} {Naming.RoleLabel}={Naming.ReleaseRole} {Naming.SlotLabel}={Slot.Blue.Name()}";
        await RunAsync(
            Command.Of("docker", "build", "--quiet", "--tag", PretenderImage, "-") with
            {
                StandardInput = $"FROM {site.Image}:base\nLABEL {labels}\n",
            },
            cancellationToken
        );
        _network = await RunAsync(Command.Of("docker", "network", "create", $"{Neighbour}_default"), cancellationToken);
        _containers.Add(await StartAsync($"{Neighbour}-edge", $"{site.Image}:base", cancellationToken));
        _containers.Add(await StartAsync($"pretender-of-{site.App}", PretenderImage, cancellationToken));
        _before = await InspectAsync(cancellationToken);
    }

    /// <summary>What is not as it was, as the engine describes it; null: all is.</summary>
    public async Task<string?> DisturbedAsync(CancellationToken cancellationToken)
    {
        var now = await InspectAsync(cancellationToken);
        return now.SequenceEqual(_before, StringComparer.Ordinal)
            ? null
            : $"{string.Join("; ", _before.Except(now).Take(10))} became {string.Join("; ", now.Except(_before).Take(10))}";
    }

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (_containers.Count > 0)
            await runner.RunAsync(
                Command.Of("docker", ["rm", "--force", "--volumes", .. _containers]),
                cancellationToken
            );
        if (_network is not null)
            await runner.RunAsync(Command.Of("docker", "network", "rm", _network), cancellationToken);
        await runner.RunAsync(Command.Of("docker", "rmi", "--force", PretenderImage), cancellationToken);
    }

    private Task<string> StartAsync(string name, string image, CancellationToken cancellationToken) =>
        RunAsync(
            Command.Of(
                "docker",
                "run",
                "--detach",
                "--name",
                name,
                "--network",
                _network!,
                "--volume",
                "/data",
                "--no-healthcheck",
                "--entrypoint",
                "sleep",
                image,
                "1d"
            ),
            cancellationToken
        );

    /// <summary>Line by line and sorted: the engine gives mounts in any order.</summary>
    private async Task<string[]> InspectAsync(CancellationToken cancellationToken)
    {
        var seen = await runner.RunAsync(
            Command.Of("docker", ["inspect", .. _containers, _network!]),
            cancellationToken
        );
        return
        [
            .. (seen.StandardOutput + seen.StandardError)
                .Split('\n')
                .Select(line => line.Trim().TrimEnd(','))
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task<string> RunAsync(Command command, CancellationToken cancellationToken) =>
        (await runner.RunAsync(command, cancellationToken)).EnsureSuccess().StandardOutput.Trim();
}
