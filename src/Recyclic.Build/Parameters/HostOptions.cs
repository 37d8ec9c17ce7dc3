using System.Collections.Immutable;
using Recyclic.Build.Planning;

namespace Recyclic.Build.Parameters;

/// <summary>The options that every build has.</summary>
internal sealed record HostOptions
{
    public static readonly ImmutableArray<ParameterModel> Parameters =
    [
        Option<string[]>(nameof(Target), "Targets to run, as without the option", commandLineOnly: true) with
        {
            Separator = "+",
        },
        Option<string[]>(nameof(Skip), "Targets to skip; alone: all that are not named", commandLineOnly: true) with
        {
            Separator = "+",
        },
        Option<PlanFormat?>(nameof(Plan), "Print what would run, and run nothing", commandLineOnly: true) with
        {
            ValueWhenAlone = "text",
        },
        Option<int>(
            nameof(Parallel),
            "Run independent targets side by side, at most so many; alone: as many as there are processors"
        ) with
        {
            ValueWhenAlone = "0",
        },
        Option<bool>(
            nameof(Continue),
            "Go on after the failure of the last run: skip what it did",
            commandLineOnly: true
        ),
        Option<bool>(nameof(DryRun), "Targets say what they would do, and change nothing"),
        Option<bool>(nameof(Json), "Standard output is one JSON document; the rest goes to standard error"),
        Option<string[]>(nameof(Profile), "Read .nuke/parameters.<profile>.json too; later ones win"),
        Option<AbsolutePath>(nameof(Root), "The root directory; default: the one that holds .nuke"),
        Option<Verbosity>(nameof(Verbosity), "How much to print; default: normal"),
        Option<LogFormat>(nameof(Log), "How to print: text, or one JSON object a line; default: text"),
        Option<TimeSpan>(
            nameof(CancelTimeout),
            "How long a cancelled target may take to undo its work before it is left behind; default: 600"
        ),
        Option<bool>(nameof(NoLogo), "Leave out the first line"),
        Option<bool>(nameof(Version), "Print the version", commandLineOnly: true),
        Option<bool>(nameof(Help), "Print this help", commandLineOnly: true),
    ];

    public bool Help { get; init; }
    public bool Version { get; init; }

    /// <summary>Null when not given.</summary>
    public PlanFormat? Plan { get; init; }
    public bool DryRun { get; init; }
    public bool Continue { get; init; }
    public LogFormat Log { get; init; }
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Null when not given, 0 when given without a number.</summary>
    public int? Parallel { get; init; }

    /// <summary>How many targets may run side by side.</summary>
    public int Degree { get; init; } = 1;
    public bool Json { get; init; }
    public bool NoLogo { get; init; }
    public Verbosity Verbosity { get; init; } = Verbosity.Normal;
    public AbsolutePath? Root { get; init; }
    public string[] Profile { get; init; } = [];
    public string[] Target { get; init; } = [];

    /// <summary>Null when not given, empty when given without names.</summary>
    public string[]? Skip { get; init; }

    public static HostOptions Of(ParameterValues values) =>
        new()
        {
            Help = values.Flag(nameof(Help)),
            Version = values.Find(nameof(Version)) is true && values.IsHostOption(nameof(Version)),
            Plan = values.Find(nameof(Plan)) as PlanFormat?,
            DryRun = values.Flag(nameof(DryRun)),
            Continue = values.Flag(nameof(Continue)) && values.IsHostOption(nameof(Continue)),
            Log = values.Find(nameof(Log)) as LogFormat? ?? LogFormat.Text,
            CancelTimeout = values.Find(nameof(CancelTimeout)) as TimeSpan? ?? TimeSpan.FromMinutes(10),
            Parallel = values.Find(nameof(Parallel)) as int?,
            Json = values.Flag(nameof(Json)),
            NoLogo = values.Flag(nameof(NoLogo)),
            Verbosity = values.Find(nameof(Verbosity)) as Verbosity? ?? Verbosity.Normal,
            Root = values.Find(nameof(Root)) as AbsolutePath,
            Profile = values.Find(nameof(Profile)) as string[] ?? [],
            Target = values.Find(nameof(Target)) as string[] ?? [],
            Skip = values.Find(nameof(Skip)) as string[],
        };

    /// <summary>What is wrong with the options that were given.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Parallel < 0)
            yield return $"--parallel: {Parallel} is not a number of targets; give 1 or more, or none for the number of processors";
        if (CancelTimeout > TimeSpan.FromDays(40))
            yield return "--cancel-timeout: at most 40 days";
    }

    private static ParameterModel Option<T>(string memberName, string description, bool commandLineOnly = false) =>
        new(ParameterNames.Kebab(memberName), memberName, typeof(T))
        {
            Description = description,
            IsCommandLineOnly = commandLineOnly,
        };
}
