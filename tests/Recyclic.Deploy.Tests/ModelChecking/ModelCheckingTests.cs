using FsCheck;
using FsCheck.Fluent;

namespace Recyclic.Deploy.Tests.ModelChecking;

/// <summary>
/// Planner, runner and recovery against a host in memory, in random courses of events. A failure prints the shortest
/// course found and what was wrong in it. The long run: <c>RECYCLIC_MODEL_STEPS=100000</c>, and another
/// <c>RECYCLIC_MODEL_SEED</c> for others. </summary>
internal sealed class ModelCheckingTests
{
    private const int Longest = 40;

    [Test]
    [CancelAfter(120_000)]
    public void Users_keep_a_release_that_works_whatever_happens_and_one_command_puts_all_right() =>
        Check(2_000, 2026, Given.StoreModel);

    [Test]
    [CancelAfter(120_000)]
    public void The_same_but_for_the_gap_of_a_routed_service_that_is_stop_first() =>
        Check(2_000, 2027, Given.StopFirstModel);

    [Test]
    [CancelAfter(120_000)]
    public void The_same_where_all_that_is_routed_is_stop_first() => Check(1_000, 2028, Given.AllStopFirstModel);

    [Test]
    [CancelAfter(7_200_000)]
    public void The_same_for_as_many_steps_as_asked_for()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("RECYCLIC_MODEL_STEPS"), out var steps))
            Assert.Ignore("RECYCLIC_MODEL_STEPS says how many.");
        Check(
            steps,
            ulong.TryParse(Environment.GetEnvironmentVariable("RECYCLIC_MODEL_SEED"), out var seed) ? seed : 7,
            Given.StoreModel,
            Given.StopFirstModel,
            Given.AllStopFirstModel
        );
    }

    private static void Check(int steps, ulong seed, params string[] models)
    {
        var (taken, courses) = (0, 0);
        for (var batch = 0UL; taken < steps; batch++)
            FsCheck.Check.One(
                Config
                    .QuickThrowOnFailure.WithMaxTest(10)
                    .WithQuietOnSuccess(true)
                    .WithReplay(seed + batch, 2 * batch + 1),
                Prop.ForAll(
                    Traces.Of(Longest / 2, Longest),
                    trace =>
                    {
                        taken += trace.Happenings.Length + 1;
                        if (
                            World.WrongInAsync(trace, models[courses % models.Length]).GetAwaiter().GetResult() is
                            { } wrong
                        )
                            throw new AssertionException(wrong);
                        courses++;
                    }
                )
            );
        TestContext.Out.WriteLine($"{taken} steps in {courses} courses of events, seed {seed}");
    }
}
