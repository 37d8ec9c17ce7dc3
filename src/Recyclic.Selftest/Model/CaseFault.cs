using Recyclic.Deploy.Model;

namespace Recyclic.Selftest.Model;

/// <summary>What befalls the deployer in a case.</summary>
internal enum CaseFault
{
    Kill,
    Interrupt,
    Freeze,
    Fail,
    Terminate,
    InterruptTwice,

    /// <summary>Frozen for longer than the lock's agent, or a health gate, is waited for.</summary>
    FreezeLong,

    /// <summary>Frozen, and continued when the lock has been taken away and another deploy is through.</summary>
    Taken,
}

/// <summary>What a fault means for the command that is struck.</summary>
internal static class CaseFaults
{
    /// <summary>How long a frozen deployer stays so.</summary>
    public static readonly TimeSpan FrozenBriefly = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Longer than <see cref="DeployTimeout"/> and than the 30 s for which an answer of the host is waited for.
    /// </summary>
    public static readonly TimeSpan FrozenPastDeadlines = TimeSpan.FromSeconds(35);

    /// <summary>As an upper bound: who is taken from is continued by the tester, much earlier.</summary>
    public static readonly TimeSpan WhileTaken = TimeSpan.FromSeconds(300);

    /// <summary>The health gate's deadline in all cases.</summary>
    public static readonly TimeSpan DeployTimeout = TimeSpan.FromSeconds(30);

    /// <summary>What the deployer is told by <see cref="Fault.Variable"/>.</summary>
    public static Fault At(this CaseFault fault, FaultPoint point) =>
        fault switch
        {
            CaseFault.Kill => new Fault(FaultKind.Kill, TimeSpan.Zero, point),
            CaseFault.Interrupt => new Fault(FaultKind.Interrupt, TimeSpan.Zero, point),
            CaseFault.Terminate => new Fault(FaultKind.Terminate, TimeSpan.Zero, point),
            CaseFault.InterruptTwice => new Fault(FaultKind.InterruptTwice, TimeSpan.Zero, point),
            CaseFault.Fail => new Fault(FaultKind.Fail, TimeSpan.Zero, point),
            CaseFault.Freeze => new Fault(FaultKind.Freeze, FrozenBriefly, point),
            CaseFault.FreezeLong => new Fault(FaultKind.Freeze, FrozenPastDeadlines, point),
            CaseFault.Taken => new Fault(FaultKind.Freeze, WhileTaken, point),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };

    /// <summary>
    /// How the struck command may end. 3 (a person is needed) only when it has lost the lock, and then it may touch
    /// nothing; 2 and 4 never, since it was valid and alone.
    /// </summary>
    public static IReadOnlySet<int> ExitCodes(this CaseFault fault) =>
        fault switch
        {
            CaseFault.Kill => new HashSet<int> { 137 },
            // The second says what would be left, and the deploy is undone all the same.
            CaseFault.Interrupt or CaseFault.InterruptTwice => new HashSet<int> { 0, 1, 130 },
            CaseFault.Terminate => new HashSet<int> { 0, 1, 130, 143 },
            CaseFault.Freeze or CaseFault.Fail => new HashSet<int> { 0, 1 },
            CaseFault.FreezeLong => new HashSet<int> { 0, 1, 3 },
            CaseFault.Taken => new HashSet<int> { 0, 1, 3 },
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
}
