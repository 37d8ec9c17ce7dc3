using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Everyday;

/// <summary>
/// Writes lines behind the names of their services: `web-2 | text`. One of another release than users have has its tag with
/// it.
/// </summary>
/// <param name="write">The build's output, which masks and spells out whatever stands in a line.</param>
internal sealed class LogPrinter(Action<string> write)
{
    /// <summary>Of a terminal, one for each service in its turn; off a terminal the output leaves them out.</summary>
    private static readonly int[] Colours = [36, 33, 32, 35, 34];

    private readonly Dictionary<string, int> _colours = [];
    private readonly Lock _lock = new();
    private HashSet<string?> _serving = [];
    private int _width;

    /// <summary>How many lines there were.</summary>
    public long Lines { get; private set; }

    /// <summary>From now on users have the releases of these.</summary>
    public void Serves(IReadOnlyCollection<LogSource> sources)
    {
        lock (_lock)
        {
            var releases = sources.Select(source => source.Release).OfType<string>().Distinct().ToList();
            // During a canary each line says whose it is.
            _serving = releases.Count > 1 ? [null] : [null, .. releases];
            foreach (var source in sources)
            {
                _colours.TryAdd(source.Container.Service, Colours[_colours.Count % Colours.Length]);
                _width = Math.Max(_width, NameOf(source).Length);
            }
        }
    }

    public void Write(LogSource source, LoggedLine line)
    {
        lock (_lock)
        {
            Lines++;
            var colour = _colours.GetValueOrDefault(source.Container.Service, Colours[0]);
            write($"\e[{colour}m{NameOf(source).PadRight(_width)} |\e[0m {line.Text}");
        }
    }

    /// <summary>A line of ours among them.</summary>
    public void Say(string text)
    {
        lock (_lock)
            write($"-- {text} --");
    }

    private string NameOf(LogSource source) =>
        _serving.Contains(source.Release) ? source.Label : $"{source.Label} ({source.Release})";
}
