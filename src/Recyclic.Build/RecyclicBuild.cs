using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Recyclic.Build.Adapters;
using Recyclic.Build.Definition;
using Recyclic.Build.Running;
using Recyclic.Build.Tooling;
using Recyclic.Processes;

namespace Recyclic.Build;

/// <summary>The base of a build class: <c>public static int Main() => Execute&lt;Build&gt;(x => x.Test);</c></summary>
public abstract partial class RecyclicBuild : IRecyclicBuild
{
    private readonly BuildSession _session = BuildSession.Current;
    private readonly OutputCatalog _outputs;

    protected RecyclicBuild() => _outputs = new(
        name => _session.Progress.Runs.FirstOrDefault(run => run.Target.Name == name)?.Status,
        variable => _session.Host.Environment.GetValueOrDefault(variable) is { Length: > 0 } text ? text : null);

    /// <inheritdoc cref="IRecyclicBuild.RootDirectory"/>
    public static AbsolutePath RootDirectory => BuildSession.Current.RootDirectory;

    /// <inheritdoc cref="IRecyclicBuild.TemporaryDirectory"/>
    public static AbsolutePath TemporaryDirectory => RootDirectory / ".nuke" / "temp";

    public AbsolutePath WorkingDirectory => _session.Host.WorkingDirectory;
    public bool DryRun => _session.Options.DryRun;
    public bool Json => _session.Options.Json;
    public Verbosity Verbosity => _session.Options.Verbosity;
    public IReadOnlyDictionary<string, string> EnvironmentVariables => _session.Host.Environment;
    public ICommandRunner CommandRunner => _session.CommandRunner;
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => _session.Progress.Invoked;
    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => _session.Progress.With(ExecutionStatus.Scheduled);
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => _session.Progress.With(ExecutionStatus.Skipped);
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => _session.Progress.With(ExecutionStatus.Succeeded);
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => _session.Progress.With(ExecutionStatus.Failed);
    public BuildGraph Graph => _session.Graph;
    public bool IsFailing => _session.Progress.IsFailing;
    public bool IsSucceeding => !IsFailing;

    AbsolutePath IRecyclicBuild.RootDirectory => _session.RootDirectory;
    AbsolutePath IRecyclicBuild.TemporaryDirectory => _session.RootDirectory / ".nuke" / "temp";

    /// <summary>
    /// Runs a build without touching the process: no console, no environment, no signals.
    /// </summary>
    /// <returns>The exit code: 0 done, 1 a target failed, 2 misuse, 130 cancelled, or what a <see cref="TargetFailedException"/> says.</returns>
    public static Task<int> RunAsync<T>(IReadOnlyList<string> arguments, BuildHost host, CancellationToken cancellationToken, params Expression<Func<T, Target>>[] defaults)
        where T : RecyclicBuild, new() =>
        new BuildEntry(typeof(T), static () => new T(), host).RunAsync(arguments, NamesOf(defaults), cancellationToken);

    public string? NameOf(Target target) => _session.TargetNames.GetValueOrDefault(target);

    public void ReportSummary(string key, string value) => _session.Progress.Report(key, value);

    public void WriteDocument(string json) => _session.Output.Document(json);

    public void WriteLine(string text) => _session.Output.Line(text);

    public void ShowProgress(string? text) => _session.Output.Progress(text);

    public IDisposable WhileUnfinished(Func<string?> describe) => _session.Unfinished.While(describe);

    public T? TryGetValue<T>(Expression<Func<T>> parameter) =>
        typeof(T) == typeof(Tool) ? (T?)(object?)ToolInjection.Find(Members.Of(parameter), _session)
        : _session.Values.Of(Members.Of(parameter)) is T value ? value
        : default;

    public Output<T> GetOutput<T>([CallerMemberName] string memberName = "") => _outputs.Get<T>(memberName);

    public bool IsSpecified(string memberName) => SourceOf(memberName) != ParameterSource.Default;

    public ParameterSource SourceOf(string memberName) => _session.Values.SourceOf(memberName);

    public void AddSecret(string value) => _session.Output.Redactor.Add(value);

    /// <summary>Runs the build with the process's arguments, environment, console and signals.</summary>
    /// <param name="defaults">The targets that run when none is named.</param>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaults) where T : RecyclicBuild, new() =>
        ProcessHost.Execute((arguments, host, cancellationToken) => RunAsync(arguments, host, cancellationToken, defaults));

    /// <summary>Called when the build class exists and has its parameters.</summary>
    protected internal virtual void OnBuildCreated()
    {
    }

    /// <summary>Called when it is known what will run.</summary>
    protected internal virtual void OnBuildInitialized()
    {
    }

    /// <summary>Called last of all, after the summary.</summary>
    protected internal virtual void OnBuildFinished()
    {
    }

    private static ImmutableArray<string> NamesOf<T>(Expression<Func<T, Target>>[] defaults) => [.. defaults.Select(d => Members.NameOf(d))];
}
