using System.Net;
using System.Net.Sockets;
using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;
using Recyclic.Load;
using Recyclic.Processes;

/// <summary>A tour for a newcomer: first deploy, upgrade under load, a broken version, rollback.</summary>
partial class Build
{
    private const string DemoProject = "recyclic-demo";
    private static readonly string[] DemoServices = ["api", "bot", "frontend"];

    [Parameter("With Demo: remove what an earlier Demo left running")]
    bool Remove { get; set; }

    Target Demo => _ => _
        .Description("Shows it all in a minute or two: deploy, upgrade under load, a broken version, rollback")
        .DependsOn<ISetup>(build => build.Setup)
        .Executes(cancellationToken => DeploySession.RunAsync(this, session => Remove ? RemoveDemoAsync(cancellationToken) : DemoAsync(session, cancellationToken), cancellationToken));

    private async Task DemoAsync(DeploySession session, CancellationToken cancellationToken)
    {
        var (api, frontend) = (FreePort(8000), FreePort(4444));
        if (DryRun)
        {
            WriteLine($"would deploy the sample as {DemoProject} on the ports {api} and {frontend}, upgrade it, break it, roll it back");
            return;
        }
        await RemoveDemoAsync(cancellationToken);
        Environment.SetEnvironmentVariable("API_PORT", $"{api}");
        Environment.SetEnvironmentVariable("FRONTEND_PORT", $"{frontend}");
        await MakeDemoImagesAsync(cancellationToken);

        Chapter("1. First deploy: nothing runs yet");
        var steps = new List<string> { await DeployAsync(session, "demo-1", null, cancellationToken) };

        await using var load = new LoadClient(new LoadPlan(
            new LoadTarget(new Uri($"http://127.0.0.1:{api}/version"), 100),
            new LoadTarget(new Uri($"http://127.0.0.1:{frontend}/api/version"), 100)));
        await load.StartAsync(cancellationToken);
        Chapter("2. Upgrade, while 200 requests a second come in");
        steps.Add(await DeployAsync(session, "demo-2", load, cancellationToken));
        Chapter("3. A broken version: its services exit as soon as they start");
        steps.Add(await DeployAsync(session, "demo-broken", load, cancellationToken));
        Chapter("4. Rollback");
        steps.Add(await RollBackAsync(session, load, cancellationToken));
        var result = await load.StopAsync(cancellationToken);

        Chapter("What users saw");
        foreach (var step in steps) WriteLine("  " + step);
        WriteLine($"  in all {result.Sent} requests, {result.Failed} failed");
        WriteLine($"\n  Look at it:  http://localhost:{frontend}/   http://localhost:{api}/version");
        WriteLine("  Remove it:   ./build.sh Demo --remove");
        ReportSummary("Requests", $"{result.Sent} sent, {result.Failed} failed");
        if (result.Failed > 0) throw new TargetFailedException($"{result.Failed} of {result.Sent} requests failed; that must not happen:\n{string.Join("\n", result.Summary().FirstFailures.Take(5))}");
    }

    private Task<string> DeployAsync(DeploySession session, string tag, LoadClient? load, CancellationToken cancellationToken) =>
        StepAsync(tag, load, () => session.Deployer.DeployAsync(DemoRequest(tag), cancellationToken));

    private Task<string> RollBackAsync(DeploySession session, LoadClient load, CancellationToken cancellationToken) =>
        StepAsync("rollback", load, () => session.Deployer.RollbackAsync(DemoProject, DemoRequest(null), cancellationToken));

    private async Task<string> StepAsync(string name, LoadClient? load, Func<Task<DeployOutcome>> act)
    {
        var before = load?.Counters;
        var outcome = await act();
        WriteLine(outcome.Failure is null ? Recyclic.Components.Reports.SuccessReport.Of(outcome) : Recyclic.Components.Reports.FailureReport.Of(outcome));
        var after = load?.Counters;
        var requests = after is null ? "" : $"  {after.Finished - before!.Finished,6} requests, {after.Failed - before.Failed} failed";
        return $"{name,-12} {outcome.Outcome.ToString().ToLowerInvariant(),-8} {outcome.Took.TotalSeconds,5:0.0} s{requests}";
    }

    private DeployRequest DemoRequest(string? tag) =>
        new(Sample / "docker-compose.yml", DemoProject, tag is null ? null : ReleaseTag.Parse(tag), null, "demo", false, new DeployOptions());

    /// <summary>
    /// One real build, then a version name and a fault on top of it: versions cost a second, not a compilation.
    /// </summary>
    private async Task MakeDemoImagesAsync(CancellationToken cancellationToken)
    {
        WriteLine("Building the sample's images …");
        IBuildImages images = this;
        await images.BuildAsync("demo-base", cancellationToken);
        await Task.WhenAll(
            from service in DemoServices
            from version in new[] { ("demo-1", ""), ("demo-2", ""), ("demo-broken", " RECYCLIC_FAULT=exit-at-once") }
            select MustAsync(["docker", "build", "--quiet", "--tag", $"recyclic/{service}:{version.Item1}", "-"], cancellationToken,
                $"FROM recyclic/{service}:demo-base\nENV RECYCLIC_VERSION={version.Item1}{version.Item2}\n"));
    }

    private async Task RemoveDemoAsync(CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>();
        foreach (var label in new[] { $"recyclic.app={DemoProject}", $"com.docker.compose.project={DemoProject}" })
            ids.UnionWith((await MustAsync(["docker", "ps", "--all", "--quiet", "--filter", $"label={label}"], cancellationToken)).StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        if (ids.Count > 0) await MustAsync(["docker", "rm", "--force", "--volumes", .. ids], cancellationToken);
        string[] volumes = [$"{DemoProject}.state", $"{DemoProject}_pgdata", $"{DemoProject}_redisdata"];
        await MustAsync(["docker", "volume", "rm", "--force", .. volumes], cancellationToken);
        string[] networks = [$"zz.{DemoProject}.blue", $"zz.{DemoProject}.green", $"{DemoProject}_default"];
        await CommandRunner.RunAsync(Command.Of("docker", ["network", "rm", .. networks]), cancellationToken);
        if (Remove) WriteLine(ids.Count > 0 ? "The demo is removed." : "There was no demo to remove.");
    }

    private async Task<CommandResult> MustAsync(IReadOnlyList<string> command, CancellationToken cancellationToken, string input = "") =>
        (await CommandRunner.RunAsync(Command.Of(command[0], command.Skip(1)) with { StandardInput = input }, cancellationToken)).EnsureSuccess();

    private void Chapter(string title) => WriteLine($"\n── {title} {new string('─', Math.Max(0, 70 - title.Length))}\n");

    /// <summary>The port, or another one when somebody listens there.</summary>
    private static int FreePort(int wanted)
    {
        foreach (var port in new[] { wanted, wanted + 10000, 0 })
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
        throw new TargetFailedException("no port is free for the demo");
    }
}
