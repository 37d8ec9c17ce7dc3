using System.Linq.Expressions;
using System.Reflection;

namespace Recyclic.Build.Definition;

/// <summary>Reads the member out of <c>() => Tag</c>.</summary>
internal static class Members
{
    public static string NameOf(LambdaExpression expression) =>
        TryNameOf(expression) ?? throw new ArgumentException($"'{expression}' is not a member of the build", nameof(expression));

    public static string? TryNameOf(LambdaExpression expression) => TryOf(expression)?.Name;

    public static MemberInfo Of(LambdaExpression expression) =>
        TryOf(expression) ?? throw new ArgumentException($"'{expression}' is not a member of the build", nameof(expression));

    public static MemberInfo? TryOf(LambdaExpression expression) => AccessIn(expression)?.Member;

    /// <summary>The value, read without compiling the expression where that is possible.</summary>
    public static object? ValueOf(LambdaExpression expression) =>
        AccessIn(expression) is { Expression: ConstantExpression { Value: { } instance } } access
            ? access.Member is PropertyInfo property ? property.GetValue(instance) : ((FieldInfo)access.Member).GetValue(instance)
            : expression.Compile(preferInterpretation: true).DynamicInvoke();

    private static MemberExpression? AccessIn(LambdaExpression expression) =>
        expression.Body switch
        {
            MemberExpression member => member,
            UnaryExpression { NodeType: ExpressionType.Convert, Operand: MemberExpression member } => member,
            _ => null,
        };
}
