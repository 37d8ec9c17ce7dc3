using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Selftest.Model;

/// <summary>So many cases at random, the same for the same seed.</summary>
internal sealed record Sample(int Size, int Seed);

/// <summary>Which cases are wanted. Empty: all.</summary>
internal sealed record Selection(
    ImmutableArray<Scenario> Scenarios,
    ImmutableArray<CaseFault> Faults,
    ImmutableArray<FaultPoint> Points,
    bool Quick
)
{
    public static Selection All { get; } = new([], [], [], false);

    /// <summary>Of the cases that are wanted only these; null: all of them.</summary>
    public Sample? Sample { get; init; }

    /// <exception cref="ConfigurationException">A name is unknown; all mistakes at once.</exception>
    public static Selection Parse(
        IEnumerable<string> scenarios,
        IEnumerable<string> faults,
        IEnumerable<string> points,
        bool quick
    )
    {
        var problems = new List<ConfigurationProblem>();
        var selection = new Selection(
            Read<Scenario>(
                scenarios,
                Named<Scenario>,
                "--scenarios",
                $"Use: {string.Join(", ", Enum.GetValues<Scenario>().Select(Names.Kebab))}.",
                problems
            ),
            Read<CaseFault>(
                faults,
                Named<CaseFault>,
                "--faults",
                $"Use: {string.Join(", ", Enum.GetValues<CaseFault>().Select(Names.Kebab))}.",
                problems
            ),
            Read<FaultPoint>(
                points,
                text => FaultPoint.TryParse(text) is { } point ? [point] : [],
                "--points",
                $"Write <before|after>:<record>:<number>, for example before:Commit:1. Records: {string.Join(", ", Enum.GetNames<JournalKind>())}.",
                problems
            ),
            quick
        );
        return problems.Count == 0 ? selection : throw new ConfigurationException([.. problems]);
    }

    /// <param name="find">Gives nothing for a text that is unknown.</param>
    private static ImmutableArray<T> Read<T>(
        IEnumerable<string> texts,
        Func<string, T[]> find,
        string option,
        string mend,
        List<ConfigurationProblem> problems
    )
    {
        var found = ImmutableArray.CreateBuilder<T>();
        foreach (var text in Items(texts))
        {
            var values = find(text);
            if (values.Length == 0)
                problems.Add(new(option, $"'{text}' is unknown", mend));
            found.AddRange(values);
        }
        return found.ToImmutable();
    }

    private static T[] Named<T>(string text)
        where T : struct, Enum => Names.Find<T>(text) is { } value ? [value] : [];

    /// <summary>Several values may stand in one text, with commas between them.</summary>
    private static IEnumerable<string> Items(IEnumerable<string> texts) =>
        texts.SelectMany(text =>
            text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
}

/// <summary>Pure: the cases that there are.</summary>
internal static class Matrix
{
    /// <summary>The faults that every scenario is struck by.</summary>
    public static ImmutableArray<CaseFault> Everywhere { get; } =
    [CaseFault.Kill, CaseFault.Interrupt, CaseFault.FreezeLong, CaseFault.Fail];

    private static readonly (
        Scenario Scenario,
        CaseFault Fault,
        FaultMoment Moment,
        JournalKind Kind,
        string Text
    )[] Quick =
    [
        (Scenario.Upgrade, CaseFault.Kill, FaultMoment.After, JournalKind.StepBegun, "gate"),
        (Scenario.Upgrade, CaseFault.Kill, FaultMoment.After, JournalKind.StepBegun, "hand over"),
        (Scenario.Upgrade, CaseFault.Kill, FaultMoment.Before, JournalKind.StepEnded, "cut over"),
        (Scenario.Upgrade, CaseFault.Kill, FaultMoment.After, JournalKind.Commit, ""),
        (Scenario.Upgrade, CaseFault.Interrupt, FaultMoment.Before, JournalKind.StepBegun, "commit"),
        (Scenario.Upgrade, CaseFault.Freeze, FaultMoment.After, JournalKind.StepBegun, "cut over"),
        (Scenario.Upgrade, CaseFault.Fail, FaultMoment.After, JournalKind.Commit, ""),
        (Scenario.Upgrade, CaseFault.Taken, FaultMoment.Before, JournalKind.StepBegun, "cut over"),
        (Scenario.RollbackStopped, CaseFault.Kill, FaultMoment.After, JournalKind.StepBegun, "cut over"),
        (Scenario.RollbackStopped, CaseFault.Interrupt, FaultMoment.After, JournalKind.StepBegun, "hand over"),
        (Scenario.Broken, CaseFault.Kill, FaultMoment.Before, JournalKind.UndoBegun, ""),
        (Scenario.First, CaseFault.Kill, FaultMoment.After, JournalKind.StepBegun, "gate"),
        (Scenario.Recovery, CaseFault.Kill, FaultMoment.After, JournalKind.Commit, ""),
        (Scenario.OneOff, CaseFault.Kill, FaultMoment.After, JournalKind.StepBegun, "run migrate"),
        (Scenario.StopFirst, CaseFault.Kill, FaultMoment.After, JournalKind.StepBegun, "hand over"),
        (Scenario.StopFirst, CaseFault.Interrupt, FaultMoment.Before, JournalKind.StepBegun, "commit"),
        (Scenario.Door, CaseFault.Kill, FaultMoment.After, JournalKind.StepBegun, "cut over"),
        (Scenario.Door, CaseFault.Fail, FaultMoment.After, JournalKind.Commit, ""),
    ];

    /// <summary>
    /// The scenarios whose points have to be found for a selection, in the order in which they are run.
    /// </summary>
    public static ImmutableArray<Scenario> Scenarios(Selection selection) =>
        [
            .. Enum.GetValues<Scenario>()
                .Where(scenario => selection.Scenarios.IsEmpty || selection.Scenarios.Contains(scenario))
                .Where(scenario => !selection.Quick || Quick.Any(pick => pick.Scenario == scenario)),
        ];

    /// <summary>The cases of a selection, those of one scenario together.</summary>
    public static ImmutableArray<SelftestCase> Of(IReadOnlyCollection<ScenarioPoint> points, Selection selection)
    {
        var all = selection.Quick
            ? Quick
                .Select(pick =>
                    points.FirstOrDefault(point => IsPicked(pick, point)) is { } at
                        ? new SelftestCase(pick.Fault, at)
                        : null
                )
                .OfType<SelftestCase>()
            : from point in points
            from fault in selection.Faults.IsEmpty ? FaultsOf(point) : Enum.GetValues<CaseFault>()
            select new SelftestCase(fault, point);
        SelftestCase[] wanted =
        [
            .. all.Where(one => selection.Scenarios.IsEmpty || selection.Scenarios.Contains(one.Scenario))
                .Where(one => selection.Faults.IsEmpty || selection.Faults.Contains(one.Fault))
                .Where(one => selection.Points.IsEmpty || selection.Points.Contains(one.Point)),
        ];
        return [.. selection.Sample is { } sample ? Drawn(wanted, sample) : wanted];
    }

    /// <summary>The points of a scenario, by the journal that it wrote when nothing struck it.</summary>
    public static ImmutableArray<ScenarioPoint> PointsOf(Scenario scenario, IReadOnlyList<JournalRecord> written)
    {
        var points = FaultPoint.Of(written.Select(record => record.Kind));
        var begun = written
            .Where(record => record.Kind == JournalKind.StepBegun)
            .ToDictionary(record => record.Number ?? 0, record => record.Step ?? "");
        return [.. points.Select((point, at) => new ScenarioPoint(scenario, point, TextOf(written[at / 2], begun)))];
    }

    /// <summary>In the order in which they were: what one scenario begins with is then reached once.</summary>
    private static IEnumerable<SelftestCase> Drawn(SelftestCase[] cases, Sample sample)
    {
        var numbers = Enumerable.Range(0, cases.Length).ToArray();
        new Random(sample.Seed).Shuffle(numbers);
        return numbers.Take(sample.Size).Order().Select(number => cases[number]);
    }

    private static string TextOf(JournalRecord record, Dictionary<int, string> begun) =>
        record.Step
        ?? (record.Number is { } number ? begun.GetValueOrDefault(number) : null)
        ?? $"{record.Kind}".ToLowerInvariant();

    /// <summary>What is not in the way of each scenario's own undo is struck in the plainest of them alone.</summary>
    private static IEnumerable<CaseFault> FaultsOf(ScenarioPoint point) =>
        [
            .. Everywhere,
            .. point.Scenario == Scenario.Upgrade
                ? new[] { CaseFault.Freeze, CaseFault.Terminate, CaseFault.InterruptTwice, CaseFault.Taken }
                : [],
        ];

    private static bool IsPicked(
        (Scenario Scenario, CaseFault Fault, FaultMoment Moment, JournalKind Kind, string Text) pick,
        ScenarioPoint point
    ) =>
        point.Scenario == pick.Scenario
        && point.Point.Moment == pick.Moment
        && point.Point.Kind == pick.Kind
        && point.Text.Contains(pick.Text, StringComparison.Ordinal);
}
