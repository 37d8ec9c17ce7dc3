using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.CommandLine;

/// <summary>What the command line says, before values are converted.</summary>
internal sealed record CommandLineArguments(
    IReadOnlyList<string> Targets,
    IReadOnlyDictionary<ParameterModel, List<string>> Options
);

/// <summary>
/// Splits arguments into targets and options. A flag takes no value (or true or false), a list takes all that follows
/// up to the next option, or one value each time it is mentioned, everything else takes one value; a value that starts
/// with a dash needs <c>--x=-value</c>, unless it is a number. An option that stands for a value when alone takes what
/// follows only if it is a value of its kind: <c>--plan json Test</c>, <c>--plan Test</c>. What follows <c>--</c> is the
/// command of a target that was named before, where that takes one, else targets. </summary>
internal sealed class CommandLineParser(
    ImmutableArray<ParameterModel> parameters,
    AbsolutePath workingDirectory,
    Func<string, bool> isTarget,
    List<string> mistakes,
    Func<IReadOnlyList<string>, ParameterModel?>? restOf = null
)
{
    private const string Negation = "--no-";
    private readonly List<string> _targets = [];
    private readonly Dictionary<ParameterModel, List<string>> _options = [];
    private readonly Queue<string> _rest = new();

    public CommandLineArguments Parse(IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
            _rest.Enqueue(argument);
        while (_rest.TryDequeue(out var token))
        {
            if (token == "--")
                Rest();
            else if (!IsOption(token))
                _targets.Add(token);
            else
                Option(token is "-h" or "-?" ? "--help" : token);
        }
        return new(_targets, _options);
    }

    private void Option(string token)
    {
        var separator = token.IndexOf('=');
        var name = separator < 0 ? token : token[..separator];
        var value = separator < 0 ? null : token[(separator + 1)..];
        if (Find(name) is { } parameter)
            Add(parameter, parameter.Option, value is not null ? [value] : Following(parameter));
        else if (
            value is null
            && name.StartsWith(Negation, StringComparison.OrdinalIgnoreCase)
            && Find("--" + name[Negation.Length..]) is { IsFlag: true, IsList: false } flag
        )
            Add(flag, name, ["false"]);
        else
            Unknown(name, hasValue: value is not null);
    }

    private void Rest()
    {
        if (restOf?.Invoke(_targets) is not { } parameter)
        {
            DrainTo(_targets);
            return;
        }
        var words = new List<string>();
        DrainTo(words);
        if (words.Count > 0)
            Add(parameter, "--", words);
    }

    private ParameterModel? Find(string name) =>
        parameters.FirstOrDefault(p => p.Option.Equals(name, StringComparison.OrdinalIgnoreCase));

    private void Unknown(string name, bool hasValue)
    {
        mistakes.Add(
            $"unknown option {Shown.Cut(name)}{Suggestion.For(name, parameters.Where(p => p.IsListed).Select(p => p.Option))}"
        );
        if (!hasValue && NextIsValue() && !isTarget(_rest.Peek()))
            _rest.Dequeue();
    }

    private List<string> Following(ParameterModel parameter)
    {
        var values = new List<string>();
        if (parameter is { IsFlag: true, IsList: false })
            values.Add(
                _rest.TryPeek(out var next) && next.ToLowerInvariant() is "true" or "false" ? _rest.Dequeue() : "true"
            );
        else if (parameter.ValueWhenAlone is { } alone)
            values.Add(
                NextIsValue() && ValueConverter.Accepts(parameter, _rest.Peek(), workingDirectory)
                    ? _rest.Dequeue()
                    : alone
            );
        else if (parameter is { IsList: true, OneValueEach: false })
            while (NextIsValue())
                values.Add(_rest.Dequeue());
        else if (NextIsValue())
            values.Add(_rest.Dequeue());
        return values;
    }

    private void Add(ParameterModel parameter, string typed, List<string> values)
    {
        if (values.Count == 0 && (!parameter.IsList || parameter.OneValueEach))
            mistakes.Add(MissingValue(typed));
        else if (!_options.TryGetValue(parameter, out var earlier))
            _options.Add(parameter, values);
        else if (parameter.IsList)
            earlier.AddRange(values);
        else if (!earlier.SequenceEqual(values))
            mistakes.Add($"{typed} is given twice");
    }

    private string MissingValue(string option) =>
        _rest.TryPeek(out var next) && Find(next.Split('=')[0]) is null && IsOption(next)
            ? $"{option} has no value (a value that starts with a dash is written {option}={Shown.Cut(next)})"
            : $"{option} has no value";

    private bool NextIsValue() => _rest.TryPeek(out var next) && next != "--" && !IsOption(next);

    private static bool IsOption(string token) =>
        token.Length > 1
        && token[0] == '-'
        && !double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private void DrainTo(List<string> list)
    {
        while (_rest.TryDequeue(out var token))
            list.Add(token);
    }
}
