namespace Recyclic.Deploy.Tests.Model;

internal sealed class ReleaseTagTests
{
    [TestCase("abc1234")]
    [TestCase("1.4.2")]
    [TestCase("v1")]
    [TestCase("_")]
    [TestCase("latest-2026-01-02")]
    [TestCase("a..b")]
    [TestCase("A_b-C.d")]
    public void A_name_that_never_moves_is_a_tag(string text)
    {
        ReleaseTag.WhyInvalid(text).ShouldBeNull();
        ReleaseTag.TryParse(text, null, out var tag).ShouldBeTrue();
        tag!.ToString().ShouldBe(text);
    }

    [TestCase("latest")]
    [TestCase("LATEST")]
    [TestCase("Main")]
    [TestCase("production")]
    [TestCase("next")]
    public void A_moving_name_is_refused_because_it_does_not_say_which_version_runs(string text) =>
        ReleaseTag.WhyInvalid(text).ShouldNotBeNull().ShouldContain("moving name");

    [TestCase("a b")]
    [TestCase(" a")]
    [TestCase("a\n")]
    [TestCase("a\nb")]
    [TestCase("\ta")]
    [TestCase("'a'")]
    [TestCase("\"a\"")]
    [TestCase("a;b")]
    [TestCase("$(reboot)")]
    [TestCase("`reboot`")]
    [TestCase("${HOME}")]
    [TestCase("a/b")]
    [TestCase("a:b")]
    [TestCase("a@sha256")]
    [TestCase(".hidden")]
    [TestCase("-rf")]
    [TestCase("../../etc")]
    [TestCase("é")]
    [TestCase("a\0b")]
    [TestCase("１２")]
    public void What_a_shell_or_a_registry_could_misread_is_no_tag(string text)
    {
        ReleaseTag.WhyInvalid(text).ShouldNotBeNull().ShouldContain("is not an image tag");
        ReleaseTag.TryParse(text, null, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => ReleaseTag.Parse(text));
    }

    [TestCase(null)]
    [TestCase("")]
    public void Nothing_is_no_tag(string? text) => ReleaseTag.WhyInvalid(text).ShouldBe("a tag must not be empty");

    [Test]
    public void A_tag_may_have_128_characters_and_not_one_more()
    {
        ReleaseTag.WhyInvalid(new string('a', 128)).ShouldBeNull();
        ReleaseTag.WhyInvalid(new string('a', 129)).ShouldNotBeNull();
    }

    [Test]
    public void The_refusal_of_a_huge_text_does_not_repeat_it()
    {
        var reason = ReleaseTag.WhyInvalid(new string('a', 10_000)).ShouldNotBeNull();
        reason.ShouldContain("(10000 characters)");
        reason.Length.ShouldBeLessThan(250);
    }

    [Test]
    public void The_refusal_prints_no_control_character() =>
        ReleaseTag.WhyInvalid("a\u001b[2Jb\n").ShouldNotBeNull().ShouldNotContain(c => char.IsControl(c));
}
