namespace Recyclic.Deploy.Tests.Model;

internal sealed class YamlAliasesTests
{
    [TestCase("[{0}]", ", ")]
    [TestCase("\n{0}", "\n")]
    public void Aliases_of_aliases_without_end_are_told(string shape, string between)
    {
        var item = between == "\n" ? "  - " : "";
        var lines = Enumerable
            .Range(1, 20)
            .Select(level =>
                $"x-{level}: &a{level} {string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, string.Join(between, Enumerable.Repeat($"{item}*a{level - 1}", 10)))}"
            );
        YamlAliases
            .WhySwells($"x-0: &a0 [lol]\n{string.Join('\n', lines)}\n")
            .ShouldNotBeNull()
            .ShouldStartWith("its aliases would make more than 1000000 entries of it, at *a");
    }

    [TestCase(
        "x-base: &base\n  image: a\n  environment: &env { A: b }\nservices:\n  web: { <<: *base, environment: *env }\n  api:\n    <<: *base\n"
    )]
    [TestCase("services:\n  web: { command: \"a && b && *c*\", image: a }\n")]
    [TestCase("")]
    [TestCase("x-a: &a [*a, *a, *a]\nx-b: *nobody\n")]
    public void What_people_write_is_not(string text) => YamlAliases.WhySwells(text).ShouldBeNull();

    [Test]
    public void Neither_are_ten_thousand_uses_of_one() =>
        YamlAliases
            .WhySwells("x-a: &a { b: c }\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"x-{i}: *a\n")))
            .ShouldBeNull();
}
