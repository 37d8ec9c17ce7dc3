using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.GitLab;

/// <summary>From planned jobs to the document that GitLab reads. Pure.</summary>
internal static class GitLabYaml
{
    /// <summary>Below the directory that no repository keeps.</summary>
    public const string OutputsFile = ".nuke/temp/outputs.env";
    public const string PackagesDirectory = ".nuke/temp/nuget";
    private const string CheckTimeout = "15 minutes";

    /// <summary>The name of a job in a file that all workflows share.</summary>
    public static string NameOf(JobGraph jobs, string id) => $"{jobs.Workflow.Source.Name}:{id}";

    public static YamlMap Of(GitLabCi system, ImmutableArray<JobGraph> workflows, BuildGraph graph) => new YamlMap(
            ("stages", YamlList.Of(["check", "run"])),
            ("workflow", Pipeline(workflows, graph)),
            // Each job has a fresh clone, whatever the runner has kept.
            ("variables", new YamlMap(("GIT_STRATEGY", "clone")).With(GitLabInputs.Variables(workflows, graph)))
        ).WithAny("default", system.Image is { } image ? new YamlMap(("image", image)) : null).With(system.Extra).With(Names.CheckJob, Check(system, workflows, graph)).With(new YamlMap([.. from jobs in workflows from job in jobs.Jobs select (NameOf(jobs, job.Id), (YamlNode)Job(system, job, jobs, workflows, graph))]));

    /// <summary>What a job waits for: the jobs, and whether it gets their files and outputs.</summary>
    public static IEnumerable<(string Job, bool HasFiles)> NeedsOf(JobPlan job, JobGraph jobs)
    {
        var sources = jobs
            .Jobs.Where(other =>
                other.Uploads.Any(artifact => job.Downloads.Any(wanted => wanted.Name == artifact.Name))
            )
            .Select(other => other.Id)
            .Concat(job.Inputs.Select(input => input.Job))
            .ToHashSet();
        if (job.Needs.IsEmpty && !jobs.Workflow.Source.IsUrgent)
            yield return (Names.CheckJob, false);
        foreach (var id in job.Needs.Concat(sources).Distinct())
            yield return (NameOf(jobs, id), sources.Contains(id));
    }

    /// <summary>
    /// A newer pipeline of the same branch ends those jobs of an older one that say so. What a form asks for has its
    /// defaults in a pipeline by hand alone.
    /// </summary>
    private static YamlMap Pipeline(ImmutableArray<JobGraph> workflows, BuildGraph graph)
    {
        ImmutableArray<GitLabInput> defaults =
        [
            .. GitLabInputs.Of(workflows, graph).Where(input => input.Default.Length > 0),
        ];
        var byHand = new YamlMap(("if", GitLabTriggers.ByHand));
        var otherwise = new YamlMap(("when", "always")).WithAny(
            "variables",
            new YamlMap([.. defaults.Select(input => (input.Variable, (YamlNode)""))])
        );
        return new(
            ("auto_cancel", new YamlMap(("on_new_commit", "interruptible"))),
            ("rules", defaults.IsEmpty ? new YamlList(otherwise) : new YamlList(byHand, otherwise))
        );
    }

    private static YamlMap Check(GitLabCi system, ImmutableArray<JobGraph> workflows, BuildGraph graph)
    {
        var caches = workflows.SelectMany(jobs => jobs.Workflow.Source.Caches).Distinct().ToImmutableArray();
        return new YamlMap(
            ("stage", "check"),
            ("needs", new YamlList()),
            (
                "rules",
                new YamlList([
                    .. workflows
                        .SelectMany(jobs => GitLabTriggers.Of(jobs.Workflow, graph))
                        .Distinct()
                        .Select(rule => (YamlNode)Rule(rule, null)),
                ])
            )
        )
            .WithAny("tags", Tags(workflows[0].Workflow.Source.Runner, system))
            .With("interruptible", true)
            .With("timeout", CheckTimeout)
            .WithAny("variables", GitLabVariables.Of(caches, [], isHandingOn: false))
            .WithAny("cache", Caches(caches, workflows[0].Workflow.Source))
            .With("script", YamlList.Of([.. Enter(workflows[0].Workflow.Source), "exec ./build.sh Workflows --check"]));
    }

