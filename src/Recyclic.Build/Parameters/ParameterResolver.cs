using System.Collections.Immutable;
using Recyclic.Build.CommandLine;

namespace Recyclic.Build.Parameters;

/// <summary>One value for each parameter, from the first source that has it. Collects mistakes instead of stopping at the first.</summary>
internal sealed class ParameterResolver(ImmutableArray<ParameterModel> parameters, AbsolutePath workingDirectory, List<string> mistakes)
{
    public ParameterValues Values { get; } = new();

    public void FromCommandLine(IReadOnlyDictionary<ParameterModel, List<string>> options)
    {
        foreach (var (parameter, texts) in options) Set(parameter, texts, workingDirectory, ParameterSource.CommandLine, parameter.Option);
    }

    public void FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var parameter in parameters.Where(IsOpen))
            foreach (var variable in parameter.EnvironmentNames)
                if (environment.TryGetValue(variable, out var text) && text.Length > 0)
                {
                    Set(parameter, parameter.IsList ? Words(text) : [text], workingDirectory, ParameterSource.Environment, $"environment variable {variable}");
                    break;
                }
    }

    public void FromFile(IReadOnlyList<FileEntry> entries, AbsolutePath root, ParameterSource source)
    {
        var given = new HashSet<ParameterModel>();
        foreach (var entry in entries)
        {
            var parameter = parameters.FirstOrDefault(p => !p.IsCommandLineOnly && ParameterNames.Normal(p.Name) == ParameterNames.Normal(entry.Key));
            if (parameter is null) mistakes.Add($"{entry.Place}: unknown parameter \"{entry.Key}\"{Suggestion.For(entry.Key, parameters.Where(p => !p.IsCommandLineOnly).Select(p => p.MemberName))}");
            else if (!given.Add(parameter)) mistakes.Add($"{entry.Place}: \"{entry.Key}\" is given twice");
            else if (IsOpen(parameter)) Set(parameter, entry.Values, root, source, $"{entry.Place}: \"{entry.Key}\"");
        }
    }

    private bool IsOpen(ParameterModel parameter) => Values.SourceOf(parameter.MemberName) == ParameterSource.Default;

    private void Set(ParameterModel parameter, IReadOnlyList<string> texts, AbsolutePath directory, ParameterSource source, string place)
    {
        try
        {
            Values.Set(new(parameter, ValueConverter.Convert(parameter, texts, directory), source));
        }
        catch (FormatException exception)
        {
            var problem = parameter.IsSecret ? "*** is not valid" : $"'{string.Join(' ', texts)}' is {exception.Message}";
            mistakes.Add(texts.Count == 0 ? $"{place} has no value" : $"{place}: {problem}");
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
