namespace Recyclic.Workflows.GitLab;

/// <summary>What a place says that GitLab cannot do, each with what to write instead. Pure.</summary>
internal static class GitLabPlaces
{
    public static IEnumerable<string> Mistakes(GitLabCi system, Place place, string name)
    {
        var extra = system.Jobs.GetValueOrDefault(name);
        if (place.If is not null)
            yield return "it has an If, which is in GitHub's language: let the target say it (OnlyWhenStatic), or make a workflow of it whose triggers do";
        if (place.FailsFast)
            yield return "it has FailsFast, and GitLab runs each combination to its end: leave it out";
        if (place.MaxParallel is not null)
            yield return "it has MaxParallel, and GitLab limits what runs at a time at the runner: leave it out, and say concurrent of the runner, or say Concurrency for one at a time";
        if (!place.StepOutputs.Values.IsEmpty)
            yield return "it has StepOutputs, which steps of GitHub set: let a target set them, with Outputs";
        foreach (
            var mistake in OfConcurrency(place).Concat(GitLabVariables.Mistakes(place.Env)).Concat(OfContainers(place))
        )
            yield return mistake;
        foreach (var (steps, key) in new[] { (place.Steps, "before_script"), (place.StepsAfter, "after_script") })
        foreach (var step in steps.Where(_ => extra?.Find(key) is null))
            yield return step.Run is { } run
                ? $"it runs the script '{run.Split('\n')[0]}' as a step of GitHub: say in Jobs[\"{name}\"] of GitLabCi, as {key}, what GitLab has instead"
                : $"it runs the action {step.Uses.Split('@')[0]}, which GitLab does not: say in Jobs[\"{name}\"] of GitLabCi, as {key}, what GitLab has instead";
        if (place.Container is not null && extra?.Find("image") is not null)
            yield return $"it has a Container, and Jobs[\"{name}\"] of GitLabCi says image: say it once";
        if (!place.Services.IsEmpty && extra is not null && extra.Find("services") is null)
            yield return $"its place has services, and Jobs[\"{name}\"] of GitLabCi, which stands for all that is GitHub's of it, has none: repeat them there";
    }

    private static IEnumerable<string> OfConcurrency(Place place)
    {
        if (place.Concurrency is not { } concurrency)
            yield break;
        if (concurrency.CancelsRunning)
            yield return "its Concurrency ends what is at work, which GitLab does for whole pipelines alone: say CancelsOlderRuns of the workflow";
        if (
            concurrency.Group.Contains("${{", StringComparison.Ordinal)
            || concurrency.Group.Contains('$', StringComparison.Ordinal)
        )
            yield return $"the group '{concurrency.Group}' of its Concurrency has an expression, which is GitHub's: name the group itself";
    }

    private static IEnumerable<string> OfContainers(Place place)
    {
        foreach (
            var (what, container) in place
                .Services.Select(service => ($"the service {service.Name}", service.Container))
                .Concat(place.Container is { } own ? [("its Container", own)] : [])
        )
        {
            if (container.Image.Contains("${{", StringComparison.Ordinal))
                yield return $"{what} has the image '{container.Image}' with an expression, which is GitHub's: name the image itself";
            if (container.Options is not null)
                yield return $"{what} has Options, which are docker's: leave them out; GitLab waits by itself until a service answers";
            if (!container.Volumes.IsEmpty)
                yield return $"{what} has Volumes, which the configuration of the runner says on GitLab: leave them out";
            if (container.Credentials is not null)
                yield return $"{what} has Credentials, which GitLab takes from the project's variable DOCKER_AUTH_CONFIG: leave them out";
        }
        if (place.Container is { Env.Values.IsEmpty: false })
            yield return "its Container has an Env, which GitLab has for the job alone: say it as Env of the place";
        foreach (var (name, container) in place.Services)
        foreach (var mistake in GitLabVariables.Mistakes(container.Env))
            yield return $"the service {name}: {mistake}";
    }
}
