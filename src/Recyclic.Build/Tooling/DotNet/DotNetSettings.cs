using System.Collections.Immutable;
using Recyclic.Build.Running;
using Recyclic.Processes;

namespace Recyclic.Build.Tooling.DotNet;

/// <summary>
/// What a command of <c>dotnet</c> is told. Each member returns changed settings and leaves these as they are; one that
/// is called again replaces what it said before, and null takes it back. The arguments are a list: no value is ever
/// split. </summary>
public abstract class DotNetSettings<T>
    where T : DotNetSettings<T>
{
    private readonly ImmutableArray<string> _verbs;
    private ImmutableList<(string Key, ImmutableArray<string> Arguments)> _options = [];
    private ImmutableArray<string> _additional = [];
    private ImmutableDictionary<string, string> _variables = ImmutableDictionary<string, string>.Empty;
    private string? _workingDirectory;
    private TimeSpan _timeout = Timeout.InfiniteTimeSpan;

    private protected DotNetSettings(params ImmutableArray<string> verbs) => _verbs = verbs;

    /// <summary>What the command is about: a project, a solution, a package.</summary>
    private protected string? Subject { get; private set; }

    /// <summary>How the summary calls it: what it is about, or the command.</summary>
    internal string Name => Subject is null ? ToCommand().ToString() : Path.GetFileNameWithoutExtension(Subject);

    /// <summary>The command, to be run by <see cref="ProcessTasks.RunAsync"/> or <see cref="Combined"/>.</summary>
    public Command ToCommand() =>
        new(
            "dotnet",
            [
                .. _verbs,
                .. Subject is null ? Array.Empty<string>() : [Subject],
                .. _options.SelectMany(option => option.Arguments),
                .. _additional,
            ]
        )
        {
            WorkingDirectory = _workingDirectory ?? BuildSession.Current.RootDirectory,
            Environment = _variables,
            Timeout = _timeout,
        };

    /// <summary>Where it runs; default: the root directory.</summary>
    public T SetProcessWorkingDirectory(string? directory) => Changed(copy => copy._workingDirectory = directory);

    /// <summary>A variable on top of those of the build, of which it has no secret one.</summary>
    public T SetProcessEnvironmentVariable(string name, string value) =>
        Changed(copy => copy._variables = copy._variables.SetItem(name, value));

    /// <summary>How long it may take; default: no limit.</summary>
    public T SetProcessTimeout(TimeSpan timeout) => Changed(copy => copy._timeout = timeout);

    /// <summary>Further arguments, each as it stands, after all others.</summary>
    public T AddProcessAdditionalArguments(params IEnumerable<string> arguments) =>
        Changed(copy => copy._additional = copy._additional.AddRange(arguments));

    /// <summary>How much it prints: one of <see cref="DotNetVerbosity"/>.</summary>
    public T SetVerbosity(string? verbosity) => Option("--verbosity", verbosity);

    private protected T About(string? subject) => Changed(copy => copy.Subject = subject);

    private protected T Option(string name, string? value) => Options(name, value is null ? [] : [name, value]);

    private protected T Flag(string name, bool? isSet) => Options(name, isSet == true ? [name] : []);

    /// <summary>The arguments that stand for one option, in the place where it was first set.</summary>
    private protected T Options(string key, params ImmutableArray<string> arguments) =>
        Changed(copy =>
        {
            var at = copy._options.FindIndex(option => option.Key == key);
            copy._options = at < 0 ? copy._options.Add((key, arguments)) : copy._options.SetItem(at, (key, arguments));
        });

    private T Changed(Action<T> change)
    {
        var copy = (T)MemberwiseClone();
        change(copy);
        return copy;
    }
}

/// <summary>What a command is told that works on a project or a solution.</summary>
public abstract class DotNetProjectSettings<T> : DotNetSettings<T>
    where T : DotNetProjectSettings<T>
{
    private protected DotNetProjectSettings(string verb)
        : base(verb) { }

    /// <summary>The project or solution; default: the only one in the working directory.</summary>
    public T SetProjectFile(string? file) => About(file);

    /// <inheritdoc cref="SetProjectFile"/>
    public T SetProject(string? file) => About(file);

    /// <summary>A property of MSBuild; what is special to it is escaped.</summary>
    public T SetProperty(string name, string? value) =>
        Options("-p:" + name, value is null ? [] : [$"-p:{name}={Escaped(value)}"]);

    /// <inheritdoc cref="SetProperty"/>
    public T AddProperty(string name, string? value) => SetProperty(name, value);

    /// <summary>Leaves out the first lines.</summary>
    public T EnableNoLogo() => Flag("--nologo", true);

    /// <summary><c>linux-x64</c> and the like.</summary>
    public T SetRuntime(string? runtime) => Option("--runtime", runtime);

    /// <summary>
    /// On the command line MSBuild takes these for the beginning of another property, or of an escape.
    /// </summary>
    private static string Escaped(string value) =>
        value
            .Replace("%", "%25", StringComparison.Ordinal)
            .Replace(";", "%3B", StringComparison.Ordinal)
            .Replace(",", "%2C", StringComparison.Ordinal);
}

/// <summary>What a command is told that compiles, or could.</summary>
public abstract class DotNetCompilingSettings<T> : DotNetProjectSettings<T>
    where T : DotNetCompilingSettings<T>
{
    private protected DotNetCompilingSettings(string verb)
        : base(verb) { }

    /// <summary><c>Debug</c>, <c>Release</c>, or an object whose text is one.</summary>
    public T SetConfiguration(object? configuration) => Option("--configuration", configuration?.ToString());

    /// <summary><c>net10.0</c> and the like.</summary>
    public T SetFramework(string? framework) => Option("--framework", framework);

    /// <summary>Does not restore first.</summary>
    public T EnableNoRestore() => SetNoRestore(true);

    /// <summary>Whether not to restore first.</summary>
    public T SetNoRestore(bool? noRestore) => Flag("--no-restore", noRestore);

    /// <summary>The property Version.</summary>
    public T SetVersion(string? version) => SetProperty("Version", version);

    /// <summary>The property AssemblyVersion.</summary>
    public T SetAssemblyVersion(string? version) => SetProperty("AssemblyVersion", version);

    /// <summary>The property FileVersion.</summary>
    public T SetFileVersion(string? version) => SetProperty("FileVersion", version);

    /// <summary>The property InformationalVersion.</summary>
    public T SetInformationalVersion(string? version) => SetProperty("InformationalVersion", version);

    /// <summary>The property Deterministic.</summary>
    public T SetDeterministic(bool? isDeterministic) => SetProperty("Deterministic", Text(isDeterministic));

    /// <summary>The property ContinuousIntegrationBuild.</summary>
    public T SetContinuousIntegrationBuild(bool? isOne) => SetProperty("ContinuousIntegrationBuild", Text(isOne));

    private static string? Text(bool? flag) =>
        flag switch
        {
            true => "true",
            false => "false",
            null => null,
        };
}
