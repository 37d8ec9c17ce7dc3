namespace Recyclic.Deploy.Tests.Model;

public sealed class OwnershipTests
{
    private static readonly Ownership Shop = new("shop", "70ce", AcceptsUnmarked: false);
    private static readonly ImmutableDictionary<string, string> None = ImmutableDictionary<string, string>.Empty;
    private static readonly ImmutableDictionary<string, string> Marked = None.Add(Naming.AppLabel, "shop")
        .Add(Naming.OwnerLabel, "70ce.1");
    private static readonly ImmutableDictionary<string, string> Composed = None.Add(
            "com.docker.compose.project",
            "shop"
        )
        .Add("com.docker.compose.service", "db")
        .Add("com.docker.compose.image", "sha256:1");

    [Test]
    public void What_bears_the_applications_mark_is_its_own() => Shop.OwnsContainer(Marked, None).ShouldBeTrue();

    [Test]
    public void A_container_of_an_image_that_was_made_of_one_of_ours_is_not() =>
        Shop.OwnsContainer(Marked, Marked).ShouldBeFalse();

    [Test]
    public void A_release_of_such_an_image_is_ours_all_the_same() =>
        Shop.OwnsContainer(Marked.SetItem(Naming.OwnerLabel, "70ce.2"), Marked).ShouldBeTrue();

    [Test]
    public void Labels_without_a_mark_prove_nothing() =>
        Shop.OwnsContainer(Marked.Remove(Naming.OwnerLabel), None).ShouldBeFalse();

    [Test]
    public void The_mark_of_another_application_or_of_one_that_was_removed_proves_nothing()
    {
        Shop.OwnsContainer(Marked.SetItem(Naming.OwnerLabel, "beef.1"), None).ShouldBeFalse();
        (Shop with { App = "shop-blue" }).OwnsContainer(Marked, None).ShouldBeFalse();
    }

    [Test]
    public void What_version_0_1_0_made_is_ours_where_it_began_the_application()
    {
        var old = Shop with { AcceptsUnmarked = true };
        old.OwnsContainer(Marked.Remove(Naming.OwnerLabel), None).ShouldBeTrue();
        old.OwnsContainer(Marked.Remove(Naming.OwnerLabel), Marked.Remove(Naming.OwnerLabel)).ShouldBeFalse();
        old.OwnsContainer(Marked, None).ShouldBeTrue();
    }

    [Test]
    public void Compose_made_what_its_image_does_not_explain()
    {
        Ownership.IsComposes("shop", Composed, None).ShouldBeTrue();
        Ownership.IsComposes("shop", Composed, Composed.SetItem("com.docker.compose.image", "sha256:0")).ShouldBeTrue();
        Ownership.IsComposes("shop", Composed, Composed).ShouldBeFalse();
        Ownership.IsComposes("shop", Composed.Add("team", "a"), Composed).ShouldBeFalse();
        Ownership.IsComposes("shop_eu", Composed, None).ShouldBeFalse();
    }
}
