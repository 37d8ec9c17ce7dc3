using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>What befalls a deployer.</summary>
public enum FaultKind
{
    /// <summary>SIGKILL: it ends at once and cleans nothing up.</summary>
    Kill,

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    Interrupt,

    /// <summary>SIGTERM, as a build server sends it.</summary>
    Terminate,

    /// <summary>SIGINT, and a second one: it says what would be left, and undoes all the same.</summary>
    InterruptTwice,

    /// <summary>SIGSTOP, and SIGCONT some time later.</summary>
    Freeze,

    /// <summary>The record cannot be written, or its answer is lost.</summary>
    Fail,
}

/// <summary>
/// A fault that a command inflicts on itself, to prove that it is survived. For tests: see <c>Selftest</c>.
/// </summary>
/// <param name="FrozenFor">How long <see cref="FaultKind.Freeze"/> lasts; zero with any other kind.</param>
public sealed record Fault(FaultKind Kind, TimeSpan FrozenFor, FaultPoint Point)
{
    /// <summary>
    /// The environment variable that asks for a fault; unset or empty: none. On a real host it is obeyed only together
    /// with a <see cref="Adapters.Faults.FaultPass"/>.
    /// </summary>
    public const string Variable = "RECYCLIC_FAULT_AT";

    private const int LongestFreezeSeconds = 3600;

    /// <summary>What a fault is called in text, a freeze without its duration.</summary>
    public static string NameOf(FaultKind kind) =>
        kind == FaultKind.InterruptTwice ? "interrupt-twice" : $"{kind}".ToLowerInvariant();

    /// <summary>Reads <c>kill@before:StepBegun:3</c>, <c>freeze:5@after:Commit:1</c>; null for no text.</summary>
    /// <exception cref="ConfigurationException">The text is no fault.</exception>
    public static Fault? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.Split('@') is not [var what, var where])
            throw Refused(text);
        var point = FaultPoint.TryParse(where) ?? throw Refused(text);
        var words = what.Split(':');
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            if (words[0] != NameOf(kind))
                continue;
            if (kind != FaultKind.Freeze)
                return words.Length == 1 ? new Fault(kind, TimeSpan.Zero, point) : throw Refused(text);
            if (
                words.Length == 2
                && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 1 and <= LongestFreezeSeconds
            )
                return new Fault(kind, TimeSpan.FromSeconds(seconds), point);
        }
        throw Refused(text);
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        $"{NameOf(Kind)}{(Kind == FaultKind.Freeze ? FormattableString.Invariant($":{FrozenFor.TotalSeconds:0}") : "")}@{Point}";

    private static ConfigurationException Refused(string text) =>
        new(
            Variable,
            $"'{text}' is no fault",
            "Unset it for a deploy that matters. For a test write <fault>@<before|after>:<record>:<number>, for example kill@before:StepBegun:3.\n"
                + $"Faults: {string.Join(", ", Enum.GetValues<FaultKind>().Select(kind => kind == FaultKind.Freeze ? "freeze:<seconds>" : NameOf(kind)))}. Records: {string.Join(", ", Enum.GetNames<JournalKind>())}."
        );
}
