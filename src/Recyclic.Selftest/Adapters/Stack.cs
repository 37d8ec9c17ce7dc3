using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;
using Recyclic.Load;
using Recyclic.Processes;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Adapters;

/// <summary>
/// The throw-away application on the engine: commands to its deployer, load on its ports, and what is there of it.
/// </summary>
internal sealed class Stack(Site site, ICommandRunner runner, IReadOnlyDictionary<string, string> environment)
{
    private const double Rate = 50;
    private const int MostRemovals = 60;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public string App => site.App;

    /// <summary>What it consists of in the commands from here on; it is for who changes this to begin anew.</summary>
    public Shape Shape { get; set; } = Shape.Of(Scenario.First);

    /// <summary>Starts a command of the tool.</summary>
    /// <param name="fault">What is to befall it; null: nothing.</param>
    public DeployerProcess Start(Fault? fault, params IReadOnlyCollection<string> arguments)
    {
        var variables = site.Variables;
        // Its flaw has to be seen within its watch; probing every version so often would cost the host more than the
        // deploys do.
        if (arguments.Contains(Versions.Sickens))
            variables["SELFTEST_API_INTERVAL"] = "1s";
        if (fault is not null)
            foreach (var (name, value) in FaultPass.Grant(site.Directory, fault))
                variables[name] = value;
        string[] common = ["--no-logo", "--root", site.Directory, .. site.ComposeFiles(Shape), "--project", App];
        return new DeployerProcess(
            runner,
            site.Directory,
            ChildEnvironment.Of(environment, variables),
            [.. arguments, .. common]
        );
    }

    /// <summary>Starts a load on both ports that goes on until it is stopped.</summary>
    public async Task<LoadClient> LoadAsync(CancellationToken cancellationToken)
    {
        var client = new LoadClient(
            new LoadPlan(
                new LoadTarget(new Uri($"http://127.0.0.1:{(Shape.HasProxy ? site.ProxyPort : site.FrontPort)}/"), Rate)
                {
                    Name = Shape.Front,
                },
                new LoadTarget(new Uri($"http://127.0.0.1:{site.ApiPort}/"), Rate) { Name = "api" }
            )
            {
                Classify = response =>
                    [.. VersionClassifiers.Json(response).Union(VersionClassifiers.Header("X-Front")(response))],
                MaxDuration = TimeSpan.FromMinutes(15),
            }
        );
        await client.StartAsync(cancellationToken);
        return client;
    }

