using Recyclic.Deploy.Tests.Planning;

namespace Recyclic.Deploy.Tests.Model;

internal sealed class RollbackTargetTests
{
    [Test]
    public void Without_a_tag_it_is_the_good_release_before_the_current_one() =>
        RollbackTarget.Choose(Three(), null, Given.Noon).Release.Tag.ShouldBe("2");

    [TestCase("1")]
    [TestCase("2")]
    public void With_a_tag_it_is_that_release(string tag) =>
        RollbackTarget.Choose(Three(), ReleaseTag.Parse(tag), Given.Noon).Release.Tag.ShouldBe(tag);

    [Test]
    public void After_a_rollback_the_release_that_was_left_is_not_gone_back_to()
    {
        var now = Three().Committed(Given.Shop, "2", Slot.Green, Operation.Rollback);
        RollbackTarget.Choose(now, null, Given.Noon).Release.Tag.ShouldBe("1");
    }

    [Test]
    public void An_unknown_tag_is_refused_with_those_that_there_are() =>
        Refusal(Three(), "9")
            .ShouldBe(
                new(
                    "--tag",
                    "9 was never live here",
                    """
                    Use one of:
                      3                    live 90 minutes ago, serving
                      2                    live 90 minutes ago, stopped
                      1                    live 90 minutes ago, images
                    """
                )
            );

    [Test]
    public void What_users_have_now_is_refused() => Refusal(Three(), "3").What.ShouldBe("3 is what users have now");

    [Test]
    public void Without_an_earlier_release_it_is_refused() =>
        Refusal(Host.Serving(Given.Shop, "1", Slot.Blue), null).What.ShouldBe("there is no good release before 1");

    [Test]
    public void Before_the_first_deploy_it_is_refused() =>
        Refusal(Snapshot.Empty("shop"), null).What.ShouldBe("nothing was ever deployed as shop");

    [TestCase(-5, "0 seconds")]
    [TestCase(119, "119 seconds")]
    [TestCase(120, "2 minutes")]
    [TestCase(7199, "120 minutes")]
    [TestCase(7200, "2 hours")]
    [TestCase(172_800, "2 days")]
    public void An_age_is_told_in_the_unit_that_a_person_would_use(int seconds, string text) =>
        RollbackTarget.Age(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [TestCase("running", "warm")]
    [TestCase("exited", "stopped")]
    public void The_state_of_a_release_is_that_of_its_containers(string state, string expected)
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue)
            .Committed(Given.Shop, "2", Slot.Green)
            .Holding(Given.Shop, Slot.Green, "2")
            .Holding(Given.Shop, Slot.Blue, "1", state);
        RollbackTarget.StateOf(now.Journal.Commitments.First(), now).ShouldBe(expected);
    }

    private static Snapshot Three() =>
        Host.Serving(Given.Shop, "1", Slot.Blue)
            .Committed(Given.Shop, "2", Slot.Green)
            .Committed(Given.Shop, "3", Slot.Blue)
            .Holding(Given.Shop, Slot.Blue, "3")
            .Holding(Given.Shop, Slot.Green, "2", "exited");

    private static ConfigurationProblem Refusal(Snapshot now, string? tag) =>
        Should
            .Throw<ConfigurationException>(() =>
                RollbackTarget.Choose(now, tag is null ? null : ReleaseTag.Parse(tag), Given.Noon.AddMinutes(90))
            )
            .Problems.ShouldHaveSingleItem();
}
