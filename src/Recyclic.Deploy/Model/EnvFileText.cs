using System.Text;
using Recyclic.Processes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: what stands in a file of variables, `.env`, as far as it takes to know its values when they turn up in a text.
/// What they mean is compose's to say.
/// </summary>
internal static class EnvFileText
{
    private const int Most = 2000;

    public static IEnumerable<FoundValue> Parse(string text)
    {
        var lines = text.Split('\n');
        for (var (i, count) = (0, 0); i < lines.Length && count < Most; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith("export ", StringComparison.Ordinal))
                line = line[7..].TrimStart();
            var sign = line.AsSpan().IndexOfAny('=', ':');
            if (sign <= 0 || line[0] == '#')
                continue;
            count++;
            var (name, value) = (line[..sign].Trim(), line[(sign + 1)..].Trim());
            if (value.Length > 0 && value[0] is '"' or '\'')
                value = Quoted(value, lines, ref i);
            else if (value.IndexOf(" #", StringComparison.Ordinal) is var comment and >= 0)
                value = value[..comment].TrimEnd();
            if (value.Length > 0)
                yield return new FoundValue(name, value);
        }
    }

    /// <summary>Up to the same quote, which may be some lines further down.</summary>
    private static string Quoted(string begun, string[] lines, ref int line)
    {
        var quote = begun[0];
        var value = new StringBuilder();
        for (var rest = begun[1..]; ; rest = "\n" + lines[++line].TrimEnd('\r'))
        {
            for (var i = 0; i < rest.Length; i++)
                if (rest[i] == quote)
                    return value.ToString();
                else if (quote == '"' && rest[i] == '\\' && i + 1 < rest.Length)
                    value.Append(rest[++i] == 'n' ? '\n' : rest[i]);
                else
                    value.Append(rest[i]);
            if (line + 1 >= lines.Length)
                return value.ToString();
        }
    }
}
