using System.Globalization;
using Recyclic.Build.Testing;

namespace Recyclic.Deploy.Testing;

/// <summary>
/// A host in memory, on which a build's own class deploys in milliseconds: no engine, no process, no file. It outlives
/// the runs, as a host outlives deployers. A minute passes between two of them.
/// <code>
/// var host = new MemoryHost(new MemoryApplication("shop").Service("api", "shop/api:${TAG}", port: 8000));
/// var tester = new BuildTester().On(host);
/// (await tester.RunAsync&lt;Build&gt;("AtomicDeploy", "--tag", "v1")).ExitCode.ShouldBe(0);
/// host.Serving.ShouldBe("v1");
/// </code>
/// </summary>
public sealed class MemoryHost
{
    /// <summary>Waits up to here are over at once; what is longer than that is a deadline, which nothing meets.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(14);

    private readonly MemoryClock _clock = new(Jump);
    private readonly MemoryApplication? _application;
    private Func<MemoryProcess> _next = () => new MemoryProcess();

    /// <param name="application">What the compose file says; null: the build's own files, which the docker command line
    /// reads, without an engine.</param>
    public MemoryHost(MemoryApplication? application = null)
    {
        _application = application;
        Cluster = new MemoryCluster(_clock) { HasRegistry = true };
    }

    internal MemoryCluster Cluster { get; }

    /// <summary>
    /// The tag that users reach now; null: none. Two, joined by `~`: a canary, the release that was committed first. Two, joined
    /// by `+`: services of different releases, which a deploy never
    /// leaves. `(sick)` follows one that does not do its work.
    /// </summary>
    public string? Serving => Seen[^1] is "nothing" or "gap" or "wait" ? null : Seen[^1];

    /// <summary>
    /// What users saw over time, from the beginning: a tag as in <see cref="Serving"/>; `nothing`; or, while a
    /// routed service that must not run twice is handed over, `wait` where their requests wait and `gap` where they fail.
    /// </summary>
    public ImmutableArray<string> Seen
    {
        get
        {
            lock (Cluster.Gate)
                return [.. Cluster.Seen];
        }
    }

    /// <summary>What changed on the host, in order, in words.</summary>
    public ImmutableArray<string> Changes
    {
        get
        {
            lock (Cluster.Gate)
                return [.. Cluster.Changes];
        }
    }

    /// <summary>The deploys and rollbacks that the host's journal has, oldest first.</summary>
    public ImmutableArray<HistoryEntry> History
    {
        get
        {
            lock (Cluster.Gate)
                return [.. Cluster.Journal.History];
        }
    }

    /// <summary>Whether a deploy lies there unfinished, for the next command to put right.</summary>
    public bool IsInterrupted
    {
        get
        {
            lock (Cluster.Gate)
                return Cluster.Journal.Interrupted is not null;
        }
    }

    /// <summary>Whether a service that must not run twice ever did.</summary>
    public bool RanTwice => Cluster.RanTwice;

    /// <summary>Containers that run, as `api.blue`.</summary>
    public ImmutableArray<string> Running
    {
        get
        {
            lock (Cluster.Gate)
                return [.. Cluster.Running];
        }
    }

    /// <summary>Puts rows into a table of a database server, in place of those that it has.</summary>
    /// <param name="service">The accessory.</param>
    /// <param name="database">Default: the one that the server was made with, `app`.</param>
    public MemoryHost Table(string service, string table, string[] rows, string database = MemoryDatabases.Usual)
    {
        Cluster.Databases.Put(service, database, table, rows);
        return this;
    }

    /// <summary>The rows of a table; null: there is no such table.</summary>
    /// <param name="database">Default: the one that the server was made with, `app`.</param>
    public IReadOnlyList<string>? RowsOf(string service, string table, string database = MemoryDatabases.Usual) =>
        Cluster.Databases.Find(service, database)?.GetValueOrDefault(table);

    /// <summary>The databases of a server, by name.</summary>
    public ImmutableArray<string> DatabasesOf(string service) => [.. Cluster.Databases.Names(service)];

    /// <summary>What goes wrong with backups and restores from now on. Default: nothing.</summary>
    public MemoryHost Let(BackupFault fault)
    {
        Cluster.Databases.Fault = fault;
        return this;
    }

    /// <summary>How the containers of an image fare from now on. Default: they become healthy.</summary>
    /// <param name="image">As the compose file names it, with its tag: `shop/api:v3`.</param>
    /// <param name="says">The last line of their log; null: a line of no interest.</param>
    public MemoryHost Let(string image, Fate fate, string? says = null)
    {
        Cluster.Change(
            $"{image} {fate}",
            () =>
            {
                foreach (var content in ContentsOf(image))
                {
                    Cluster.Fates[content] = fate;
                    if (says is not null)
                        Cluster.Says[content] = says;
                }
            }
        );
        return this;
    }

