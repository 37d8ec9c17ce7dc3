using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Build.Adapters;
using Recyclic.Build.Output;
using Recyclic.Build.Parameters;
using Recyclic.Processes;

namespace Recyclic.Build.Running;

/// <summary>
/// One run of one build: what its members and <c>Log</c> refer to. Flows with async calls, so runs do not see each
/// other.
/// </summary>
internal sealed class BuildSession(
    BuildHost host,
    BuildOutput output,
    HostOptions options,
    ParameterValues values,
    AbsolutePath rootDirectory
)
{
    private static readonly AsyncLocal<BuildSession?> Ambient = new();
    private static readonly Lazy<ICommandRunner> RealRunner = new(static () => new ProcessCommandRunner());
    private static BuildSession? _latest;

    public static BuildSession Current =>
        Ambient.Value ?? throw new InvalidOperationException("a build class lives inside Execute or RunAsync only");

    /// <summary>The session of this call, or for a thread of its own the last one that was started.</summary>
    public static BuildSession? Latest => Ambient.Value ?? _latest;

    public BuildHost Host { get; } = host;
    public BuildOutput Output { get; } = output;
    public HostOptions Options { get; } = options;
    public ParameterValues Values { get; } = values;
    public AbsolutePath RootDirectory { get; } = rootDirectory;
    public BuildProgress Progress { get; } = new();

    /// <summary>The variables of the environment that hold a secret, or say which file does.</summary>
    public ImmutableHashSet<string> SecretVariables { get; init; } = [];

    /// <summary>Empty until the definitions have been read.</summary>
    public BuildGraph Graph { get; set; } = new([], []);

    /// <inheritdoc cref="Graph"/>
    public IReadOnlyDictionary<Target, string> TargetNames { get; set; } = new Dictionary<Target, string>();

    /// <summary>Made when it is first asked for: most starts run no program.</summary>
    public ICommandRunner CommandRunner =>
        Options.DryRun ? new DryRunCommandRunner(RunnerOfHost, text => Output.Line(text)) : RunnerOfHost;

    /// <summary>To be called when the process ends while the run goes on: sums up what is known, once.</summary>
    public Action<string>? EndEarly { get; set; }

    /// <summary>Changes whenever the definition of the build may have changed.</summary>
    public string DefinitionMark { get; set; } = "";

    /// <summary>Null until the targets run.</summary>
    public TargetEvents? Events { get; set; }

    /// <summary>What attributes have made for members of the build and its components.</summary>
    public Dictionary<MemberInfo, object?> Injected { get; } = [];

    /// <summary>What targets would leave if the process ended now.</summary>
    public Unfinished Unfinished { get; } = new();

    /// <summary>Whether a target was left behind and may still be at work.</summary>
    public bool HasAbandoned { get; set; }

    private ICommandRunner RunnerOfHost =>
        new TallyingRunner(new WithholdingRunner(Host.CommandRunner ?? RealRunner.Value, SecretVariables));

    public bool HasProgram(string name) =>
        Host.HasProgram?.Invoke(name) ?? ProgramFinder.Exists(name, Host.Environment);

    public void Begin()
    {
        _latest = Ambient.Value = this;
        Host.OnBegin?.Invoke(this);
    }
}
