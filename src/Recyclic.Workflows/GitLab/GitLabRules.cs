using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.GitLab;

/// <summary>What a definition must be for GitLab, besides what it must be anyway. Pure.</summary>
internal static partial class GitLabRules
{
    /// <summary>GitLab's own limits.</summary>
    private const int MostCombinations = 200;
    private const int MostNeeds = 50;
    private const int MostKeyFiles = 2;
    private static readonly string[] Top = ["stages", "workflow", "variables", "default", "include"];
    private static readonly string[] OfJob =
    [
        "stage",
        "needs",
        "rules",
        "tags",
        "environment",
        "resource_group",
        "allow_failure",
        "interruptible",
        "timeout",
        "parallel",
        "cache",
        "script",
        "artifacts",
        "variables",
    ];

    public static IEnumerable<string> Mistakes(GitLabCi system, ImmutableArray<JobGraph> workflows, BuildGraph graph)
    {
        if (system.KeepsArtifacts < TimeSpan.FromHours(1))
            yield return "KeepsArtifacts is less than an hour: a later job would find nothing";
        foreach (var mistake in GitLabInputs.Mistakes(workflows, graph))
            yield return mistake;
        var ids = workflows.SelectMany(jobs => jobs.Jobs.Select(job => GitLabYaml.NameOf(jobs, job.Id))).ToHashSet();
        foreach (var name in system.Jobs.Keys.Where(name => !ids.Contains(name)))
            yield return $"Jobs has {name}, which is no job; there are {string.Join(", ", ids.Order(StringComparer.Ordinal))}";
        foreach (var (name, extra) in system.Jobs)
        foreach (var key in OfJob.Where(key => extra.Find(key) is not null).Concat(YamlKeys.Twice(extra)))
            yield return $"Jobs says {key} of {name}, which is generated, or says it twice: say it in the definition";
        foreach (
            var key in Top.Where(key => key != "default" && key != "include")
                .Concat(system.Image is null ? [] : ["default"])
                .Where(key => system.Extra.Find(key) is not null)
                .Concat(YamlKeys.Twice(system.Extra))
        )
            yield return $"Extra says {key}, which is generated, or says it twice";
        foreach (var jobs in workflows)
        foreach (var mistake in OfWorkflow(system, jobs, graph))
            yield return $"workflow {jobs.Workflow.Source.Name}: {mistake}";
    }

    private static IEnumerable<string> OfWorkflow(GitLabCi system, JobGraph jobs, BuildGraph graph)
    {
        var source = jobs.Workflow.Source;
        foreach (var mistake in GitLabTriggers.Mistakes(jobs.Workflow).Concat(GitLabVariables.Mistakes(source.Env)))
            yield return mistake;
        if (source.Concurrency is not null)
            yield return "it has a Concurrency, and GitLab has groups of jobs alone: say Concurrency at each place that needs it";
        foreach (
            var call in jobs
                .Calls.Select(call => call.Source)
                .Where(call => system.Extra.Find(GitLabYaml.NameOf(jobs, call.Name)) is null)
        )
            yield return $"it calls {call.Uses}, which is GitHub's: say in Extra of GitLabCi a job {GitLabYaml.NameOf(jobs, call.Name)} that does it, as one with trigger";
        foreach (var (key, _) in source.Extra.Entries.Where(_ => system.Extra.Entries.IsEmpty))
            yield return $"its Extra has {key}, which is GitHub's: say in Extra of GitLabCi what GitLab has instead";
        foreach (var step in source.Setup.Where(step => !IsKnown(step)))
            if (system.Extra.Find("default") is null)
                yield return $"its Setup has {(step.Run is null ? $"the action {step.Uses.Split('@')[0]}" : $"the script '{step.Run.Split('\n')[0]}'")}, which GitLab does not run: say in Extra of GitLabCi, as default with before_script, what GitLab has instead";
        foreach (var cache in source.Caches)
            if (cache != Cache.NuGet && cache.KeyFiles.Length > MostKeyFiles)
                yield return $"the cache {cache.Name} has {cache.KeyFiles.Length} patterns of files as its key, and GitLab takes {MostKeyFiles}: name fewer";
            else if (
                cache != Cache.NuGet
                && (
                    cache.Path.StartsWith('~')
                    || Path.IsPathRooted(cache.Path)
                    || cache.Path.Contains("..", StringComparison.Ordinal)
                )
            )
                yield return $"the cache {cache.Name} keeps {cache.Path}, and GitLab keeps nothing outside of the repository: let the tool put it below the root";
        foreach (var job in jobs.Jobs)
        foreach (var mistake in OfJobPlan(system, job, jobs, graph))
            yield return $"the job {job.Id}: {mistake}";
    }

