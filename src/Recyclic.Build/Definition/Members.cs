using System.Linq.Expressions;
using System.Reflection;

namespace Recyclic.Build.Definition;

/// <summary>Reads the member out of <c>() => Tag</c>.</summary>
internal static class Members
{
    public static string NameOf(LambdaExpression expression) =>
        TryNameOf(expression)
        ?? throw new ArgumentException($"'{expression}' is not a member of the build", nameof(expression));

    public static string? TryNameOf(LambdaExpression expression) => TryOf(expression)?.Name;

    public static MemberInfo Of(LambdaExpression expression) =>
        TryOf(expression)
        ?? throw new ArgumentException($"'{expression}' is not a member of the build", nameof(expression));

    public static MemberInfo? TryOf(LambdaExpression expression) => AccessIn(expression)?.Member;

    public static Type TypeOf(MemberInfo member) =>
        member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    /// <summary>The value, read without compiling the expression where that is possible.</summary>
    public static object? ValueOf(LambdaExpression expression) =>
        AccessIn(expression) is { Expression: ConstantExpression { Value: { } instance } } access
            ? access.Member is PropertyInfo property
                ? property.GetValue(instance)
                : ((FieldInfo)access.Member).GetValue(instance)
            : expression.Compile(preferInterpretation: !SpanFinder.IsIn(expression)).DynamicInvoke();

    private static MemberExpression? AccessIn(LambdaExpression expression) =>
        expression.Body switch
        {
            MemberExpression member => member,
            UnaryExpression { NodeType: ExpressionType.Convert, Operand: MemberExpression member } => member,
            _ => null,
        };

    /// <summary>To C# an array's Contains is that of a span, which an interpreter cannot hold.</summary>
    private sealed class SpanFinder : ExpressionVisitor
    {
        private bool _found;

        public static bool IsIn(Expression expression)
        {
            var finder = new SpanFinder();
            finder.Visit(expression);
            return finder._found;
        }

        public override Expression? Visit(Expression? node)
        {
            _found |= node?.Type.IsByRefLike == true;
            return _found ? node : base.Visit(node);
        }
    }
}
