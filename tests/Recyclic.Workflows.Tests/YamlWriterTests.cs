using Recyclic.Workflows.Yaml;
using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.Tests;

public class YamlWriterTests
{
    [TestCase("plain text")]
    [TestCase("")]
    [TestCase(" leading and trailing ")]
    [TestCase("yes")]
    [TestCase("null")]
    [TestCase("1.0")]
    [TestCase("0x1F")]
    [TestCase("key: value")]
    [TestCase("a # comment")]
    [TestCase("ends with:")]
    [TestCase("- item")]
    [TestCase("*alias &anchor !tag")]
    [TestCase("it's \"quoted\" \\ 100 %")]
    [TestCase("${{ secrets.A }}")]
    [TestCase("${{ it's }}: #")]
    [TestCase("line one\nline two\n\nline four")]
    [TestCase("line one\nline two\n")]
    [TestCase("\nstarts with a line end")]
    [TestCase(" indented\n  block")]
    [TestCase("trailing blank \nbefore a line end")]
    [TestCase("tab\tand\rreturn")]
    [TestCase("bell \u0007, next line \u0085, separator \u2028, mark \uFEFF")]
    [TestCase("größer 😀")]
    [TestCase("---")]
    [TestCase("%directive")]
    [TestCase("~/.nuget/packages")]
    public void A_text_comes_back_as_it_was(string text)
    {
        Read(new YamlMap(("key", text), (text, "value"), ("list", new YamlList(text, text))))
            .ShouldBe(new[] { ("key", text), (text, "value"), ("list.0", text), ("list.1", text) }, ignoreOrder: true);
    }

    [Test]
    public void Random_texts_come_back_as_they_were()
    {
        const string Alphabet = " \n\t:#-'\"\\{}[]&*!|>%@`,?~$=ab0.é\u0001😀";
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var runes = Alphabet.EnumerateRunes().ToArray();
            var text = string.Concat(
                Enumerable.Range(0, random.Next(12)).Select(_ => runes[random.Next(runes.Length)].ToString())
            );
            Read(new YamlMap(("outer", new YamlMap(("key", text))))).ShouldBe([("outer.key", text)], $"seed {seed}");
        }
    }

    [Test]
    public void Flags_and_numbers_stay_what_they_are()
    {
        YamlWriter
            .Write(new YamlMap(("a", true), ("b", 15), ("c", "true"), ("d", "15"), ("on", "push")))
            .ShouldBe("a: true\nb: 15\nc: 'true'\nd: '15'\non: push\n");
    }

    [Test]
    public void Nesting_is_shown_by_two_blanks_a_level_and_empty_things_are_marked()
    {
        YamlWriter
            .Write(
                new YamlMap(
                    (
                        "jobs",
                        new YamlMap(
                            (
                                "a",
                                new YamlMap(
                                    (
                                        "steps",
                                        new YamlList(
                                            new YamlMap(("run", "x"), ("with", new YamlMap(("path", "p\nq")))),
                                            "text"
                                        )
                                    )
                                )
                            )
                        )
                    ),
                    ("none", new YamlMap()),
                    ("no", new YamlList())
                )
            )
            .ShouldBe(
                """
                jobs:
                  a:
                    steps:
                      - run: x
                        with:
                          path: |-
                            p
                            q
                      - text
                none: {}
                'no': []

                """
            );
    }

    private static List<(string, string)> Read(YamlMap document)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(YamlWriter.Write(document)));
        var found = new List<(string, string)>();
        void Visit(string path, YamlDotNet.RepresentationModel.YamlNode node)
        {
            if (node is YamlMappingNode map)
                foreach (var (key, value) in map.Children)
                    Visit(Join(path, ((YamlScalarNode)key).Value!), value);
            else if (node is YamlSequenceNode list)
                foreach (var (value, i) in list.Select((value, i) => (value, i)))
                    Visit(Join(path, $"{i}"), value);
            else
                found.Add((path, ((YamlScalarNode)node).Value!));
        }
        Visit("", stream.Documents[0].RootNode);
        return found;

        string Join(string path, string key) =>
            path.Length == 0 && stream.Documents[0].RootNode is YamlMappingNode ? key : $"{path}.{key}";
    }
}
