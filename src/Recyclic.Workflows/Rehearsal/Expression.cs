using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Workflows.Rehearsal;

/// <summary>What an expression can ask for.</summary>
/// <param name="Find">From a path such as <c>needs.test.outputs.tag</c> to its value; null: there is none.</param>
/// <param name="Call">From a function without side effects, such as <c>failure</c>, and its arguments to its
/// value.</param>
internal sealed record ExpressionContext(
    Func<string, string?> Find,
    Func<string, IReadOnlyList<object?>, object?> Call
);

/// <summary>
/// The part of GitHub's expression language that generated workflows use. Anything else is an error, not a guess. Pure.
/// </summary>
internal sealed partial class Expression
{
    private const int DeepestNesting = 50;
    private readonly string[] _tokens;
    private readonly ExpressionContext _context;
    private readonly string _text;
    private int _at;
    private int _depth;

    private Expression(string text, ExpressionContext context)
    {
        (_text, _context) = (text, context);
        var matches = Token().Matches(text);
        var read = string.Concat(matches.Select(match => match.Value));
        if (read.Length != text.Length)
            throw Unknown(text);
        _tokens = [.. matches.Select(match => match.Value).Where(token => !string.IsNullOrWhiteSpace(token))];
    }

    /// <summary>Replaces each <c>${{ }}</c> of a text by its value.</summary>
    /// <exception cref="FormatException">An expression is none, or asks for what a rehearsal does not know.</exception>
    public static string Fill(string text, ExpressionContext context) =>
        Placeholder().Replace(text, match => TextOf(Value(match.Groups[1].Value, context)));

    /// <summary>
    /// Whether a condition holds, with or without <c>${{ }}</c> around it. One that asks for no status holds only after
    /// successes.
    /// </summary>
    /// <inheritdoc cref="Fill" path="/exception"/>
    public static bool Holds(string condition, ExpressionContext context)
    {
        var text =
            Placeholder().Match(condition) is { Success: true } match && match.Length == condition.Trim().Length
                ? match.Groups[1].Value
                : condition;
        var asksForStatus = Status().IsMatch(text);
        return IsTrue(Value(text, context)) && (asksForStatus || IsTrue(context.Call("success", [])));
    }

    private static object? Value(string text, ExpressionContext context)
    {
        var expression = new Expression(text.Trim(), context);
        var value = expression.Or();
        return expression._at == expression._tokens.Length
            ? value
            : throw expression.Unknown(expression._tokens[expression._at]);
    }

    private object? Or()
    {
        if (++_depth > DeepestNesting)
            throw Unknown(_text);
        var left = And();
        while (Take("||"))
            left = And() is var right && IsTrue(left) ? left : right;
        _depth--;
        return left;
    }

    private object? And()
    {
        var left = Equal();
        while (Take("&&"))
            left = Equal() is var right && IsTrue(left) ? right : left;
        return left;
    }

    private object? Equal()
    {
        var left = Compared();
        while (true)
        {
            if (Take("=="))
                left = AreEqual(left, Compared());
            else if (Take("!="))
                left = !AreEqual(left, Compared());
            else
                return left;
        }
    }

    private object? Compared()
    {
        var left = Single();
        while (true)
        {
            if (Take("<="))
                left = Order(left, Single()) <= 0;
            else if (Take(">="))
                left = Order(left, Single()) >= 0;
            else if (Take("<"))
                left = Order(left, Single()) < 0;
            else if (Take(">"))
                left = Order(left, Single()) > 0;
            else
                return left;
        }
    }

    private object? Single()
    {
        if (Take("!"))
            return !IsTrue(Single());
        if (Take("("))
        {
            var inner = Or();
            return Take(")") ? inner : throw Unknown("(");
        }
        var token = _at < _tokens.Length ? _tokens[_at++] : throw Unknown(_text);
        if (token[0] == '\'')
            return token[1..^1].Replace("''", "'", StringComparison.Ordinal);
        if (char.IsAsciiDigit(token[0]))
            return double.Parse(token, CultureInfo.InvariantCulture);
        if (token is "true" or "false")
            return token == "true";
        if (token == "null")
            return null;
        if (!(char.IsAsciiLetter(token[0]) || token[0] == '_'))
            throw Unknown(token);
        return !Take("(") ? _context.Find(token)
            : Arguments() is var arguments && Texts(token, arguments) is { } known ? known
            : _context.Call(token, arguments);
    }

    private List<object?> Arguments()
    {
        var arguments = new List<object?>();
        if (Take(")"))
            return arguments;
        do arguments.Add(Or());
        while (Take(","));
        return Take(")") ? arguments : throw Unknown("(");
    }

    private bool Take(string token)
    {
        if (_at >= _tokens.Length || _tokens[_at] != token)
            return false;
        _at++;
        return true;
    }

    private static bool AreEqual(object? a, object? b) =>
        string.Equals(TextOf(a), TextOf(b), StringComparison.OrdinalIgnoreCase);

    /// <summary>Functions of texts; null: it is none of them.</summary>
    private static object? Texts(string function, List<object?> arguments) =>
        (function, arguments) switch
        {
            ("contains", [var text, var part]) => TextOf(text)
                .Contains(TextOf(part), StringComparison.OrdinalIgnoreCase),
            ("startsWith", [var text, var part]) => TextOf(text)
                .StartsWith(TextOf(part), StringComparison.OrdinalIgnoreCase),
            ("endsWith", [var text, var part]) => TextOf(text)
                .EndsWith(TextOf(part), StringComparison.OrdinalIgnoreCase),
            _ => null,
        };

    /// <summary>
    /// As GitHub orders them: texts as texts, anything else as numbers; NaN where one is none, which compares as false.
    /// </summary>
    private static double Order(object? a, object? b) =>
        (a, b) switch
        {
            (string one, string other) => string.Compare(one, other, StringComparison.OrdinalIgnoreCase),
            _ => NumberOf(a) - NumberOf(b),
        };

    private static double NumberOf(object? value) =>
        value switch
        {
            double number => number,
            true => 1,
            null or false or "" => 0,
            _ => double.TryParse(TextOf(value), CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
        };

    private static bool IsTrue(object? value) =>
        value switch
        {
            null or false or "" => false,
            double number => number != 0,
            _ => true,
        };

    private static string TextOf(object? value) =>
        value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            double number => number.ToString(CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };

    private FormatException Unknown(string what) =>
        new($"the expression '{_text}' has '{what}', which a rehearsal does not understand");

    [GeneratedRegex(
        @"\s+|'(?:[^']|'')*'|\|\||&&|==|!=|<=|>=|[!(),<>]|\d+(?:\.\d+)?|[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*"
    )]
    private static partial Regex Token();

    [GeneratedRegex(@"\$\{\{(.*?)\}\}", RegexOptions.Singleline)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b(success|failure|always|cancelled)\s*\(")]
    private static partial Regex Status();
}
