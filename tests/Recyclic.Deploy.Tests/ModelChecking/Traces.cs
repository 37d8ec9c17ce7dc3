using FsCheck;
using FsCheck.Fluent;

namespace Recyclic.Deploy.Tests.ModelChecking;

/// <summary>Random courses of events, and smaller ones to look for when one fails.</summary>
internal static class Traces
{
    /// <summary>Calls of a deploy, roughly; a fault later than a command's last call does not meet it.</summary>
    private const int Calls = 100;

    public static Arbitrary<Trace> Of(int shortest, int longest) =>
        Arb.From(
            Gen.Choose(shortest, longest)
                .SelectMany(length => Gen.ListOf(Happenings(), length))
                .Select(list => new Trace([.. list])),
            Smaller
        );

    private static Gen<Happening> Happenings() =>
        Gen.Frequency<Happening>(
            (6, Commands().Select(Happening (does) => does)),
            (5, Commands().SelectMany(does => Faults().Select(Happening (fault) => does with { Fault = fault }))),
            (3, Damages().Select(Happening (damage) => damage))
        );

    private static Gen<Does> Commands() =>
        Gen.Frequency(
            (
                8,
                Gen.Elements(Tags.Good)
                    .SelectMany(tag =>
                        Gen.Elements(false, false, false, true).Select(warm => new Does(Verb.Deploy, tag, warm))
                    )
                    .SelectMany(does => Gen.Elements(false, true).Select(canary => does with { Canary = canary }))
            ),
            (
                4,
                Gen.Elements(Tags.Broken)
                    .SelectMany(tag =>
                        Gen.Elements(false, true).Select(canary => new Does(Verb.Deploy, tag) { Canary = canary })
                    )
            ),
            (4, Gen.Elements(null, null, "g1", "g2", "s1").Select(tag => new Does(Verb.Rollback, tag))),
            (1, Gen.Constant(new Does(Verb.Retire))),
            (1, Gen.Constant(new Does(Verb.Recover))),
            (1, Gen.Constant(new Does(Verb.Promote))),
            (1, Gen.Constant(new Does(Verb.Abort))),
            (1, Gen.Constant(new Does(Verb.Status)))
        );

    private static Gen<Fault> Faults() =>
        from kind in Gen.Frequency(
            (4, Gen.Constant(FaultKind.Killed)),
            (2, Gen.Constant(FaultKind.Cancelled)),
            (2, Gen.Constant(FaultKind.Fails)),
            (1, Gen.Constant(FaultKind.LosesLock)),
            (2, Gen.Constant(FaultKind.Damaged))
        )
        from call in Gen.Choose(1, Calls)
        from done in Gen.Elements(0, 25, 50, 75, 100)
        from damage in Damages()
        select new Fault(kind, call, done, kind == FaultKind.Damaged ? damage : null);

    private static Gen<Breaks> Damages() =>
        Gen.Frequency(
            (4, Gen.Elements("api", "web", "bot").Select(service => new Breaks(Damage.Crashes, service))),
            (2, Gen.Elements("api", "web").Select(service => new Breaks(Damage.Sickens, service))),
            (1, Gen.Elements("api", "web", "bot").Select(service => new Breaks(Damage.IsRemoved, service))),
            (2, Gen.Elements("api", "web", "bot").Select(service => new Breaks(Damage.IdleIsRemoved, service))),
            (2, Gen.Constant(new Breaks(Damage.EdgeStops, ""))),
            (1, Gen.Constant(new Breaks(Damage.EdgeIsRemoved, ""))),
            (2, Gen.Constant(new Breaks(Damage.EdgeAges, ""))),
            (1, Gen.Constant(new Breaks(Damage.GateIsRemoved, ""))),
            (1, Gen.Elements("blue", "green").Select(slot => new Breaks(Damage.EdgeIsDisconnected, slot))),
            (1, Gen.Constant(new Breaks(Damage.AccessoryStops, ""))),
            (3, Gen.Constant(new Breaks(Damage.AccessoryStarts, ""))),
            (1, Gen.Elements(Tags.Good).Select(tag => new Breaks(Damage.ImagesGo, tag))),
            (3, Gen.Elements(Tags.Good).Select(tag => new Breaks(Damage.ImagesAreBuilt, tag)))
        );

    /// <summary>Without a half, a quarter, … of the happenings, down to one; then with one fault fewer.</summary>
    private static IEnumerable<Trace> Smaller(Trace trace)
    {
        var all = trace.Happenings;
        for (var size = all.Length / 2; size >= 1; size /= 2)
        for (var start = 0; start + size <= all.Length; start += size)
            yield return new Trace(all.RemoveRange(start, size));
        for (var i = 0; i < all.Length; i++)
            if (all[i] is Does does && (does.Fault is not null || does.KeepWarm || does.Canary))
                yield return new Trace(
                    all.SetItem(
                        i,
                        does.Fault is null
                            ? does with
                            {
                                KeepWarm = false,
                                Canary = does.Canary && does.KeepWarm,
                            }
                            : does with
                            {
                                Fault = null,
                            }
                    )
                );
    }
}
