namespace Recyclic.Selftest.Model;

/// <summary>Pure: how long cases take, roughly, for a person who decides whether to wait.</summary>
internal static class Estimate
{
    /// <summary>Images and the search for the points.</summary>
    private static readonly TimeSpan Preparation = TimeSpan.FromSeconds(15);

    /// <summary>
    /// By what is scarcer: lanes, in which a case mostly waits, or processors, which its deploys keep busy.
    /// </summary>
    /// <param name="lanes">How many cases run side by side.</param>
    /// <param name="processors">How many processors the machine has.</param>
    public static TimeSpan Of(IReadOnlyCollection<SelftestCase> cases, int lanes, int processors)
    {
        var (waits, works) = (cases.Sum(SecondsOf) / lanes, cases.Sum(ProcessorSecondsOf) / processors);
        return TimeSpan.FromSeconds(Math.Max(waits, works));
    }

    /// <summary>Before the points are known.</summary>
    public static TimeSpan OfPreparation(int scenarios) => Preparation + scenarios * TimeSpan.FromSeconds(8);

    public static string Text(TimeSpan time) =>
        time < TimeSpan.FromMinutes(2) ? $"{time.TotalSeconds:0} s"
        : time < TimeSpan.FromHours(2) ? $"{time.TotalMinutes:0} min"
        : $"{time.TotalHours:0.0} h";

    private static double SecondsOf(SelftestCase one) =>
        8
        + (
            one.Scenario == Scenario.Sickening ? 7
            : one.Scenario is Scenario.Broken or Scenario.Recovery ? 4
            : 0
        )
        + (
            one.Fault switch
            {
                CaseFault.Freeze => 2,
                CaseFault.FreezeLong => 35,
                CaseFault.Taken => 4,
                _ => 0,
            }
        );

    private static double ProcessorSecondsOf(SelftestCase one) =>
        13
        + (
            one.Fault switch
            {
                CaseFault.FreezeLong or CaseFault.Taken => 4,
                _ => 0,
            }
        );
}