    /// <summary>The image is not there, and not in a registry either. Until then all that are named are.</summary>
    public MemoryHost Lose(string image)
    {
        Cluster.Change(
            $"{image} is lost",
            () =>
            {
                Cluster.RemovedImages.UnionWith([image, .. ContentsOf(image)]);
                Cluster.LostImages.Add(MemoryImages.RegistryDigestOf(image));
            }
        );
        return this;
    }

    /// <summary>
    /// What containers of an image answer to smoke tests at a path from now on. Default: 200, with nothing in it.
    /// </summary>
    /// <param name="image">As the compose file names it, with its tag: `shop/api:v3`.</param>
    /// <param name="serves">Only once they have the traffic, or only until then; null: always.</param>
    public MemoryHost Answer(string image, string path, int status, string body = "", bool? serves = null)
    {
        lock (Cluster.Gate)
            foreach (var content in ContentsOf(image))
                Cluster.Answers[(content, path, serves)] = new(status, [], body, TimeSpan.FromMilliseconds(1));
        return this;
    }

    /// <summary>With what commands of smoke tests end in an image from now on. Default: 0.</summary>
    /// <param name="image">As the compose file names it, with its tag: `shop/api:v3`.</param>
    public MemoryHost EndCommands(string image, int exitCode)
    {
        lock (Cluster.Gate)
            foreach (var content in ContentsOf(image))
                Cluster.CommandCodes[content] = exitCode;
        return this;
    }

    /// <summary>What smoke tests have asked, in order: `GET /health of api.green`; by a port: `GET /health by 8000`.</summary>
    public ImmutableArray<string> Asked
    {
        get
        {
            lock (Cluster.Gate)
                return [.. Cluster.Questions];
        }
    }

    /// <summary>Somebody else on the host has a port: a deploy that needs it is refused.</summary>
    /// <param name="by">Who, as a refusal tells it.</param>
    public MemoryHost TakePort(int port, string by)
    {
        lock (Cluster.Gate)
            Cluster.TakenPorts[string.Create(CultureInfo.InvariantCulture, $"{port}")] = by;
        return this;
    }

    /// <summary>
    /// The next command's deployer is killed when it begins a step of its plan: the journal says that the step has
    /// begun, and nothing of it is done.
    /// </summary>
    /// <param name="step">From 1, as the plan is numbered.</param>
    public MemoryHost KillAtStep(int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var begun = 0;
        return Next(() =>
            new() { DiesAfter = (_, call) => call == $"append {JournalKind.StepBegun}" && ++begun == step }
        );
    }

    /// <summary>
    /// The next command's deployer is killed after it has asked the host so many things, whatever it did with the last
    /// one: so a test can kill it everywhere, until a command is through.
    /// </summary>
    /// <param name="call">From 1.</param>
    public MemoryHost KillAtCall(int call)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(call, 1);
        return Next(() => new() { DiesAfter = (number, _) => number == call });
    }

    /// <summary>Ctrl-C is pressed when the next command begins a step of its plan.</summary>
    /// <param name="step">From 1, as the plan is numbered.</param>
    public MemoryHost InterruptAtStep(int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var begun = 0;
        return Next(() =>
            new() { InterruptsAt = (_, call) => call == $"append {JournalKind.StepBegun}" && ++begun == step }
        );
    }

    /// <summary>What a canary's judge says from now on. Default: the new release is as good.</summary>
    public MemoryHost Judge(Func<CanaryStage, CanaryVerdict> says)
    {
        lock (Cluster.Gate)
            Cluster.Verdict = says;
        return this;
    }

    /// <summary>Time passes while nobody deploys.</summary>
    public void Wait(TimeSpan time) => _clock.Advance(time);

    /// <summary>By what a container of an image is known, whether it was named by its tag or by a registry's digest.</summary>
    private static string[] ContentsOf(string image) =>
        [MemoryImages.DigestOf(image), MemoryImages.RegistryDigestOf(image)];

    private MemoryHost Next(Func<MemoryProcess> next)
    {
        _next = next;
        return this;
    }

    /// <summary>A command begins in a process of its own.</summary>
    internal MemoryCommand Begin(TestProcess process)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        var next = _next;
        _next = () => new MemoryProcess();
        return new MemoryCommand(Cluster, _clock, next(), process, _application);
    }
}
