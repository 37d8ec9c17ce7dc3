using System.Collections.Immutable;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.Completion;

/// <summary>What may stand at the end of a line. Pure: a line and the names that exist in, words out.</summary>
/// <param name="targets">Names of the listed targets.</param>
/// <param name="parameters">All parameters, host options included.</param>
/// <param name="profiles">The profiles that exist; asked for when needed only.</param>
internal sealed class Completions(
    IReadOnlyList<string> targets,
    ImmutableArray<ParameterModel> parameters,
    Func<IEnumerable<string>> profiles
)
{
    /// <summary>Whole words, each of which begins as the one at the end of the line does.</summary>
    public IEnumerable<string> Of(CompletionLine line)
    {
        var word = line.Word;
        if (line.Before.Contains("--"))
            return Targets(line);
        if (word.StartsWith('-') && word.IndexOf('=') is >= 0 and var separator)
            return Find(word[..separator]) is { } given
                ? Values(given, line)
                    .Select(value => word[..(separator + 1)] + value)
                    .Where(value => Begins(value, word))
                : [];
        if (OwnerOf(line) is { } owner && (!owner.IsList || !word.StartsWith('-')))
            return Values(owner, line)
                .Where(value => Begins(value, word))
                .Concat(owner.ValueWhenAlone is null || word.StartsWith('-') ? [] : Targets(line));
        return word.StartsWith('-') ? Options(line) : Targets(line);
    }

    /// <summary>The option that the word at the end is a value of.</summary>
    private ParameterModel? OwnerOf(CompletionLine line)
    {
        for (var at = line.Before.Length - 1; at >= 0; at--)
        {
            if (!line.Before[at].StartsWith('-'))
                continue;
            var parameter = Find(line.Before[at]);
            return parameter is not null && (parameter.IsList || (!parameter.IsFlag && at == line.Before.Length - 1))
                ? parameter
                : null;
        }
        return null;
    }

    private IEnumerable<string> Values(ParameterModel parameter, CompletionLine line) =>
        parameter.Member is null && parameter.Name is "target" or "skip"
            ? Targets(line with { Word = line.Word[(line.Word.IndexOf('=') + 1)..] })
        : parameter.Member is null && parameter.Name is "profile" ? profiles()
        : parameter.IsFlag && line.Word.Contains('=') ? ["true", "false"]
        : ValueConverter.EnumNames(parameter.Scalar);

    private IEnumerable<string> Options(CompletionLine line)
    {
        var open = parameters
            .Where(p =>
                p.IsList
                || !line.Before.Any(word => word.Split('=')[0].Equals(p.Option, StringComparison.OrdinalIgnoreCase))
            )
            .ToArray();
        var names = line.Word.StartsWith("--no-", StringComparison.OrdinalIgnoreCase)
            ? open.Select(p => p.Option)
                .Concat(
                    open.Where(p => p.IsFlag && !p.Name.StartsWith("no-", StringComparison.Ordinal))
                        .Select(p => "--no-" + p.Name)
                )
            : open.Select(p => p.Option);
        return names.Where(name => Begins(name, line.Word)).Order(StringComparer.Ordinal);
    }

    /// <summary>Who types small letters gets small letters: shells compare by case.</summary>
    private IEnumerable<string> Targets(CompletionLine line)
    {
        var isSmall = line.Word.Length > 0 && !line.Word.Any(char.IsUpper);
        var used = line.Before.Select(ParameterNames.Normal).ToHashSet();
        return from target in targets
            where !used.Contains(ParameterNames.Normal(target))
            let forms = isSmall
                ? [ParameterNames.Kebab(target), target.ToLowerInvariant()]
                : new[] { target, ParameterNames.Kebab(target) }
            let form = forms.FirstOrDefault(form => Begins(form, line.Word))
            where form is not null
            select form;
    }

    private ParameterModel? Find(string option) =>
        parameters.FirstOrDefault(p => p.Option.Equals(option, StringComparison.OrdinalIgnoreCase));

    private static bool Begins(string text, string beginning) =>
        text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase);
}