    private static YamlMap Job(
        GitLabCi system,
        JobPlan job,
        JobGraph jobs,
        ImmutableArray<JobGraph> workflows,
        BuildGraph graph
    )
    {
        var (workflow, place) = (jobs.Workflow.Source, job.Place);
        var caches = place.Environment is null ? workflow.Caches : [];
        var machines = Matrix.HasMachines(place);
        var map = new YamlMap(
            ("stage", "run"),
            (
                "needs",
                new YamlList([
                    .. NeedsOf(job, jobs)
                        .Select(need => (YamlNode)new YamlMap(("job", need.Job), ("artifacts", need.HasFiles))),
                ])
            ),
            (
                "rules",
                new YamlList([
                    .. GitLabTriggers.Of(jobs.Workflow, graph).Select(rule => (YamlNode)Rule(rule, When(job))),
                ])
            )
        ).WithAny(
            "tags",
            machines
                ? YamlList.Of([$"${GitLabMachines.MatrixVariable}"])
                : Tags(place.Runner ?? workflow.Runner, system)
        );
        if (jobs.IsTolerated(job) || place.ContinuesOnError)
            map = map.With("allow_failure", true);
        if (place.Environment is not null)
            map = map.With("environment", Environment(job));
        // A rescue joins no queue: it must not wait. A gate holds no place in it: it may be waiting for days.
        if (place.Concurrency is { } own)
            map = map.With("resource_group", own.Group);
        else if (place is { Environment: { } environment, IsGate: false } && job.RescueOf is null)
            map = map.With("resource_group", environment);
        return map.With("interruptible", workflow.CancelsOlderRuns)
            .With("timeout", Timeout(place.Timeout ?? workflow.Timeout))
            .WithAny("parallel", Combinations(place, system, graph))
            .WithAny("image", place.Container is { } container ? (YamlNode)container.Image : null)
            .WithAny(
                "variables",
                GitLabVariables.Of(caches, workflow.Setup, !job.Outputs.IsEmpty, workflow.Env, place.Env)
            )
            .WithAny("cache", Caches(caches, workflow))
            .With(Extra(system, NameOf(jobs, job.Id), place))
            .With("script", Script(job, jobs, workflows, graph))
            .WithAny("artifacts", Artifacts(system, job, workflow));
    }

    private static YamlMap Extra(GitLabCi system, string name, Place place) =>
        system.Jobs.TryGetValue(name, out var extra)
            ? extra
            : new YamlMap().WithAny(
                "services",
                place.Services.IsEmpty
                    ? GitLabServices.Of(place.Extra.Find("services"))
                    : GitLabServices.Of(place.Services)
            );

    private static string? When(JobPlan job) =>
        job switch
        {
            { RescueOf: not null } => "on_failure",
            { IsAssured: true } => "always",
            { Place.IsGate: true } => "manual",
            _ => null,
        };

    private static YamlMap Rule(GitLabRule rule, string? when)
    {
        var map = new YamlMap(("if", new YamlText(rule.If) { Comment = rule.Comment })).WithAny(
            "changes",
            YamlList.Of(rule.Changes)
        );
        if (when is not null)
            map = map.With("when", when);
        // Otherwise a pipeline that nobody has approved would have passed.
        return when == "manual" ? map.With("allow_failure", false) : map;
    }

    /// <summary>A gate deploys nothing, and a rescue says nothing of a deploy.</summary>
    private static YamlMap Environment(JobPlan job)
    {
        var map = new YamlMap(("name", job.Place.Environment!));
        if (job.Place.Url is { } url)
            map = map.With("url", url);
        return job.Place.IsGate || job.RescueOf is not null
            ? map.With("action", job.Place.IsGate ? "verify" : "access")
            : map;
    }

    /// <summary>Dimensions as they are; with combinations added or left out each one by itself.</summary>
    private static YamlMap? Combinations(Place place, GitLabCi system, BuildGraph graph)
    {
        if (!Matrix.Has(place))
            return null;
        if (place.Include.IsEmpty && place.Exclude.IsEmpty)
            return new(
                (
                    "matrix",
                    new YamlList(
                        new YamlMap([
                            .. place.Matrix.Select(axis =>
                                (
                                    VariableOf(axis.Parameter, graph),
                                    (YamlNode)
                                        YamlList.Of(axis.Values.Select(value => ValueOf(axis.Parameter, value, system)))
                                )
                            ),
                        ])
                    )
                )
            );
        return new(
            (
                "matrix",
                new YamlList([
                    .. Matrix
                        .Of(place, graph)
                        .Select(one =>
                            (YamlNode)
                                new YamlMap([
                                    .. one.Select(value =>
                                        Parameter(value.Key) is var parameter
                                            ? (
                                                VariableOf(parameter, graph),
                                                (YamlNode)YamlList.Of([ValueOf(parameter, value.Value, system)])
                                            )
                                            : default
                                    ),
                                ])
                        ),
                ])
            )
        );
    }

