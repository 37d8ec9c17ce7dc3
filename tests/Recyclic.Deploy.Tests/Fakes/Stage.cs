namespace Recyclic.Deploy.Tests.Fakes;

/// <summary>One host and the deployers that come and go, a minute apart.</summary>
internal sealed class Stage
{
    /// <summary>No scenario may take longer: what hangs fails.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public Stage(string model = Given.StoreModel)
    {
        Model = model;
        Cluster = new MemoryCluster(Time);
    }

    /// <summary>An application among others of one engine.</summary>
    public Stage(string model, SharedHost shared)
        : this(model)
    {
        Cluster.Shared = shared;
        shared.Add(App, Cluster);
    }

    public string Model { get; set; }

    public MemoryClock Time { get; } = new(TimeSpan.FromSeconds(14));

    public MemoryCluster Cluster { get; }

    public SpyReporter Reporter { get; } = new();

    public string App => Given.App(Model).Name;

    public DeployOptions Options { get; set; } = new();

    public AdmissionRule? Admission { get; set; }

    public bool RequiresHealthChecks { get; set; }

    /// <summary>What a person says to taking over from plain compose; null: nobody can be asked.</summary>
    public Func<string, bool>? Adopts { get; set; }

    /// <summary>Where the files are from, for approvals.</summary>
    public string? Repository { get; set; } = "git.example/team/shop";

    public string? Commit { get; set; } = "5e12ed";

    public bool IsSubjectKnown { get; set; } = true;

    /// <summary>What an approval of a tag is for.</summary>
    public ReleaseSubject SubjectOf(string tag) => new(Given.ComposeOf(Model, tag), Repository, Commit);

    /// <summary>Where it is deployed from; null: nobody found out.</summary>
    public Origin? Origin { get; set; }

    public bool AgreesToOrigin { get; set; }

    /// <summary>The name that was found out before the file is read; null: the file's.</summary>
    public string? IdentifiedAs { get; set; }

    public ImmutableDictionary<string, string> RegistryDigests { get; set; } =
        ImmutableDictionary<string, string>.Empty;

    /// <summary>What befalls the next deployers; only failures, since signals are for real processes.</summary>
    public Fault? Fault { get; set; }

    public Task<DeployOutcome> DeployAsync(string tag, MemoryProcess? process = null, bool wait = false) =>
        RunAsync(process, (deployer, interrupted) => deployer.DeployAsync(Request(tag, wait), interrupted));

    public Task<DeployOutcome> RollbackAsync(string? tag = null, MemoryProcess? process = null) =>
        RunAsync(process, (deployer, interrupted) => deployer.RollbackAsync(App, Request(tag, false), interrupted));

    public Task<string?> RecoverAsync(MemoryProcess? process = null) =>
        RunAsync(process, (deployer, interrupted) => deployer.RecoverAsync(App, Request(null, false), interrupted));

    public Task<ImmutableArray<DeployStep>> RetireAsync(MemoryProcess? process = null) =>
        RunAsync(process, (deployer, interrupted) => deployer.RetireAsync(App, Request(null, false), interrupted));

    /// <param name="time">Of who says it; default: that of the stage, which jumps over waits.</param>
    public Task<string> SayAsync(
        CanaryWord word,
        CanaryCourse? course = null,
        MemoryProcess? process = null,
        TimeProvider? time = null
    ) =>
        RunAsync(
            process,
            (deployer, interrupted) => deployer.Canaries.SayAsync(App, word, course, Request(null, false), interrupted),
            time
        );

    public Task<Snapshot> ObserveAsync(MemoryProcess? process = null) =>
        RunAsync(process, (deployer, interrupted) => deployer.ObserveAsync(App, interrupted));

    public Task<DeployPlan> PlanAsync(string tag) =>
        RunAsync(
            null,
            async (deployer, interrupted) =>
                (await deployer.PlanDeployAsync(Request(tag, false), false, interrupted)).Plan
        );

    /// <summary>Runs something in a process that dies on the way. False: it ended before its death was due.</summary>
    public async Task<bool> DiesAsync(
        MemoryProcess process,
        Func<Deployer, DeployRequest, CancellationToken, Task> action,
        string? tag
    )
    {
        var work = RunAsync(
            process,
            async (deployer, interrupted) =>
            {
                await action(deployer, Request(tag, false), interrupted);
                return true;
            }
        );
        return await Task.WhenAny(work, process.Died).WaitAsync(Limit) == process.Died;
    }

    /// <summary>Users and journal have a release, nobody was left without one, and nothing is open.</summary>
    public void ShouldBeSettledOn(string tag)
    {
        Cluster.SeenNow().ShouldBe(tag);
        Cluster.Journal.Current!.Release.Tag.ShouldBe(tag);
        Cluster.Journal.Interrupted.ShouldBeNull();
        Cluster.RanTwice.ShouldBeFalse();
        Cluster.Seen.Skip(1).ShouldNotContain("nothing");
        Cluster.Holder.ShouldBeNull();
    }

    public async Task<T> RunAsync<T>(
        MemoryProcess? process,
        Func<Deployer, CancellationToken, Task<T>> action,
        TimeProvider? time = null
    )
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        process ??= new MemoryProcess();
        var deployer = new Deployer(
            MemoryPlatform.Of(Cluster, process, Model, Time) with
            {
                Lock = LockOf(process),
            },
            Reporter,
            time ?? Time
        );
        return await action(deployer, process.Interrupted).WaitAsync(Limit);
    }

    private IHostLock LockOf(MemoryProcess process)
    {
        var real = new MemoryLock(Cluster, process, Time);
        return Fault is null
            ? real
            : new FaultPoints(
                real,
                Fault,
                fault => throw new StepFailedException($"made to fail at {fault.Point}", [])
            );
    }

    private DeployRequest Request(string? tag, bool wait) =>
        new("docker-compose.yml", null, tag is null ? null : ReleaseTag.Parse(tag), null, "ann@laptop", wait, Options)
        {
            Commit = Commit,
            Admission =
                tag is null || !IsSubjectKnown ? Admission
                : Admission is null ? null
                : Admission with { Subject = SubjectOf(tag) },
            RequiresHealthChecks = RequiresHealthChecks,
            Adopts = Adopts is null ? null : (question, _) => Task.FromResult(Adopts(question)),
            RegistryDigests = RegistryDigests,
            AgreesToOrigin = AgreesToOrigin,
            Identity = Origin is null
                ? null
                : new ApplicationIdentity(
                    IdentifiedAs ?? App,
                    ["/home/ann/shop/docker-compose.yml"],
                    "local",
                    "unix:///engine.sock"
                )
                {
                    Origin = Origin,
                },
        };
}
