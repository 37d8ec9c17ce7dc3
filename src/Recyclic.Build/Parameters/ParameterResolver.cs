using System.Collections.Immutable;
using Recyclic.Build.CommandLine;

namespace Recyclic.Build.Parameters;

/// <summary>
/// One value for each parameter, from the first source that has it. Collects mistakes instead of stopping at the first.
/// </summary>
/// <param name="parameters">All parameters.</param>
/// <param name="workingDirectory">Where relative paths of the command line and the environment start.</param>
/// <param name="readSecret">The secret in a file; a <see cref="FormatException"/> completes "… is".</param>
/// <param name="mistakes">Gets what is wrong.</param>
internal sealed class ParameterResolver(
    ImmutableArray<ParameterModel> parameters,
    AbsolutePath workingDirectory,
    Func<AbsolutePath, string> readSecret,
    List<string> mistakes
)
{
    private const string StandardInput = "-";
    private readonly Dictionary<string, (int Pass, string Place)> _given = [];
    private int _pass;

    public ParameterValues Values { get; } = new();

    /// <summary>Secrets that are to be read from standard input.</summary>
    public List<ParameterModel> FromStandardInput { get; } = [];

    public void FromCommandLine(IReadOnlyDictionary<ParameterModel, List<string>> options)
    {
        _pass++;
        foreach (var (parameter, texts) in options)
        {
            if (!Claim(parameter, parameter.Option))
                continue;
            if (parameter is { IsSecret: true, IsList: false } && texts is [StandardInput])
                FromStandardInput.Add(parameter);
            else
                Set(parameter, texts, workingDirectory, ParameterSource.CommandLine, parameter.Option, "command line");
        }
        if (FromStandardInput.Count > 1)
            mistakes.Add(
                $"only one secret can be read from standard input, not {string.Join(" and ", FromStandardInput.Select(p => p.Option))}"
            );
    }

    public void FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        _pass++;
        foreach (var parameter in parameters)
        foreach (var variable in parameter.EnvironmentNames)
            if (environment.TryGetValue(variable, out var text) && text.Length > 0)
            {
                var place = $"environment variable {variable}";
                if (Claim(parameter, place))
                    Set(
                        parameter,
                        parameter is { IsList: true, Separator: null, OneValueEach: false } ? Words(text) : [text],
                        workingDirectory,
                        ParameterSource.Environment,
                        place,
                        place
                    );
                break;
            }
    }

    public void FromFile(IReadOnlyList<FileEntry> entries, AbsolutePath root, ParameterSource source)
    {
        _pass++;
        var seen = new HashSet<ParameterModel>();
        foreach (var entry in entries)
        {
            var place = $"{entry.Place}: \"{Shown.Cut(entry.Key)}\"";
            var parameter = parameters.FirstOrDefault(p =>
                !p.IsCommandLineOnly && ParameterNames.Normal(p.Name) == ParameterNames.Normal(entry.Key)
            );
            if (parameter is null)
                mistakes.Add(
                    $"{entry.Place}: unknown parameter \"{Shown.Cut(entry.Key)}\"{Suggestion.For(entry.Key, parameters.Where(p => !p.IsCommandLineOnly && p.IsListed).Select(p => p.Key))}"
                );
            else if (!seen.Add(parameter))
                mistakes.Add($"{place} is given twice");
            else if (parameter.IsSecret && entry.Values is [['v', '1', ':', ..]])
                mistakes.Add(
                    $"{place} is encrypted, which this host cannot read; name a file instead: \"{parameter.Key}File\""
                );
            else if (Claim(parameter, place))
                Set(parameter, entry.Values, root, source, place, entry.Place);
        }
    }

    /// <summary>A value that was read or typed later than the others.</summary>
    public bool TryGive(ParameterModel parameter, string text, ParameterSource source, string place)
    {
        var before = mistakes.Count;
        Set(parameter, [text], workingDirectory, source, place, place);
        return mistakes.Count == before;
    }

    /// <summary>
    /// Whether no stronger source has given a value. A value and a file that holds it are not to be given side by side.
    /// </summary>
    private bool Claim(ParameterModel parameter, string place)
    {
        var owner = (parameter.FileOf ?? parameter).Name;
        if (_given.TryAdd(owner, (_pass, place)))
            return true;
        if (_given[owner].Pass == _pass)
            mistakes.Add($"{_given[owner].Place} and {place} give the same secret: leave one of them out");
        return false;
    }

    private void Set(
        ParameterModel parameter,
        IReadOnlyList<string> texts,
        AbsolutePath directory,
        ParameterSource source,
        string where,
        string place
    )
    {
        try
        {
            var value = ValueConverter.Convert(parameter, texts, directory);
            if (parameter.FileOf is not { } secret)
                Values.Set(new(parameter, value, source, place));
            else
                Set(secret, [readSecret((AbsolutePath)value!)], directory, source, where, $"{place}, file {value}");
        }
        catch (FormatException exception)
        {
            var shown = Shown.Cut(string.Join(' ', texts));
            mistakes.Add(
                texts.Count == 0 ? $"{where} has no value"
                : parameter.IsSecret ? $"{where}: *** is not valid"
                : $"{where}: '{shown}' is {exception.Message}"
            );
        }
    }

    private static string[] Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
