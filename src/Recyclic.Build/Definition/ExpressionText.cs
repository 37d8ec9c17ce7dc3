using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Recyclic.Build.Definition;

/// <summary>
/// An expression as its author wrote it, as far as the compiler keeps it. Shows no value but those in the source. Pure.
/// </summary>
internal static class ExpressionText
{
    public static string Of(Expression expression) =>
        expression switch
        {
            UnaryExpression
            {
                NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.Quote
            } wrapped => Of(wrapped.Operand),
            UnaryExpression { NodeType: ExpressionType.Not } not => "!" + Part(not.Operand),
            UnaryExpression { NodeType: ExpressionType.ArrayLength } length => Part(length.Operand) + ".Length",
            BinaryExpression { NodeType: ExpressionType.ArrayIndex } index => $"{Part(index.Left)}[{Of(index.Right)}]",
            BinaryExpression { NodeType: var type } binary when SignOf(type) is { } sign =>
                $"{Side(binary.Left, EnumOf(binary.Right))} {sign} {Side(binary.Right, EnumOf(binary.Left))}",
            TypeBinaryExpression { NodeType: ExpressionType.TypeIs } test =>
                $"{Part(test.Expression)} is {TypeText.Of(test.TypeOperand)}",
            MemberExpression member => Access(member.Expression, member.Member, member.Member.Name),
            MethodCallExpression call => Call(call),
            ConstantExpression constant => Literal(constant.Value, constant.Type),
            NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array => $"[{Texts(array.Expressions)}]",
            LambdaExpression lambda =>
                $"{(lambda.Parameters is [var one] ? one.Name : $"({Texts(lambda.Parameters)})")} => {Of(lambda.Body)}",
            _ => expression.ToString(),
        };

    private static string Call(MethodCallExpression call) =>
        call switch
        {
            // From an array to the span that its Contains is for.
            { Method.Name: "op_Implicit", Arguments: [var operand] } => Of(operand),
            { Method: { Name: "get_Item", IsSpecialName: true }, Object: { } list } =>
                $"{Part(list)}[{Texts(call.Arguments)}]",
            { Object: null, Arguments: [var subject, ..] } when call.Method.IsDefined(typeof(ExtensionAttribute)) =>
                $"{Part(subject)}.{call.Method.Name}({Texts(call.Arguments.Skip(1))})",
            _ => Access(call.Object, call.Method, $"{call.Method.Name}({Texts(call.Arguments)})"),
        };

    /// <summary>
    /// The build itself and what the compiler makes for captured variables have no name in the source.
    /// </summary>
    private static string Access(Expression? owner, MemberInfo member, string text) =>
        owner switch
        {
            null => typeof(IRecyclicBuild).IsAssignableFrom(member.DeclaringType)
                ? text
                : $"{TypeText.Of(member.DeclaringType!)}.{text}",
            ConstantExpression => text,
            _ => $"{Part(owner)}.{text}",
        };

    private static string Side(Expression expression, Type? other) =>
        other is not null && Bare(expression) is ConstantExpression { Value: { } number }
            ? $"{other.Name}.{Enum.ToObject(other, number)}"
            : Part(expression);

    private static Expression Bare(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } wrapped
            ? Bare(wrapped.Operand)
            : expression;

    /// <summary>To the compiler an enum that is compared is a number.</summary>
    private static Type? EnumOf(Expression expression) =>
        (Nullable.GetUnderlyingType(Bare(expression).Type) ?? Bare(expression).Type) is { IsEnum: true } type
            ? type
            : null;

    private static string Part(Expression expression) =>
        Bare(expression) is BinaryExpression { NodeType: not ExpressionType.ArrayIndex } binary
            ? $"({Of(binary)})"
            : Of(expression);

    private static string Texts(IEnumerable<Expression> expressions) => string.Join(", ", expressions.Select(Of));

    private static string Literal(object? value, Type type) =>
        value switch
        {
            null => "null",
            string text => $"\"{text}\"",
            char letter => $"'{letter}'",
            bool flag => flag ? "true" : "false",
            Enum name => $"{type.Name}.{name}",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => TypeText.Of(type),
        };

    private static string? SignOf(ExpressionType type) =>
        type switch
        {
            ExpressionType.Equal => "==",
            ExpressionType.NotEqual => "!=",
            ExpressionType.LessThan => "<",
            ExpressionType.LessThanOrEqual => "<=",
            ExpressionType.GreaterThan => ">",
            ExpressionType.GreaterThanOrEqual => ">=",
            ExpressionType.AndAlso => "&&",
            ExpressionType.OrElse => "||",
            ExpressionType.And => "&",
            ExpressionType.Or => "|",
            ExpressionType.ExclusiveOr => "^",
            ExpressionType.Add or ExpressionType.AddChecked => "+",
            ExpressionType.Subtract or ExpressionType.SubtractChecked => "-",
            ExpressionType.Multiply or ExpressionType.MultiplyChecked => "*",
            ExpressionType.Divide => "/",
            ExpressionType.Modulo => "%",
            ExpressionType.Coalesce => "??",
            _ => null,
        };
}
