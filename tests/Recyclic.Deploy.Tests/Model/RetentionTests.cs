namespace Recyclic.Deploy.Tests.Model;

internal sealed class RetentionTests
{
    [Test]
    public void Only_the_images_of_releases_beyond_the_kept_ones_go() =>
        Outdated("abcd", next: "e", keep: 3).ShouldBe(["team/api:a", "team/api:b"]);

    [Test]
    public void Few_releases_stay_all() => Outdated("ab", next: "c", keep: 5).ShouldBeEmpty();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(-5)]
    public void What_serves_and_what_a_rollback_needs_stay_however_few_are_kept(int keep) =>
        Outdated("abc", next: "d", keep).ShouldBe(["team/api:a"]);

    [Test]
    public void A_release_deployed_again_counts_once() => Outdated("abab", next: "c", keep: 3).ShouldBeEmpty();

    [Test]
    public void An_image_that_a_kept_release_shares_stays()
    {
        var shared = Release.Of("a", new Dictionary<string, ImageRef> { ["api"] = new("team/api:a", "sha256:api-e") });
        var journal = new Journal([
            Commit(shared),
            .. "bcd".Select(tag => Commit(Given.Release(Given.Shop, $"{tag}"))),
        ]);
        Retention.OutdatedImages(journal, Given.Release(Given.Shop, "e"), 2).ShouldBe(["team/api:b"]);
    }

    [Test]
    public void An_image_of_a_registry_goes_by_its_digest_and_by_the_tag_that_it_was_pushed_under()
    {
        var pushed = Release.Of(
            "a",
            new Dictionary<string, ImageRef>
            {
                ["api"] = new("r.example/api:a", "sha256:a") { RegistryDigest = "r.example/api@sha256:ra" },
            }
        );
        var journal = new Journal([
            Commit(pushed),
            .. "bcd".Select(tag => Commit(Given.Release(Given.Shop, $"{tag}"))),
        ]);
        Retention
            .OutdatedImages(journal, Given.Release(Given.Shop, "e"), 4)
            .ShouldBe(["r.example/api@sha256:ra", "r.example/api:a"]);
    }

    [Test]
    public void What_another_application_needs_stays() =>
        Retention
            .OutdatedImages(
                new Journal([.. "abcd".Select(tag => Commit(Given.Release(Given.Shop, $"{tag}")))]),
                Given.Release(Given.Shop, "e"),
                3,
                ["team/api:a"]
            )
            .ShouldBe(["team/api:b"]);

    [Test]
    public void Where_the_needs_of_others_could_not_be_read_nothing_is_removed()
    {
        var now = "abcd".Aggregate(
            Planning.Host.Serving(Given.Shop, "0", Slot.Blue),
            (host, tag) => Planning.Host.Committed(host, Given.Shop, $"{tag}", Slot.Blue)
        );
        Prunes(now).ShouldBeTrue();
        Prunes(now with { ImagesOfOthers = null }).ShouldBeFalse();
        static bool Prunes(Snapshot now) =>
            Deploy
                .Planning.DeployPlanner.Deploy(
                    Given.Shop,
                    now,
                    Given.Release(Given.Shop, "e"),
                    new Deploy.Planning.DeployOptions { KeepReleases = 2 }
                )
                .Steps.Any(step => step.Action is PruneImages);
    }

    private static ImmutableArray<string> Outdated(string commits, string next, int keep) =>
        Retention.OutdatedImages(
            new Journal([.. commits.Select(tag => Commit(Given.Release(Given.Shop, $"{tag}")))]),
            Given.Release(Given.Shop, next),
            keep
        );

    private static JournalRecord Commit(Release release) =>
        new(Given.Noon, release.Tag, JournalKind.Commit) { Release = release, Slot = Slot.Blue };
}