    private static IEnumerable<string> OfJobPlan(GitLabCi system, JobPlan job, JobGraph jobs, BuildGraph graph)
    {
        var (place, name) = (job.Place, GitLabYaml.NameOf(jobs, job.Id));
        var isReplaced = system.Jobs.ContainsKey(name);
        foreach (
            var (key, _) in place.Extra.Entries.Where(entry =>
                !isReplaced && !(entry.Key == "services" && GitLabServices.IsKnown(entry.Value))
            )
        )
            yield return $"its place has {key} in Extra, which is GitHub's: say in Jobs[\"{name}\"] of GitLabCi what GitLab has instead";
        if (isReplaced && place.Extra.Find("services") is not null && system.Jobs[name].Find("services") is null)
            yield return $"its place has services, and Jobs[\"{name}\"] of GitLabCi, which stands for all of its Extra, has none: repeat them there";
        foreach (var mistake in GitLabPlaces.Mistakes(system, place, name))
            yield return mistake;
        foreach (
            var label in Labels(place, jobs.Workflow.Source)
                .Where(label => GitLabMachines.TagsOf(label, system) is null)
        )
            yield return $"no runner is known to stand for the machine {label}: say its tags, as in Tags = GitLabCi.Tags.Add(\"{label}\", [\"…\"])";
        if (Matrix.HasMachines(place))
            foreach (
                var label in Labels(place, jobs.Workflow.Source)
                    .Where(label => GitLabMachines.TagsOf(label, system) is { Length: not 1 })
            )
                yield return $"its matrix is over machines, of which each needs one tag, and {label} has {(GitLabMachines.TagsOf(label, system) is [] ? "none" : "several")}: say it in Tags of GitLabCi";
        if (Matrix.Of(place, graph).Length is > MostCombinations and var combinations)
            yield return $"its matrix makes {combinations} jobs, and GitLab runs {MostCombinations} of one at most: leave values out";
        foreach (
            var value in Matrix
                .Of(place, graph)
                .SelectMany(one => one.Values)
                .Distinct()
                .Where(value => value.Contains('$', StringComparison.Ordinal))
        )
            yield return $"its matrix has '{value}', in which GitLab would look for a variable: write it without $";
        foreach (
            var pattern in job
                .Uploads.SelectMany(artifact => artifact.Patterns)
                .Where(pattern => pattern.Contains('$', StringComparison.Ordinal))
        )
            yield return $"it leaves the files '{pattern}', in which GitLab would look for a variable: write it without $";
        if (place.Environment is { } environment && !EnvironmentName().IsMatch(environment))
            yield return $"'{environment}' cannot be the name of an environment: letters, digits, spaces and - _ / alone";
        if (place.Url is { } url && url.Contains('$', StringComparison.Ordinal))
            yield return $"its address {url} has an expression, which is GitHub's: write the address itself";
        if (GitLabYaml.NeedsOf(job, jobs).Count() is > MostNeeds and var needs)
            yield return $"it waits for {needs} jobs, and GitLab takes {MostNeeds}: let fewer places do that work";
        if (
            place.Permissions.Scopes.GetValueOrDefault("id-token") == "write"
            && !(isReplaced && system.Jobs[name].Find("id_tokens") is not null)
        )
            yield return $"it asks for an identity (id-token: write), for which GitLab needs to know the audience: say it in Jobs[\"{name}\"] of GitLabCi, as id_tokens";
        if (jobs.IsTolerated(job) && place.Rescue is { })
            yield return $"its failure lets others go on, and so is none to GitLab, which would not run its rescue: leave out Rescue, or ProceedAfterFailure of {string.Join(" and ", job.Targets)}";
        else if (jobs.IsTolerated(job) && !system.PassesWithWarnings)
            yield return $"its failure lets others go on, and GitLab's way to that lets the pipeline pass, with a warning: say PassesWithWarnings = true if that may be, or leave out ProceedAfterFailure of {string.Join(" and ", job.Targets)}";
    }

    private static ImmutableArray<string> Labels(Place place, Workflow workflow) =>
        Matrix.HasMachines(place)
            ?
            [
                .. place
                    .Matrix.Where(axis => axis.Parameter is null)
                    .SelectMany(axis => axis.Values)
                    .Concat(place.Include.Select(combination => combination.Runner).OfType<string>())
                    .Distinct(),
            ]
            : [place.Runner ?? workflow.Runner];

    private static bool IsKnown(Step step) => step.Uses.Split('@')[0] is "actions/checkout" or "actions/setup-dotnet";

    [GeneratedRegex(@"\A[A-Za-z0-9 _/-]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EnvironmentName();
}
