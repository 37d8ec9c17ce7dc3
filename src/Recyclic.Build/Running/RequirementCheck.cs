using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Build.Parameters;
using Recyclic.Build.Planning;

namespace Recyclic.Build.Running;

/// <summary>Checks, before anything runs, what the targets of a plan require.</summary>
internal static class RequirementCheck
{
    /// <remarks>Targets that undo are part of it: when their turn comes, it is too late to ask.</remarks>
    public static IEnumerable<string> Mistakes(BuildPlan plan, ImmutableArray<ExecutableTarget> all, ImmutableArray<ParameterModel> parameters) =>
        from target in plan.Targets.Where(planned => planned.SkipReason is null).Select(planned => planned.Target)
            .SelectMany(target => FailureTargets.Of(target, all).Prepend(target)).Distinct()
        from requirement in target.Requirements
        let mistake = Mistake(target, requirement, parameters)
        where mistake is not null
        select mistake;

    private static string? Mistake(ExecutableTarget target, Definition.Requirement requirement, ImmutableArray<ParameterModel> parameters)
    {
        try
        {
            if (requirement.IsMet()) return null;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            return $"target {target.Name} cannot read {requirement.Text()}: {inner.Message}";
        }
        if (requirement.IsCondition) return $"target {target.Name} requires {requirement.Text()}";
        var parameter = parameters.FirstOrDefault(p => p.MemberName == requirement.Member);
        return parameter is null
            ? $"target {target.Name} requires a value for {requirement.Text()}"
            : $"target {target.Name} requires {parameter.Option} (or {parameter.EnvironmentNames.LastOrDefault()} in the environment)";
    }
}
