using System.Linq.Expressions;
using System.Reflection;
using Recyclic.Build.Running;

namespace Recyclic.Build.Definition;

/// <summary>A reason to run, and its source text for the reason to skip.</summary>
internal sealed record Condition(Func<bool> IsMet, string Text)
{
    public static Condition Of(Func<bool> condition, string? text)
    {
        var source = (text ?? "").Trim();
        return new(condition, source.StartsWith("() =>", StringComparison.Ordinal) ? source[5..].Trim() : source);
    }

    /// <summary>The targets with a static condition that does not hold, and its text.</summary>
    /// <exception cref="DefinitionException">Conditions throw.</exception>
    public static IReadOnlyDictionary<string, string> Unmet(IEnumerable<ExecutableTarget> targets)
    {
        var unmet = new Dictionary<string, string>();
        var mistakes = new List<string>();
        foreach (var target in targets)
            if (
                target.StaticConditions.FirstOrDefault(condition => !condition.Holds(target, mistakes)) is { } condition
            )
                unmet.Add(target.Name, condition.Text);
        return mistakes.Count == 0 ? unmet : throw new DefinitionException(mistakes);
    }

    private bool Holds(ExecutableTarget target, List<string> mistakes)
    {
        try
        {
            return IsMet();
        }
        catch (Exception exception) when (exception is not TargetFailedException)
        {
            mistakes.Add(
                $"target {target.Name}: its condition OnlyWhenStatic(() => {Text}) threw {ExceptionText.Of(ExceptionText.Unwrapped(exception), Verbosity.Normal)}"
            );
            return false;
        }
    }
}

/// <summary>Something that must be given or hold before anything runs.</summary>
internal sealed record Requirement(LambdaExpression Expression)
{
    /// <summary>The member it is about, when it is about one.</summary>
    public MemberInfo? Member { get; } = Members.TryOf(Expression);

    public bool IsCondition => Expression.ReturnType == typeof(bool);

    public bool IsMet() => Members.ValueOf(Expression) is var value && IsCondition ? value is true : IsGiven(value);

    /// <summary>Whether a value is one: not null, blank or empty.</summary>
    public static bool IsGiven(object? value) =>
        value switch
        {
            string text => !string.IsNullOrWhiteSpace(text),
            Array values => values.Length > 0,
            _ => value is not null,
        };

    /// <summary>The expression as in the source, as far as the compiler keeps it.</summary>
    public string Text() => ExpressionText.Of(Expression.Body);
}
