using System.Runtime.InteropServices;
using Recyclic.Build.Running;

namespace Recyclic.Build.Tests;

public class SignalAnswerTests
{
    [TestCase("INT", "Cancel")]
    [TestCase("HUP", "Cancel")]
    [TestCase("INT INT", "Cancel Warn")]
    [TestCase("INT TERM INT", "Cancel Warn End")]
    [TestCase("TERM TERM HUP TERM", "Cancel Warn None End")]
    [TestCase("HUP HUP HUP HUP", "Cancel None None None")]
    [TestCase("INT HUP INT", "Cancel None Warn")]
    public void The_third_signal_ends_and_a_hang_up_never_insists(string signals, string answers)
    {
        var before = 0;
        var given = new List<SignalAnswer>();
        foreach (var signal in signals.Split(' ').Select(name => Enum.Parse<PosixSignal>("SIG" + name)))
        {
            given.Add(SignalAnswers.Of(before, signal));
            if (given[^1] != SignalAnswer.None)
                before++;
        }
        string.Join(' ', given).ShouldBe(answers);
    }

    [Test]
    public void What_would_be_left_is_said_by_those_that_are_at_work()
    {
        var unfinished = new Unfinished();
        unfinished.Describe([]).ShouldBe("still waiting. A third signal would end it where it is.");
        using (unfinished.While(() => null))
        using (unfinished.While(() => "shop: one\ntwo"))
            unfinished
                .Describe(["DeployA", "DeployB"])
                .ShouldBe(
                    "still waiting for DeployA, DeployB. A third signal would end it where it is and leave:\n  shop: one\n  two"
                );
        unfinished.Describe(["Pack"]).ShouldBe("still waiting for Pack. A third signal would end it where it is.");
    }
}
