using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Recyclic.Build.CI;
using Recyclic.Processes;

namespace Recyclic.Build;

/// <summary>What a component (an interface with targets and parameters) knows of the build it is mixed into.</summary>
public interface IRecyclicBuild
{
    /// <summary>The directory that holds <c>.nuke</c>.</summary>
    AbsolutePath RootDirectory { get; }

    /// <summary><c>.nuke/temp</c>; created by whoever writes there first.</summary>
    AbsolutePath TemporaryDirectory { get; }

    /// <summary>Where the caller stands; relative paths on the command line start here.</summary>
    AbsolutePath WorkingDirectory { get; }

    /// <summary>
    /// <c>--dry-run</c>: targets are to say what they would do, and change nothing. The host runs them all the same,
    /// and <see cref="CommandRunner"/> runs only what reads.
    /// </summary>
    bool DryRun { get; }

    /// <summary><c>--json</c>: standard output is for <see cref="WriteDocument"/> alone.</summary>
    bool Json { get; }

    /// <c>--verbosity</c>.
    Verbosity Verbosity { get; }

    /// <summary>The environment the build was started with.</summary>
    IReadOnlyDictionary<string, string> EnvironmentVariables { get; }

    /// <summary>
    /// The variables of the environment that hold the value of a <see cref="SecretAttribute"/>, or name the file that
    /// does.
    /// </summary>
    IReadOnlySet<string> SecretVariables { get; }

    /// <summary>
    /// What runs programs: real processes, or in a test a fake. They get no variable that holds a
    /// <see cref="SecretAttribute"/> but those that their command names. With <c>--dry-run</c> only those that read;
    /// the others are printed.
    /// </summary>
    ICommandRunner CommandRunner { get; }

    /// <summary>
    /// What the host of the build has put in the place of something that targets reach out to
    /// (<see cref="BuildHost.StandIns"/>); null: nothing, as ever outside of tests.
    /// </summary>
    T? FindStandIn<T>()
        where T : class;

    /// <summary>Targets named on the command line, or else the default ones.</summary>
    IReadOnlyCollection<ExecutableTarget> InvokedTargets { get; }

    /// <summary>Where the build runs: <c>Host is GitHubActions</c>, <c>Host is Terminal</c>.</summary>
    Host Host { get; }

    /// <summary>Whether a build server runs the build: <c>CI</c> or a variable of a known server is set.</summary>
    bool IsServerBuild { get; }

    /// <summary>Whether a person runs the build.</summary>
    bool IsLocalBuild { get; }

    /// <summary>The targets of the plan in their order, skipped ones too.</summary>
    IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; }

    /// <summary>All targets and parameters of the build, as data.</summary>
    BuildGraph Graph { get; }

    /// <summary>The name of a target of this build; null when it is none.</summary>
    string? NameOf(Target target);

    /// <summary>Targets that have yet to run.</summary>
    IReadOnlyCollection<ExecutableTarget> ScheduledTargets { get; }

    /// <summary>Targets that were left out so far.</summary>
    IReadOnlyCollection<ExecutableTarget> SkippedTargets { get; }

    /// <summary>Targets that have succeeded so far.</summary>
    IReadOnlyCollection<ExecutableTarget> SucceededTargets { get; }

    /// <summary>Targets that have failed so far.</summary>
    IReadOnlyCollection<ExecutableTarget> FailedTargets { get; }

    /// <summary>Whether a target has failed, was cancelled or did not get its turn.</summary>
    bool IsFailing { get; }

    /// <summary>Whether nothing has gone wrong so far.</summary>
    bool IsSucceeding { get; }

    /// <summary>Adds <c>// key: value</c> to the running target's row of the summary.</summary>
    void ReportSummary(string key, string value);

    /// <summary>Writes one JSON document to standard output; with <c>--json</c> it is the only thing there.</summary>
    void WriteDocument(string json);

    /// <summary>Writes a line as it stands, without time or level, where the host prints.</summary>
    void WriteLine(string text);

    /// <summary>
    /// On a terminal, shows a line that the next one replaces; null takes it away. Elsewhere nothing.
    /// </summary>
    void ShowProgress(string? text);

    /// <summary>
    /// What a target would leave behind if the process ended now, until the result is disposed of: shown to somebody
    /// who presses Ctrl-C a second time, while the target still finishes or undoes its work.
    /// </summary>
    /// <param name="describe">Asked at that moment, from any thread; one line or more, null: nothing would be
    /// left.</param>
    IDisposable WhileUnfinished(Func<string?> describe);

    /// <summary>
    /// The parameter's value, or the type's default when nobody gave one: <c>[Parameter] string? Tag => TryGetValue(()
    /// => Tag);</c> Of a <see cref="Tooling.Tool"/>, the program that its <see cref="Tooling.PathVariableAttribute"/>
    /// names. </summary>
    T? TryGetValue<T>(Expression<Func<T>> parameter);

    /// <summary>
    /// The output that belongs to a member: <c>Output&lt;string&gt; Digest => GetOutput&lt;string&gt;();</c>
    /// </summary>
    Output<T> GetOutput<T>([CallerMemberName] string memberName = "");

    /// <summary>Whether the parameter's value was given by command line, environment or file.</summary>
    /// <param name="memberName">The member that carries <see cref="ParameterAttribute"/>: <c>nameof(Tag)</c>.</param>
    bool IsSpecified(string memberName) => SourceOf(memberName) != ParameterSource.Default;

    /// <inheritdoc cref="IsSpecified"/>
    ParameterSource SourceOf(string memberName);

    /// <summary>Has the value printed as <c>***</c> from now on; for secrets that are no parameters.</summary>
    void AddSecret(string value);

    /// <summary>What all that this build prints or records is redacted by.</summary>
    Redactor Redactor { get; }
}
