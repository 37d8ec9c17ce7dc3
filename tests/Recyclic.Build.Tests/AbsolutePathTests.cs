using System.ComponentModel;
using System.Text.Json;

namespace Recyclic.Build.Tests;

[Platform("Unix")]
public class AbsolutePathTests
{
    private static readonly AbsolutePath Root = "/repo/app";

    [Test]
    public void A_slash_appends_and_a_plus_lengthens_the_name()
    {
        (Root / "src" / "a.txt").ToString().ShouldBe("/repo/app/src/a.txt");
        (Root / "src/./b/../a.txt").ToString().ShouldBe("/repo/app/src/a.txt");
        (Root / "../other/").ToString().ShouldBe("/repo/other");
        (Root / "/etc").ToString().ShouldBe("/etc");
        (Root / ..).ToString().ShouldBe("/repo");
        ((AbsolutePath)"/" / ..).ToString().ShouldBe("/");
        (Root / "a.txt" + ".bak").ToString().ShouldBe("/repo/app/a.txt.bak");
        ("--root=" + Root).ShouldBe("--root=/repo/app");
        Should.Throw<ArgumentException>(() => Root / 1..);
    }

    [Test]
    public void Its_parts_have_names()
    {
        var path = Root / "archive.tar.gz";
        (path.Name, path.NameWithoutExtension, path.Extension, path.Parent).ShouldBe(
            ("archive.tar.gz", "archive.tar", ".gz", Root)
        );
        ((AbsolutePath)"/").Parent.ShouldBeNull();
        path.WithExtension("zip").Name.ShouldBe("archive.tar.zip");
    }

    [Test]
    public void It_is_a_string_and_a_string_is_one_when_it_is_rooted()
    {
        string text = Root;
        AbsolutePath path = text;
        path.ShouldBe(Root);
        ((AbsolutePath?)(string?)null).ShouldBeNull();
        ((string?)(AbsolutePath?)null).ShouldBeNull();
        Should
            .Throw<ArgumentException>(() => new AbsolutePath("src"))
            .Message.ShouldStartWith("'src' is not an absolute path");
    }

    [Test]
    public void Equal_texts_are_equal_paths()
    {
        (Root / "a" == (AbsolutePath)"/repo/app/b/../a/").ShouldBeTrue();
        (Root / "a").GetHashCode().ShouldBe((Root / "a").GetHashCode());
        (Root / "A").ShouldNotBe(Root / "a");
    }

    [Test]
    public void In_json_and_for_type_converters_it_is_its_text()
    {
        JsonSerializer.Serialize(new[] { Root, null }).ShouldBe("""["/repo/app",null]""");
        JsonSerializer.Deserialize<AbsolutePath>("\"/repo/app\"").ShouldBe(Root);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<AbsolutePath>("\"src\""));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<AbsolutePath>("5"));
        TypeDescriptor.GetConverter(typeof(AbsolutePath)).ConvertFromInvariantString("/repo/app").ShouldBe(Root);
        TypeDescriptor.GetConverter(typeof(AbsolutePath)).ConvertToInvariantString(Root).ShouldBe("/repo/app");
    }

    [Test]
    public void One_path_leads_to_another()
    {
        Root.GetRelativePathTo(Root / "a" / "b").ShouldBe("a/b");
        (Root / "a").GetUnixRelativePathTo("/repo/x").ShouldBe("../../x");
        (Root / "a").IsAtOrBelow(Root).ShouldBeTrue();
        ((AbsolutePath)"/repo/apple").IsAtOrBelow(Root).ShouldBeFalse();
    }
}
