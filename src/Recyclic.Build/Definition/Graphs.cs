using System.Collections.Immutable;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.Definition;

/// <summary>From targets and parameters to the graph that others see.</summary>
internal static class Graphs
{
    public static BuildGraph Of(ImmutableArray<ExecutableTarget> targets, ImmutableArray<ParameterModel> parameters)
    {
        var own = parameters.Where(p => p.Member is not null).ToArray();
        return new([.. targets.Select(target => Of(target, own))], [.. own.Select(Of)]);
    }

    public static IReadOnlyDictionary<Target, string> NamesOf(ImmutableArray<ExecutableTarget> targets)
    {
        var names = new Dictionary<Target, string>(TargetComparer.Instance);
        foreach (var target in targets)
            names.TryAdd(target.Factory, target.Name);
        return names;
    }

    private static GraphTarget Of(ExecutableTarget target, ParameterModel[] parameters) =>
        new(target.Name)
        {
            DependsOn = [.. target.Node.DependsOn],
            After = [.. target.Node.After],
            Triggers = [.. target.Node.Triggers],
            Requires =
            [
                .. target
                    .Requirements.Select(r =>
                        parameters.FirstOrDefault(p => p.Member == r.Member)
                        ?? parameters.FirstOrDefault(p => p.MemberName == r.Member?.Name)
                    )
                    .OfType<ParameterModel>()
                    .Distinct()
                    .Select(Of),
            ],
            Produces = [.. target.Produces],
            Inputs = [.. target.Inputs],
            Consumes = target.Consumes.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Outputs = [.. target.Outputs.Select(output => output.Name)],
            WhenSkipped = target.Node.WhenSkipped,
            IsAssured = target.IsAssured,
            ProceedsAfterFailure = target.ProceedsAfterFailure,
            IsCollective = target.IsCollective,
            LeavesNothing = target.LeavesNothing,
        };

    private static BuildParameter Of(ParameterModel parameter) =>
        new(parameter.Name, parameter.MemberName, parameter.EnvironmentNames is [.., var last] ? last : "")
        {
            Description = parameter.Description,
            IsSecret = parameter.IsSecret,
            IsRequired = parameter.IsRequired && !parameter.IsOnDemand,
            IsFlag = parameter.IsFlag,
            IsNumber = !parameter.IsList && IsNumber(parameter.Scalar),
            Choices = parameter.IsList ? [] : [.. ValueConverter.EnumNames(parameter.Scalar)],
        };

    private static bool IsNumber(Type type) =>
        !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