    private static string? Parameter(string key) => key == Matrix.Machine ? null : key;

    private static string VariableOf(string? parameter, BuildGraph graph) =>
        parameter is null ? GitLabMachines.MatrixVariable : Parameters.Find(graph, parameter)!.Variable;

    private static string ValueOf(string? parameter, string value, GitLabCi system) =>
        parameter is null ? GitLabMachines.TagsOf(value, system)!.Value[0] : value;

    /// <summary>
    /// GitLab takes two patterns as a key: of those of NuGet's packages the ones that each repository has one of.
    /// </summary>
    private static YamlList Caches(ImmutableArray<Cache> caches, Workflow workflow) =>
        new([
            .. caches.Select(cache =>
                (YamlNode)
                    new YamlMap(
                        (
                            "key",
                            new YamlMap(
                                (
                                    "files",
                                    YamlList.Of(
                                        KeyOf(cache).Select(pattern => Directories.InRepository(workflow, pattern))
                                    )
                                ),
                                ("prefix", cache.Name)
                            )
                        ),
                        (
                            "paths",
                            YamlList.Of([
                                cache == Cache.NuGet
                                    ? PackagesDirectory
                                    : Directories.InRepository(workflow, cache.Path),
                            ])
                        )
                    )
            ),
        ]);

    private static ImmutableArray<string> KeyOf(Cache cache) =>
        cache == Cache.NuGet ? ["**/packages.lock.json", "**/Directory.Packages.props"] : cache.KeyFiles;

    private static string[] Enter(Workflow workflow) =>
        workflow.WorkingDirectory.Length == 0 ? [] : [$"cd {workflow.WorkingDirectory}"];

    /// <summary>
    /// A form gives each of its fields to every job of the pipeline; a job sees those that its workflow asks for. What
    /// is assured runs whatever has failed, so that the check of the files, which has to come first, is its own.
    /// </summary>
    private static YamlList Script(JobPlan job, JobGraph jobs, ImmutableArray<JobGraph> workflows, BuildGraph graph)
    {
        var workflow = jobs.Workflow.Source;
        string[] others = workflow.On.Any(trigger => trigger.Event == "workflow_dispatch")
            ?
            [
                .. GitLabInputs
                    .Of(workflows, graph)
                    .Where(input => !input.Workflows.Contains(workflow.Name))
                    .Select(input => $"unset {input.Variable}"),
            ]
            : [];
        string[] check = job.IsAssured && !workflow.IsUrgent ? ["./build.sh Workflows --check"] : [];
        return YamlList.Of([.. Enter(workflow), .. others, .. check, $"exec {string.Join(' ', job.Command)}"]);
    }

    /// <summary>
    /// A job has one archive; what nobody in the workflow reads is for a person, who wants it most after a failure.
    /// </summary>
    private static YamlMap Artifacts(GitLabCi system, JobPlan job, Workflow workflow)
    {
        var map = new YamlMap().WithAny(
            "paths",
            YamlList.Of(
                job.Uploads.SelectMany(artifact => artifact.Patterns)
                    .Distinct()
                    .Select(pattern => Directories.InRepository(workflow, pattern))
            )
        );
        if (!job.Outputs.IsEmpty)
            map = map.With("reports", new YamlMap(("dotenv", Directories.InRepository(workflow, OutputsFile))));
        if (map.Entries.IsEmpty)
            return map;
        return map.With("when", job.Uploads.All(artifact => artifact.IsConsumed) ? "on_success" : "always")
            .With(
                "expire_in",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(long)Math.Ceiling((job.Place.KeepsArtifacts ?? system.KeepsArtifacts).TotalHours)} hours"
                )
            );
    }

    private static YamlList Tags(string runner, GitLabCi system) =>
        YamlList.Of(GitLabMachines.TagsOf(runner, system) ?? []);

    private static string Timeout(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Ceiling(time.TotalMinutes)} minutes");
}
