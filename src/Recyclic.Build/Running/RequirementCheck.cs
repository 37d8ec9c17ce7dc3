using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Build.Definition;
using Recyclic.Build.Parameters;
using Recyclic.Build.Planning;

namespace Recyclic.Build.Running;

/// <summary>Something that must be given or hold, and does not.</summary>
/// <param name="Text">What requires it, and how to give it.</param>
/// <param name="Parameter">The parameter that has no value; null for anything else.</param>
internal sealed record Unmet(string Text, ParameterModel? Parameter);

/// <summary>Checks, before anything runs, what the targets of a plan and the build itself require.</summary>
internal static class RequirementCheck
{
    /// <remarks>Targets that undo are part of it: when their turn comes, it is too late to ask.</remarks>
    public static ImmutableArray<Unmet> Of(
        BuildPlan plan,
        ImmutableArray<ExecutableTarget> all,
        RecyclicBuild build,
        ParameterValues values,
        ImmutableArray<ParameterModel> parameters
    )
    {
        var running = plan
            .Targets.Where(planned => planned.SkipReason is null)
            .Select(planned => planned.Target)
            .SelectMany(target => FailureTargets.Of(target, all).Prepend(target))
            .Distinct()
            .ToArray();
        var ofTargets =
            from target in running
            from requirement in target.Requirements
            let unmet = Check(target, requirement, plan, parameters)
            where unmet is not null
            select unmet;
        var ofBuild =
            from parameter in parameters
            where
                running.Length > 0
                && parameter is { IsRequired: true, IsOnDemand: false }
                && !IsGiven(build, values, parameter)
            select new Unmet($"{build.GetType().Name} requires {HowToGive(parameter)}", parameter);
        return [.. ofTargets.Concat(ofBuild)];
    }

    private static Unmet? Check(
        ExecutableTarget target,
        Requirement requirement,
        BuildPlan plan,
        ImmutableArray<ParameterModel> parameters
    )
    {
        var name = NameOf(target, plan);
        try
        {
            if (requirement.IsMet())
                return null;
        }
        catch (Exception exception)
        {
            return new(
                $"target {name} cannot read {requirement.Text()}: {ExceptionText.Of(ExceptionText.Unwrapped(exception), Verbosity.Normal)}",
                null
            );
        }
        if (requirement.IsCondition)
            return new($"target {name} requires {requirement.Text()}", null);
        var parameter =
            parameters.FirstOrDefault(p => p.Member is { } member && member == requirement.Member)
            ?? parameters.FirstOrDefault(p => p.FileOf is null && p.MemberName == requirement.Member?.Name);
        return new(
            $"target {name} requires {(parameter is null ? $"a value for {requirement.Text()}" : HowToGive(parameter))}",
            parameter
        );
    }

    private static string HowToGive(ParameterModel parameter) =>
        parameter.EnvironmentNames is [.., var variable]
            ? $"{parameter.Option} (or {variable} in the environment)"
            : parameter.Option;

    private static bool IsGiven(RecyclicBuild build, ParameterValues values, ParameterModel parameter) =>
        Requirement.IsGiven(
            values.Of(parameter) is { } given
                ? given.Value
                : parameter.Member switch
                {
                    PropertyInfo property => property.GetValue(build),
                    FieldInfo field => field.GetValue(build),
                    _ => null,
                }
        );

    /// <summary>
    /// Nobody has asked for an unlisted target by name, or even knows it: the one that brings it along is named too.
    /// </summary>
    private static string NameOf(ExecutableTarget target, BuildPlan plan)
    {
        if (target.IsListed || plan.Targets.Any(planned => planned.IsInvoked && planned.Target == target))
            return target.Name;
        var user = plan.Targets.FirstOrDefault(planned =>
            planned.Target.DependsOn.Contains(target.Name) || planned.Target.Triggers.Contains(target.Name)
        );
        return user is null ? target.Name : $"{target.Name} (needed by {user.Target.Name})";
    }
}
