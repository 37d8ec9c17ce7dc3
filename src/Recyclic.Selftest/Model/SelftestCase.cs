using Recyclic.Deploy.Model;

namespace Recyclic.Selftest.Model;

/// <summary>What is run after the fault: nothing else may be needed to put things right.</summary>
internal enum NextCommand
{
    Deploy,
    Rollback,
}

/// <summary>A point that a scenario passes when nothing strikes it.</summary>
/// <param name="Text">What the record says, for example <c>cut over: all traffic to green</c>; its kind when it says
/// nothing.</param>
internal sealed record ScenarioPoint(Scenario Scenario, FaultPoint Point, string Text);

/// <summary>One cell of the matrix.</summary>
internal sealed record SelftestCase(CaseFault Fault, ScenarioPoint At)
{
    public Scenario Scenario => At.Scenario;

    public FaultPoint Point => At.Point;

    /// <summary>
    /// By the point alone, so that a case is the same when it is run by itself. Before a record and after the record
    /// before it the host is in the same state, so the two sides of a record cover both commands for each state.
    /// </summary>
    public NextCommand Next =>
        Point.Moment == FaultMoment.After
        && Scenario is not (Scenario.First or Scenario.Recovery)
        && Fault != CaseFault.Taken
            ? NextCommand.Rollback
            : NextCommand.Deploy;

    /// <summary>How a person runs this case alone.</summary>
    public string Rerun =>
        $"./build.sh Selftest --scenarios {Names.Kebab(Scenario)} --faults {Names.Kebab(Fault)} --points {Point}";

    public override string ToString() => $"{Names.Kebab(Scenario)} {Names.Kebab(Fault)}@{Point}";
}

/// <summary>Names as they stand on the command line and in the table.</summary>
internal static class Names
{
    public static string Kebab<T>(T value)
        where T : struct, Enum =>
        string.Concat(
            $"{value}".Select(
                (letter, at) =>
                    char.IsUpper(letter) && at > 0
                        ? $"-{char.ToLowerInvariant(letter)}"
                        : $"{char.ToLowerInvariant(letter)}"
            )
        );

    /// <summary>Null when there is no such name.</summary>
    public static T? Find<T>(string name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Kebab(value) == name)
                return value;
        return null;
    }
}
