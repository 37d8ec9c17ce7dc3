using System.Linq.Expressions;
using System.Reflection;

namespace Recyclic.Build.Definition;

/// <summary>Reads the member out of <c>() => Tag</c>.</summary>
internal static class Members
{
    public static string NameOf(LambdaExpression expression) =>
        TryNameOf(expression) ?? throw new ArgumentException($"'{expression}' is not a member of the build", nameof(expression));

    public static string? TryNameOf(LambdaExpression expression) => Of(expression)?.Name;

    public static MemberInfo? Of(LambdaExpression expression) =>
        expression.Body switch
        {
            MemberExpression member => member.Member,
            UnaryExpression { NodeType: ExpressionType.Convert, Operand: MemberExpression member } => member.Member,
            _ => null,
        };
}
