using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Recyclic.Load;
using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>The sample application on ports of its own, with load on it.</summary>
internal sealed class SampleSite(Workshop workshop, double rate)
{
    public const string First = "figures-1";
    public const string Second = "figures-2";

    private const string Project = "recyclicbench-sample";
    private const string BareProject = "recyclicbench-bare";
    private static readonly string[] Services = ["api", "bot", "frontend"];
    private static readonly ImmutableDictionary<string, string> Ports = ImmutableDictionary<string, string>
        .Empty.Add("API_PORT", "28000")
        .Add("FRONTEND_PORT", "24444");

    private static readonly ImmutableDictionary<string, string> BarePorts = ImmutableDictionary<string, string>
        .Empty.Add("API_PORT", "28010")
        .Add("FRONTEND_PORT", "24454");

    private LoadPlan Load =>
        new([
            .. new[] { "http://127.0.0.1:28000/version", "http://127.0.0.1:24444/api/version" }.Select(
                url => new LoadTarget(new Uri(url), rate)
                {
                    SlowPath = url.Replace("version", "slow?ms=1500", StringComparison.Ordinal)[url.IndexOf('/', 8)..],
                    SlowShare = 0.05,
                }
            ),
        ])
        {
            NewConnectionShare = 0.2,
        };

    public async Task SetUpAsync(CancellationToken cancellationToken)
    {
        (await BuildAsync(["BuildImages", "--tag", "figures-base"], Ports, cancellationToken)).EnsureSuccess();
        foreach (var service in Services)
        foreach (var tag in new[] { First, Second })
            (
                await workshop.Runner.RunAsync(
                    Command.Of("docker", "build", "-q", "-t", $"recyclic/{service}:{tag}", "-") with
                    {
                        StandardInput =
                            $"FROM recyclic/{service}:figures-base\nENV RECYCLIC_VERSION={tag}\nLABEL recyclicbench.version={tag}\n",
                    },
                    cancellationToken
                )
            ).EnsureSuccess();
        (await BuildAsync(["AtomicDeploy", "--tag", First], Ports, cancellationToken)).EnsureSuccess();
        (await ComposeAsync(First, cancellationToken)).EnsureSuccess();
    }

    /// <param name="next">The version that users get; null: whatever the command returns to.</param>
    public async Task<FigureRow> MeasureAsync(
        string what,
        HealthEvents events,
        string? next,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        await using var client = new LoadClient(Load);
        await client.StartAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        var started = new LoadClock().UnixMilliseconds(LoadClock.Now);
        var wall = Stopwatch.StartNew();
        var ended = await BuildAsync(arguments, Ports, cancellationToken);
        wall.Stop();
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        var result = await client.StopAsync(cancellationToken);
        if (ended.ExitCode != 0)
            Console.Error.WriteLine(ended.StandardOutput + ended.StandardError);
        double? switched = null;
        if (next is not null && events.LastHealthy(next, started) is { } ready)
            switched = result
                .Records.Where(record => record.Versions.Contains(next) && record.StartedUnixMs > started)
                .Select(record => (double?)record.EndedUnixMs - ready)
                .Min();
        return new FigureRow(
            what,
            wall.Elapsed.TotalSeconds,
            DrainSeconds(arguments.First() == "Rollback" ? "rollback" : "deploy"),
            switched,
            ended.ExitCode,
            result.Sent,
            result.Failed
        );
    }

    /// <summary>A bare `docker compose up -d --wait` of the same services, with nobody looking.</summary>
    public async Task<FigureRow> MeasureBareComposeAsync(string tag, CancellationToken cancellationToken)
    {
        var wall = Stopwatch.StartNew();
        var ended = await ComposeAsync(tag, cancellationToken);
        return new FigureRow(
            "bare docker compose up -d --wait",
            wall.Elapsed.TotalSeconds,
            null,
            null,
            ended.ExitCode,
            0,
            0
        );
    }

    public async Task TearDownAsync(CancellationToken cancellationToken)
    {
        await workshop.RemoveByPrefixAsync(Project, cancellationToken);
        await workshop.RemoveByPrefixAsync(BareProject, cancellationToken);
        await workshop.DockerAsync(
            [
                "rmi",
                .. Services.SelectMany(service =>
                    new[] { First, Second, "figures-base" }.Select(tag => $"recyclic/{service}:{tag}")
                ),
            ],
            cancellationToken
        );
    }

    private Task<CommandResult> BuildAsync(
        IEnumerable<string> arguments,
        ImmutableDictionary<string, string> environment,
        CancellationToken cancellationToken
    ) =>
        workshop.Runner.RunAsync(
            Command.Of(Path.Combine(workshop.Root, "build.sh"), [.. arguments, "--project", Project, "--no-logo"]) with
            {
                WorkingDirectory = workshop.Root,
                Timeout = TimeSpan.FromMinutes(5),
                Environment = environment,
            },
            cancellationToken
        );

    private Task<CommandResult> ComposeAsync(string tag, CancellationToken cancellationToken) =>
        workshop.Runner.RunAsync(
            Command.Of(
                "docker",
                "compose",
                "-p",
                BareProject,
                "-f",
                Path.Combine(workshop.Root, "samples/recyclic/docker-compose.yml"),
                "up",
                "-d",
                "--wait",
                "--no-build"
            ) with
            {
                Timeout = TimeSpan.FromMinutes(5),
                Environment = BarePorts.Add("TAG", tag),
            },
            cancellationToken
        );

    /// <summary>How long the drain of the last deploy took, by its own metrics file.</summary>
    private double? DrainSeconds(string kind)
    {
        var last = File.ReadLines(Path.Combine(workshop.Root, "logs", $"{kind}-metrics.json")).Last();
        var steps = JsonNode.Parse(last)?["performance"]?["steps"] as JsonArray ?? [];
        var drain = steps.FirstOrDefault(step =>
            step?["step"]?.GetValue<string>().StartsWith("drain", StringComparison.Ordinal) == true
        );
        return drain?["seconds"]?.GetValue<double>();
    }
}
