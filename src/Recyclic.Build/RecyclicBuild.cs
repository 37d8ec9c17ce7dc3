using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Recyclic.Build.Adapters;
using Recyclic.Build.Definition;
using Recyclic.Build.Parameters;
using Recyclic.Build.Running;
using Recyclic.Build.Tooling;
using Recyclic.Processes;

namespace Recyclic.Build;

/// <summary>The base of a build class: <c>public static int Main() => Execute&lt;Build&gt;(x => x.Test);</c></summary>
public abstract partial class RecyclicBuild : IRecyclicBuild
{
    private readonly BuildSession _session = BuildSession.Current;
    private readonly OutputCatalog _outputs;

    /// <summary>To be called inside <c>Execute</c> and <c>RunAsync</c> only, which know the parameters.</summary>
    protected RecyclicBuild() =>
        _outputs = new(
            name => _session.Progress.Runs.FirstOrDefault(run => run.Target.Name == name)?.Status,
            variable => _session.Host.Environment.GetValueOrDefault(variable) is { Length: > 0 } text ? text : null
        );

    /// <inheritdoc cref="IRecyclicBuild.RootDirectory"/>
    public static AbsolutePath RootDirectory => BuildSession.Current.RootDirectory;

    /// <inheritdoc cref="IRecyclicBuild.TemporaryDirectory"/>
    public static AbsolutePath TemporaryDirectory => RootDirectory / ".nuke" / "temp";

    /// <inheritdoc/>
    public AbsolutePath WorkingDirectory => _session.Host.WorkingDirectory;

    /// <inheritdoc/>
    public bool DryRun => _session.Options.DryRun;

    /// <inheritdoc/>
    public bool Json => _session.Options.Json;

    /// <inheritdoc/>
    public Verbosity Verbosity => _session.Options.Verbosity;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> EnvironmentVariables => _session.Host.Environment;

    /// <inheritdoc/>
    public IReadOnlySet<string> SecretVariables => _session.SecretVariables;

    /// <inheritdoc/>
    public ICommandRunner CommandRunner => _session.CommandRunner;

    /// <inheritdoc/>
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => _session.Progress.Invoked;

    /// <inheritdoc/>
    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => _session.Progress.With(ExecutionStatus.Scheduled);

    /// <inheritdoc/>
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => _session.Progress.With(ExecutionStatus.Skipped);

    /// <inheritdoc/>
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => _session.Progress.With(ExecutionStatus.Succeeded);

    /// <inheritdoc/>
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => _session.Progress.With(ExecutionStatus.Failed);

    /// <inheritdoc/>
    public BuildGraph Graph => _session.Graph;

    /// <inheritdoc/>
    public bool IsFailing => _session.Progress.IsFailing;

    /// <inheritdoc/>
    public bool IsSucceeding => !IsFailing;

    AbsolutePath IRecyclicBuild.RootDirectory => _session.RootDirectory;
    AbsolutePath IRecyclicBuild.TemporaryDirectory => _session.RootDirectory / ".nuke" / "temp";

    /// <summary>
    /// Runs a build without touching the process: no console, no environment, no signals.
    /// </summary>
    /// <returns>The exit code: 0 done, 1 a target failed, 2 misuse, 130 cancelled, or what a
    /// <see cref="TargetFailedException"/> says.</returns>
    public static Task<int> RunAsync<T>(
        IReadOnlyList<string> arguments,
        BuildHost host,
        CancellationToken cancellationToken,
        params Expression<Func<T, Target>>[] defaults
    )
        where T : RecyclicBuild, new() =>
        new BuildEntry(typeof(T), static () => new T(), host).RunAsync(arguments, NamesOf(defaults), cancellationToken);

    /// <inheritdoc/>
    public string? NameOf(Target target) => _session.TargetNames.GetValueOrDefault(target);

    /// <inheritdoc/>
    public void ReportSummary(string key, string value) => _session.Progress.Report(key, value);

    /// <inheritdoc/>
    public void WriteDocument(string json) => _session.Output.Document(json);

    /// <inheritdoc/>
    public void WriteLine(string text) => _session.Output.Line(text);

    /// <inheritdoc/>
    public void ShowProgress(string? text) => _session.Output.Progress(text);

    /// <inheritdoc/>
    public IDisposable WhileUnfinished(Func<string?> describe) => _session.Unfinished.While(describe);

    /// <inheritdoc/>
    public T? TryGetValue<T>(Expression<Func<T>> parameter) =>
        typeof(T) == typeof(Tool) ? (T?)(object?)ToolInjection.Find(Members.Of(parameter), _session)
        : _session.Injected.Count > 0 && ValueInjection.Find(_session, Members.Of(parameter)) is T made ? made
        : _session.Values.Of(Members.Of(parameter)) is T value ? value
        : default;

    /// <inheritdoc/>
    public Output<T> GetOutput<T>([CallerMemberName] string memberName = "") => _outputs.Get<T>(memberName);

    /// <inheritdoc/>
    public bool IsSpecified(string memberName) => SourceOf(memberName) != ParameterSource.Default;

    /// <inheritdoc/>
    public ParameterSource SourceOf(string memberName) => _session.Values.SourceOf(memberName);

    /// <inheritdoc/>
    public void AddSecret(string value) => _session.Output.Redactor.Add(value);

    /// <inheritdoc/>
    public Redactor Redactor => _session.Output.Redactor;

    T? IRecyclicBuild.FindStandIn<T>()
        where T : class => _session.Host.StandIns.OfType<T>().FirstOrDefault();

    /// <summary>Runs the build with the process's arguments, environment, console and signals.</summary>
    /// <param name="defaults">The targets that run when none is named.</param>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaults)
        where T : RecyclicBuild, new() =>
        ProcessHost.Execute(
            (arguments, host, cancellationToken) => RunAsync(arguments, host, cancellationToken, defaults)
        );

    /// <summary>
    /// Runs a build that is a command of its own, in the directory of whoever calls it: where it is installed there is no
    /// root, and no report is left.
    /// </summary>
    private protected static int ExecuteTool<T>(string command, params Expression<Func<T, Target>>[] defaults)
        where T : RecyclicBuild, new() =>
        ProcessHost.Execute(
            (arguments, host, cancellationToken) =>
                RunAsync(
                    arguments,
                    host with
                    {
                        Output = new CommandNameWriter(host.Output, command),
                        Error = new CommandNameWriter(host.Error, command),
                        RootDirectory = host.WorkingDirectory,
                        KeepsSchema = false,
                        KeepsReports = false,
                    },
                    cancellationToken,
                    defaults
                )
        );

    private static ImmutableArray<string> NamesOf<T>(Expression<Func<T, Target>>[] defaults) =>
        [.. defaults.Select(d => Members.NameOf(d))];
}
