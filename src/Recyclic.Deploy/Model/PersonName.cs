using System.Globalization;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: names by which people are told apart where nobody vouches for them. Two that look alike are one: a letter of
/// another script makes no second person.
/// </summary>
public static class PersonName
{
    /// <summary>No name of a person is longer; in characters. An e-mail address has at most 254.</summary>
    public const int Longest = 254;

    /// <summary>
    /// Letters that look like others, in lower case, each followed by the one that it looks like. What looks like `l`
    /// is one letter. By a table of our own: a machine without a library of Unicode is to say the same.
    /// </summary>
    private const string Alikes =
        "аaвbеeкkмmнhоoрpсcтtуyхxіlїlјlѕsԁdԛqԝwһhӏlгrпnєe"
        + "αaβbεeιlκkνvοoρpτtυuχxγyηnωw"
        + "ɑaɡgıl0o1l|liljl"
        + "àaáaâaãaäaåaāaăaąaçcćcčcďdđdèeéeêeëeēeęeěeğgìlílîlïlīlįlłlñnńnňnòoóoôoõoöoøoōoőořršsśsşsßsťtțtùuúuûuüuūuůuűuýyÿyžzźzżz";

    /// <summary>Why a text names nobody; null: it may be a name.</summary>
    public static string? WhyNone(string name) =>
        string.IsNullOrWhiteSpace(name) ? "it is empty"
        : name.Length > Longest ? $"it has {name.Length} characters, and no name has more than {Longest}"
        : PrintableText.Of(name) != name
        || name.Any(c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format)
            ? "it has characters that are not seen"
        : Skeleton(Local(name)).Length == 0 ? "it has no letter"
        : null;

    /// <summary>
    /// Whether two names may be one person's: upper and lower case, what follows an `@`, accents, and letters that look
    /// alike make no other person of them.
    /// </summary>
    public static bool IsSame(string one, string other) =>
        string.Equals(Local(one), Local(other), StringComparison.OrdinalIgnoreCase)
        || Skeleton(Local(one)) is { Length: > 0 } skeleton && skeleton == Skeleton(Local(other));

    private static string Local(string name) => name.Split('@')[0].Trim();

    private static string Skeleton(string name)
    {
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            var plain = Rune.ToLowerInvariant(Plain(rune));
            if (Rune.IsLetterOrDigit(plain) || plain.Value == '|')
                text.Append(plain.IsBmp ? Latin((char)plain.Value).ToString() : plain.ToString());
        }
        return text.ToString()
            .Replace("rn", "m", StringComparison.Ordinal)
            .Replace("vv", "w", StringComparison.Ordinal);
    }

    /// <summary>The wide letters of East Asian text and those of mathematics are Latin ones.</summary>
    private static Rune Plain(Rune rune) =>
        rune.Value switch
        {
            >= 0xff01 and <= 0xff5e => new Rune(rune.Value - 0xfee0),
            >= 0x1d400 and <= 0x1d6a3 => (rune.Value - 0x1d400) % 52 is var letter && letter < 26
                ? new Rune('A' + letter)
                : new Rune('a' + (rune.Value - 0x1d400) % 52 - 26),
            >= 0x1d7ce and <= 0x1d7ff => new Rune('0' + (rune.Value - 0x1d7ce) % 10),
            _ => rune,
        };

    private static char Latin(char c)
    {
        for (var i = 0; i < Alikes.Length; i += 2)
            if (Alikes[i] == c)
                return Alikes[i + 1];
        return c;
    }
}
