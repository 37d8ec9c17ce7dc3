using System.Globalization;

namespace Recyclic.Bench;

/// <summary>The command line cannot be understood: exit 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>
/// Options as <c>--name value</c>, or <c>--name</c> alone for a switch; an option may come several times.
/// </summary>
internal sealed class Options
{
    private readonly List<(string Name, string Value)> _options = [];

    /// <param name="arguments">The command line after the command.</param>
    /// <param name="known">Names without dashes; a name that ends in <c>!</c> is a switch without a value.</param>
    public static Options Parse(ReadOnlySpan<string> arguments, IReadOnlyCollection<string> known)
    {
        var options = new Options();
        for (var at = 0; at < arguments.Length; at++)
        {
            var name = arguments[at].StartsWith("--", StringComparison.Ordinal)
                ? arguments[at][2..]
                : throw new UsageException($"Not an option: {arguments[at]}");
            if (known.Contains(name + "!"))
                options._options.Add((name, "true"));
            else if (!known.Contains(name))
                throw new UsageException($"Unknown option: --{name}");
            else if (++at == arguments.Length)
                throw new UsageException($"--{name} needs a value");
            else
                options._options.Add((name, arguments[at]));
        }
        return options;
    }

    public IReadOnlyList<string> All(string name) =>
        [.. _options.Where(option => option.Name == name).Select(option => option.Value)];

    public bool Has(string name) => All(name).Count > 0;

    public string Text(string name, string fallback) => All(name) is [.., var last] ? last : fallback;

    public double Number(string name, double fallback) =>
        All(name) is not [.., var last] ? fallback
        : double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
        : throw new UsageException($"--{name} needs a number, not {last}");
}
