using Recyclic.Sample.Frontend;

namespace Recyclic.Sample.Tests;

public sealed class PageTests
{
    private static readonly Release Release = new("frontend", "abc1234", Fault.None, TimeProvider.System);

    [Test]
    public void The_page_shows_both_versions_and_the_items()
    {
        var list = new ItemList([new Item(1, "first", DateTimeOffset.UnixEpoch, "old0001")], 1, 7);
        var html = Page.Render(Release, new Overview("api0001", list, null), "nonce", null);
        html.ShouldContain("<code id=\"version\">abc1234</code>");
        html.ShouldContain("<dd id=\"api-version\">api0001</dd>");
        html.ShouldContain("<span>first</span>");
        html.ShouldContain("1 in all, list read 7 times");
        html.ShouldNotContain("role=\"alert\"");
    }

    [Test]
    public void What_users_wrote_is_text_and_never_markup()
    {
        var list = new ItemList(
            [new Item(1, "<script>alert(1)</script>", DateTimeOffset.UnixEpoch, "\"><b>")],
            1,
            null
        );
        var html = Page.Render(Release, new Overview("<i>", list, "<u>"), "nonce", "<s>");
        foreach (var markup in new[] { "<script>alert", "<b>", "<i>", "<u>", "<s>" })
            html.ShouldNotContain(markup);
    }

    [Test]
    public void A_missing_api_is_said_and_the_page_still_renders()
    {
        var html = Page.Render(Release, new Overview(null, null, "the api cannot be asked: refused"), "nonce", null);
        html.ShouldContain("no answer");
        html.ShouldContain("the api cannot be asked: refused");
        html.ShouldContain("</html>");
    }
}
