using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Gives each compose command the variables that its files name, and no others: compose fills in whatever it finds, so
/// what it has may end in a container.
/// </summary>
/// <param name="variables">Set for every command, whatever its files name.</param>
/// <param name="helpers">The credential helpers of docker's configuration.</param>
internal sealed class ComposeEnvironment(
    DeclaredSecrets secrets,
    ImmutableDictionary<string, string> variables,
    Func<IEnumerable<string>> helpers
)
{
    private const int MostFiles = 500;
    private const int LongestFile = 4 * 1024 * 1024;

    public DeclaredSecrets Secrets => secrets;

    /// <summary>What docker gets, with what its credential helpers read.</summary>
    public VariableRule OfDocker() =>
        ToolVariables.Of("docker").And(helpers().SelectMany(helper => ToolVariables.OfHelper(helper)));

    /// <summary>A compose command with what it gets.</summary>
    public Command Of(Command command)
    {
        var named = NamedBy(command);
        // Of our own models nothing is left to be filled in but what a service asks for as a file.
        var asked = NamedVariables.AsFiles(command.StandardInput).ToImmutableHashSet();
        return command with
        {
            Inherits = OfDocker().And(named.Where(name => !secrets.Withholds(name) || asked.Contains(name))),
            Environment = secrets
                .Given.Where(entry => named.Contains(entry.Key))
                .ToImmutableDictionary()
                .SetItems(command.Environment),
        };
    }

    /// <summary>The variables that are set here and that a command does not get, though its files name them.</summary>
    public ImmutableArray<string> WithheldFrom(Command command) =>
        [
            .. NamedBy(command)
                .Where(name =>
                    secrets.Withholds(name)
                    && !variables.ContainsKey(name)
                    && Environment.GetEnvironmentVariable(name) is { Length: > 0 }
                )
                .Order(StringComparer.Ordinal),
        ];

    private ImmutableHashSet<string> NamedBy(Command command)
    {
        var folder = command.WorkingDirectory ?? Environment.CurrentDirectory;
        string[] OptionsOf(string option) =>
            [
                .. command
                    .Arguments.Zip(command.Arguments.Skip(1))
                    .Where(pair => pair.First == option && pair.Second != "-")
                    .Select(pair => Path.GetFullPath(pair.Second, folder)),
            ];
        var (files, project) = (OptionsOf("-f"), OptionsOf("--project-directory"));
        var root = project is [var given, ..] ? given : Path.GetDirectoryName(files.FirstOrDefault() ?? "") ?? folder;
        var names = NamedVariables.In(command.StandardInput).ToImmutableHashSet().ToBuilder();
        var waiting = new Queue<string>([.. files, .. OptionsOf("--env-file"), Path.Combine(root, ".env")]);
        var seen = new HashSet<string>();
        while (waiting.TryDequeue(out var path) && seen.Count < MostFiles)
        {
            if (!seen.Add(path) || Read(path) is not { } text)
                continue;
            names.UnionWith(NamedVariables.In(text));
            var beside = Path.GetDirectoryName(path) ?? root;
            waiting.Enqueue(Path.Combine(beside, ".env"));
            foreach (var word in NamedVariables.PathsIn(text, ValueOf))
            foreach (var start in new[] { beside, root }.Distinct())
                if (IsPath(word))
                    waiting.Enqueue(Path.GetFullPath(word, start));
        }
        return names.ToImmutable();

        string? ValueOf(string name) =>
            command.Environment.GetValueOrDefault(name)
            ?? variables.GetValueOrDefault(name)
            ?? Environment.GetEnvironmentVariable(name);
    }

    private static bool IsPath(string word) => word.Length is > 0 and < 4096 && !word.Contains('\0');

    /// <summary>Null: there is no such file. What compose cannot read either, it says itself.</summary>
    private static string? Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= LongestFile } ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
