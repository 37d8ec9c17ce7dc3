using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Recyclic.Components.Tests.ForeignText;

/// <summary>What somebody else may have written, and how one sees that it was not let through.</summary>
internal static partial class HostileTexts
{
    /// <summary>Long enough that nothing else looks like it.</summary>
    public const string Secret = "hunter2/S3cret+9 xyz";

    private static readonly string Base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret));

    /// <summary>At least twenty.</summary>
    public static string[] All { get; } =
    [
        "\e[2J",
        "\e]0;owned\a",
        "\e[8mhidden\e[0m",
        "\e[30;40mblack",
        "\eP+q544e\e\\",
        "seen\rhidden",
        "a\0b",
        "\u009b2J",
        "abc\u202egnp",
        "\u2066x\u2069",
        "\u200bzero\ufeff",
        "\U000e0041\U000e0042 tags",
        "first\u2028second",
        "z" + new string('\u0301', 200),
        "::stop-commands::x",
        "  ::set-output name=a::b",
        "\t##[error]gone",
        "x ##[add-matcher]m.json",
        "x\n::add-path::/tmp",
        "x\r\n\u00a0::save-state name=a::b",
        "\ud800half",
        new string('x', 1_000_000),
        $"postgres://app:{Uri.EscapeDataString(Secret)}@db:5432/shop",
        $"the password is {Secret}",
        $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"app:{Secret}"))}",
        $"env {Base64}",
        "</td><script>x</script>![p](http://evil.example/p)|cell|[a](javascript:x)",
        "<!channel> <@U1>",
    ];

    public static string[] Secrets { get; } = [Secret, Uri.EscapeDataString(Secret), Base64, Base64[4..^8]];

    /// <param name="what">To say what let it through.</param>
    public static void ShouldBeHarmless(string shown, string what)
    {
        var text = OwnColour().Replace(shown, "");
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value is not ('\n' or '\t'))
                Rune.GetUnicodeCategory(rune)
                    .ShouldNotBeOneOf(
                        [
                            UnicodeCategory.Control,
                            UnicodeCategory.Format,
                            UnicodeCategory.Surrogate,
                            UnicodeCategory.LineSeparator,
                            UnicodeCategory.ParagraphSeparator,
                        ],
                        $"{what}: U+{rune.Value:x4}"
                    );
        text.ShouldNotContain('\ufffd', what);
        text.ShouldNotContain(new string('\u0301', 5), Case.Sensitive, what);
        foreach (var form in Secrets)
            text.ShouldNotContain(form, Case.Sensitive, what);
        foreach (var line in text.Split('\n'))
            line.Length.ShouldBeLessThan(20_000, what);
    }

    /// <summary>As GitHub's runner reads a log: what it would take for a command is one of ours.</summary>
    public static void ShouldCommandNothing(string log, string what)
    {
        foreach (var line in log.Split('\n', '\r'))
        {
            line.ShouldNotContain("##[", Case.Sensitive, what);
            if (line.Trim().StartsWith("::", StringComparison.Ordinal))
                OwnCommand().IsMatch(line).ShouldBeTrue($"{what}: {line}");
        }
    }

    [GeneratedRegex(@"\e\[(0|2|3[1-6])m|(\r\e\[2K)")]
    private static partial Regex OwnColour();

    [GeneratedRegex(@"\A::(group::Say|endgroup::|(error|warning)( [a-z]+=[^:]*title=Say| title=Say)?::|add-mask::)")]
    private static partial Regex OwnCommand();
}
