using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Setup;

/// <param name="Verb">`remove`, `upgrade`, `downgrade`, `reinstall`, `configure` or `change held`.</param>
/// <param name="Name">The package's, without its architecture.</param>
/// <param name="From">The version that is installed; empty: not told.</param>
/// <param name="To">The version that would be; empty: none.</param>
public sealed record PackageChange(string Verb, string Name, string From = "", string To = "")
{
    /// <summary>As a refusal names it: `upgrade docker.io 20.10 -> 28.0`.</summary>
    public override string ToString() =>
        $"{Verb} {Name}{(From.Length > 0 ? $" {From}" : "")}{(To.Length > 0 ? $" -> {To}" : "")}";
}

/// <summary>Pure: what `apt-get --simulate` says that it would do.</summary>
/// <param name="New">Packages that would be installed and are not yet, by name, with the version.</param>
/// <param name="Changes">What would be done to packages that are installed.</param>
/// <param name="Error">Why apt would do nothing; null: it would.</param>
public sealed partial record AptSimulation(
    ImmutableSortedDictionary<string, string> New,
    ImmutableArray<PackageChange> Changes,
    string? Error
)
{
    /// <summary>Whether nothing that is installed would be touched.</summary>
    public bool OnlyAdds => Error is null && Changes.IsEmpty;

    /// <param name="output">In the language of LC_ALL=C.</param>
    /// <param name="errors">apt's standard error.</param>
    internal static AptSimulation Read(string output, string errors, int exitCode)
    {
        var added = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var changes = new List<PackageChange>();
        var sections = Sections(output);
        var unpacked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var match in output.Split('\n').Select(line => Action().Match(line)).Where(match => match.Success))
        {
            var (verb, name, from, to) = (
                match.Groups[1].Value,
                PlainName(match.Groups[2].Value),
                match.Groups[3].Value,
                match.Groups[4].Value
            );
            switch (verb)
            {
                case "Remv" or "Purg":
                    changes.Add(new("remove", name, from));
                    break;
                case "Inst":
                    unpacked.Add(name);
                    if (from.Length == 0)
                        added[name] = to;
                    else
                        changes.Add(
                            new(
                                from == to ? "reinstall"
                                    : sections.Contains(("downgrade", name)) ? "downgrade"
                                    : "upgrade",
                                name,
                                from,
                                to
                            )
                        );
                    break;
                // What is configured without being unpacked was left half installed before.
                case "Conf" when !unpacked.Contains(name):
                    changes.Add(new("configure", name, "", to));
                    break;
            }
        }
        // The lists count too: with --no-remove, and on a refusal, apt prints them alone.
        changes.AddRange(
            sections
                .Where(listed => listed.Verb is "change held" || !changes.Any(change => change.Name == listed.Name))
                .Select(listed => new PackageChange(listed.Verb, listed.Name))
                .ToList()
        );
        var error =
            exitCode == 0
                ? null
                : errors
                    .Split('\n', StringSplitOptions.TrimEntries)
                    .Where(line => line.StartsWith("E: ", StringComparison.Ordinal))
                    .Select(line => line[3..])
                    .DefaultIfEmpty($"apt-get ended with {exitCode}")
                    .Aggregate((a, b) => $"{a} {b}");
        return new(added.ToImmutable(), [.. changes.Distinct()], error);
    }

    /// <summary>Why the installation is refused, or null when it only adds.</summary>
    /// <param name="packages">What was asked for.</param>
    /// <param name="byHand">What a person may do instead.</param>
    /// <param name="network">What `apt-get update` complained about; null: nothing.</param>
    internal ConfigurationProblem? RefusalOf(IEnumerable<string> packages, string byHand, string? network)
    {
        var asked = $"apt-get install {string.Join(' ', packages)}";
        if (!Changes.IsEmpty)
            return new(
                "Setup",
                $"apt-get would do more than add packages, and containers may depend on what is there:\n{string.Join('\n', Changes.Select(change => $"        {change}"))}\n      asked for: {asked}",
                byHand
            );
        if (Error is null)
            return null;
        var offline = network is null ? "" : $"\n      and its lists could not be renewed: {network}";
        return new(
            "Setup",
            $"apt-get cannot do this: {Error}{offline}\n      asked for: {asked}",
            network is null
                ? byHand
                : $"Mend apt's sources or the network, until apt-get update works; then run the same command again. {byHand}"
        );
    }

    private static HashSet<(string Verb, string Name)> Sections(string output)
    {
        var found = new HashSet<(string, string)>();
        string? verb = null;
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                if (verb is not null)
                    found.UnionWith(
                        line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => (verb, PlainName(name)))
                    );
                continue;
            }
            verb = Section().Match(line) is { Success: true } header
                ? header.Groups[1].Value switch
                {
                    "REMOVED" or "removed" => "remove",
                    "DOWNGRADED" => "downgrade",
                    "changed" => "change held",
                    _ => "upgrade",
                }
                : null;
        }
        return found;
    }

    /// <summary>Without the mark of a purge and the architecture.</summary>
    private static string PlainName(string name) => name.TrimEnd('*').Split(':')[0];

    [GeneratedRegex(@"^(Inst|Remv|Purg|Conf) (\S+)(?: \[([^\]\s]*)\])?(?: \(([^ )]+))?", RegexOptions.CultureInvariant)]
    private static partial Regex Action();

    [GeneratedRegex(
        @"The following (?:held |essential )?packages will be (REMOVED|removed|upgraded|DOWNGRADED|changed)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Section();
}