    /// <summary>The journal's lines as they stand in the edge's volume; none without an edge.</summary>
    public async Task<ImmutableArray<string>> JournalAsync(CancellationToken cancellationToken)
    {
        var read = await runner.RunAsync(
            Command.Of(
                "docker",
                "exec",
                new Naming(App).EdgeContainer,
                "cat",
                $"{EdgeConfiguration.StateDirectory}/journal.jsonl"
            ),
            cancellationToken
        );
        return read.Succeeded ? [.. read.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)] : [];
    }

    /// <summary>The lines of the edge's log since a time that tell of a failed request.</summary>
    /// <param name="sinceUnixMs">In milliseconds since 1970.</param>
    public async Task<ImmutableArray<string>> EdgeTroublesAsync(double sinceUnixMs, CancellationToken cancellationToken)
    {
        var since = string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(sinceUnixMs / 1000):0}");
        var logged = await runner.RunAsync(
            Command.Of("docker", "logs", "--since", since, new Naming(App).EdgeContainer),
            cancellationToken
        );
        return
        [
            .. logged
                .StandardOutput.Split('\n')
                .Where(line => RequestCounter.Read(line)?.Failed == true)
                .Select(line => line.Trim()),
        ];
    }

    public async Task<Inventory> InventoryAsync(CancellationToken cancellationToken)
    {
        var containers = await ListAsync(["ps", "--all", "--format", "{{.Names}} {{.State}}"], cancellationToken);
        return new Inventory(
            [.. containers.Select(line => line.Split(' ')).Select(words => new ContainerSeen(words[0], words[^1]))],
            [.. await ListAsync(["network", "ls", "--format", "{{.Name}}"], cancellationToken)],
            [.. await ListAsync(["volume", "ls", "--format", "{{.Name}}"], cancellationToken)]
        );
    }

    /// <summary>
    /// Ids and states of all containers, the journal and the share: what a deployer without its lock must not change.
    /// </summary>
    public async Task<string> FingerprintAsync(CancellationToken cancellationToken)
    {
        var containers = await ListAsync(
            ["ps", "--all", "--format", "{{.Names}} {{.ID}} {{.State}}"],
            cancellationToken
        );
        var networks = await ListAsync(["network", "ls", "--format", "{{.Name}} {{.ID}}"], cancellationToken);
        var journal = await JournalAsync(cancellationToken);
        var share = await runner.RunAsync(
            Command.Of(
                "docker",
                "exec",
                new Naming(App).EdgeContainer,
                "cat",
                $"{EdgeConfiguration.StateDirectory}/share.map"
            ),
            cancellationToken
        );
        return string.Join(
            '\n',
            [.. containers.Concat(networks).Order(StringComparer.Ordinal), .. journal, share.StandardOutput.Trim()]
        );
    }

    /// <summary>Waits for the lock of a deployer that is dead to go. Null: it went; else what stayed.</summary>
    public async Task<string?> LockStayedAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var holders = (await ListAsync(["ps", "--all", "--format", "{{.Names}} {{.State}}"], cancellationToken))
                .Where(line => line.StartsWith(new Naming(App).LockContainer, StringComparison.Ordinal))
                .ToList();
            if (holders.Count == 0)
                return null;
            var left = LockPatience - Stopwatch.GetElapsedTime(started);
            if (left < TimeSpan.Zero)
                return $"{string.Join(", ", holders)} was still there {LockPatience.TotalSeconds:0} s after the deployer had ended";
            await WaitForEndAsync(holders[0].Split(' ')[0], left, cancellationToken);
            await Task.Delay(Poll, cancellationToken);
        }
    }

    private async Task WaitForEndAsync(string container, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await runner.RunAsync(
                Command.Of("docker", "wait", container) with
                {
                    Timeout = patience,
                },
                cancellationToken
            );
        }
        catch (CommandFailedException) when (!cancellationToken.IsCancellationRequested)
        {
            // It has not ended in time: whoever waits looks again, and says so.
        }
    }

    /// <summary>
    /// Removes everything that bears the application's name, but for its images. What a container that ends just now
    /// still holds goes a moment later.
    /// </summary>
    /// <exception cref="InvalidOperationException">Something stays: the journal of before would be taken for the next
    /// case's.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostRemovals; attempt++)
        {
            if (await TryRemoveAsync(cancellationToken) == 0)
                return;
            if (attempt > 0)
                await Task.Delay(Poll, cancellationToken);
        }
        throw new InvalidOperationException($"{App} could not be removed");
    }

    /// <returns>How many things there were.</returns>
    private async Task<int> TryRemoveAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (
            var (list, remove) in new (string[], string[])[]
            {
                (["ps", "--all", "--format", "{{.Names}}"], ["rm", "--force", "--volumes"]),
                (["network", "ls", "--format", "{{.Name}}"], ["network", "rm", "--force"]),
                (["volume", "ls", "--format", "{{.Name}}"], ["volume", "rm", "--force"]),
            }
        )
        {
            var found = await ListAsync(list, cancellationToken);
            count += found.Length;
            if (found.Length > 0)
                await runner.RunAsync(Command.Of("docker", [.. remove, .. found]), cancellationToken);
        }
        return count;
    }

    /// <summary>
    /// The lines of a docker listing that are this application's: the engine's own filter finds a name anywhere in a
    /// text.
    /// </summary>
    private async Task<string[]> ListAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var listed = (
            await runner.RunAsync(Command.Of("docker", [.. arguments, "--filter", $"name={App}"]), cancellationToken)
        ).EnsureSuccess();
        return
        [
            .. listed.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => Belongs(line)),
        ];
    }

    private bool Belongs(string line) =>
        !Bystanders.IsNeighbours(App, line)
        && new[] { $"{App}-", $"{App}_", $"{App}.", $"zz.{App}." }.Any(start =>
            line.StartsWith(start, StringComparison.Ordinal)
        );
}
