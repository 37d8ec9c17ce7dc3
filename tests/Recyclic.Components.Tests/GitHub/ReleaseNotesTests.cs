using Recyclic.Components.GitHub;

namespace Recyclic.Components.Tests.GitHub;

public sealed class ReleaseNotesTests
{
    [Test]
    public void Commits_are_told_by_what_they_mean_for_users() =>
        ReleaseNotes
            .From(
                [
                    "feat(api): search by name\n\nlong story",
                    "fix: the page no longer blinks",
                    "perf(api): answers in half the time",
                    "feat(db): orders have a currency",
                    "feat!: the old address is gone",
                    "fix(auth): tokens last an hour\n\nBREAKING CHANGE: tokens of before are void",
                    "chore: tidy",
                    "Merge something",
                ],
                "v1"
            )
            .ShouldBe(
                """
                ## Breaking changes

                - the old address is gone
                - **auth**: tokens of before are void

                ## Features

                - **api**: search by name
                - **db**: orders have a currency
                - the old address is gone

                ## Fixes

                - the page no longer blinks
                - **auth**: tokens last an hour

                ## Performance

                - **api**: answers in half the time

                ## Migrations

                - **db**: orders have a currency

                And 2 other changes.

                Since v1.
                """
            );

    [Test]
    public void A_first_release_without_a_note_says_so() =>
        ReleaseNotes.From(["tidy"], null).ShouldBe("1 change without a note for users.\n\nThe first release.");

    [Test]
    public void A_message_wakes_nobody_and_brings_no_markup()
    {
        var notes = ReleaseNotes.From(["feat: thanks @everyone <img src=x>"], null);
        notes.ShouldNotContain("@everyone");
        notes.ShouldContain("&lt;img");
    }

    [TestCase("feat: x", "feat", null, false)]
    [TestCase("fix(a b)!: x", "fix", "a b", true)]
    [TestCase("feat:x", "", null, false)]
    [TestCase("Feat: x", "feat", null, false)]
    [TestCase("x\n\nBREAKING-CHANGE: y", "", null, true)]
    public void A_message_is_read_by_the_convention(string message, string type, string? scope, bool isBreaking)
    {
        var commit = ConventionalCommit.Parse(message);
        (commit.Type, commit.Scope, commit.IsBreaking).ShouldBe((type, scope, isBreaking));
    }
}
