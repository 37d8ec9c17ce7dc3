using System.Collections.Immutable;

namespace Recyclic.Build.Parameters;

/// <summary>
/// Variables that look like parameters and are not read as such, because one word alone (TAG, HOST) may belong to
/// anyone.
/// </summary>
internal static class StrayVariables
{
    /// <summary>Set on nearly every machine: nobody means a parameter by them.</summary>
    private static readonly ImmutableHashSet<string> Common =
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "TERM",
        "PWD",
        "HOSTNAME",
        "TMP",
        "TEMP",
        "EDITOR",
        "DISPLAY",
        "CI",
        "OS",
    ];

    public static IEnumerable<string> Warnings(
        ImmutableArray<ParameterModel> parameters,
        ParameterValues values,
        IReadOnlyDictionary<string, string> environment
    ) =>
        from parameter in parameters
        where parameter is { Member: not null, IsCommandLineOnly: false, PrefixedOnly: false }
        where
            values.Of(parameter)?.Source
                is not (ParameterSource.CommandLine or ParameterSource.Environment or ParameterSource.StandardInput)
        let names = parameter.EnvironmentNames
        let bare = ParameterNames.Variable(parameter.Name)
        where
            !names.Contains(bare)
            && !Common.Contains(bare)
            && environment.TryGetValue(bare, out var text)
            && text.Length > 0
        select $"the environment variable {bare} is set, but {parameter.Option} is not read from it: use {names[0]}";
}
