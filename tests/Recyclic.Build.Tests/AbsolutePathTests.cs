using System.ComponentModel;
using System.Text.Json;

namespace Recyclic.Build.Tests;

[Platform("Unix")]
public class AbsolutePathTests
{
    private static readonly AbsolutePath Root = "/work/app";

    [Test]
    public void A_slash_appends_and_a_plus_lengthens_the_name()
    {
        (Root / "src" / "a.txt").ToString().ShouldBe("/work/app/src/a.txt");
        (Root / "src/./b/../a.txt").ToString().ShouldBe("/work/app/src/a.txt");
        (Root / "../other/").ToString().ShouldBe("/work/other");
        (Root / "/etc").ToString().ShouldBe("/etc");
        (Root / ..).ToString().ShouldBe("/work");
        ((AbsolutePath)"/" / ..).ToString().ShouldBe("/");
        (Root / "a.txt" + ".bak").ToString().ShouldBe("/work/app/a.txt.bak");
        ("--root=" + Root).ShouldBe("--root=/work/app");
        Should.Throw<ArgumentException>(() => Root / 1..);
    }

    [Test]
    public void Its_parts_have_names()
    {
        var path = Root / "archive.tar.gz";
        (path.Name, path.NameWithoutExtension, path.Extension, path.Parent).ShouldBe(("archive.tar.gz", "archive.tar", ".gz", Root));
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
        Should.Throw<ArgumentException>(() => new AbsolutePath("src")).Message.ShouldStartWith("'src' is not an absolute path");
    }

    [Test]
    public void Equal_texts_are_equal_paths()
    {
        (Root / "a" == (AbsolutePath)"/work/app/b/../a/").ShouldBeTrue();
        (Root / "a").GetHashCode().ShouldBe((Root / "a").GetHashCode());
        (Root / "A").ShouldNotBe(Root / "a");
    }

    [Test]
    public void In_json_and_for_type_converters_it_is_its_text()
    {
        JsonSerializer.Serialize(new[] { Root, null }).ShouldBe("""["/work/app",null]""");
        JsonSerializer.Deserialize<AbsolutePath>("\"/work/app\"").ShouldBe(Root);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<AbsolutePath>("\"src\""));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<AbsolutePath>("5"));
        TypeDescriptor.GetConverter(typeof(AbsolutePath)).ConvertFromInvariantString("/work/app").ShouldBe(Root);
        TypeDescriptor.GetConverter(typeof(AbsolutePath)).ConvertToInvariantString(Root).ShouldBe("/work/app");
    }

    [Test]
    public void One_path_leads_to_another()
    {
        Root.GetRelativePathTo(Root / "a" / "b").ShouldBe("a/b");
        (Root / "a").GetUnixRelativePathTo("/work/x").ShouldBe("../../x");
        (Root / "a").IsAtOrBelow(Root).ShouldBeTrue();
        ((AbsolutePath)"/work/apple").IsAtOrBelow(Root).ShouldBeFalse();
    }
}
