using System.Linq.Expressions;

namespace Recyclic.Build.Definition;

/// <summary>A reason to run, and its source text for the reason to skip.</summary>
internal sealed record Condition(Func<bool> Holds, string Text)
{
    public static Condition Of(Func<bool> condition, string? text)
    {
        var source = (text ?? "").Trim();
        return new(condition, source.StartsWith("() =>", StringComparison.Ordinal) ? source[5..].Trim() : source);
    }
}

/// <summary>Something that must be given or hold before anything runs.</summary>
internal sealed record Requirement(LambdaExpression Expression)
{
    /// <summary>The member it is about, when it is about one.</summary>
    public string? Member { get; } = Members.TryNameOf(Expression);

    public bool IsCondition => Expression.ReturnType == typeof(bool);

    public bool IsMet() => Expression.Compile(preferInterpretation: true).DynamicInvoke() switch
    {
        bool holds => holds,
        string text => !string.IsNullOrWhiteSpace(text),
        Array values => values.Length > 0,
        var value => value is not null,
    };

    /// <summary>The expression as in the source, as far as the compiler keeps it.</summary>
    public string Text()
    {
        var text = Expression.Body.ToString();
        for (var start = text.IndexOf("value(", StringComparison.Ordinal); start >= 0; start = text.IndexOf("value(", StringComparison.Ordinal))
        {
            var end = text.IndexOf(").", start, StringComparison.Ordinal);
            if (end < 0) break;
            text = text.Remove(start, end + 2 - start);
        }
        return text;
    }
}
