using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>One mistake in what was asked or configured: where it is, what it is, how to mend it.</summary>
/// <param name="Place">An option, a file or a service, as the person knows it.</param>
/// <param name="What">Without a full stop at its end.</param>
/// <param name="Mend">A whole sentence.</param>
public sealed record ConfigurationProblem(string Place, string What, string Mend)
{
    /// <summary>Two lines, fit for a terminal whatever the texts hold.</summary>
    public override string ToString() =>
        $"{PrintableText.Of(Place)}: {PrintableText.Lines(What)}\n      mend: {PrintableText.Lines(Mend).Replace("\n", "\n      ")}";
}

/// <summary>The request or the configuration is invalid. Nothing has been touched; the exit code is 2.</summary>
public sealed class ConfigurationException(ImmutableArray<ConfigurationProblem> problems) : Exception(Text(problems))
{
    /// <summary>One mistake.</summary>
    /// <param name="place">An option, a file or a service, as the person knows it.</param>
    /// <param name="what">Without a full stop at its end.</param>
    /// <param name="mend">A whole sentence.</param>
    public ConfigurationException(string place, string what, string mend)
        : this([new(place, what, mend)]) { }

    /// <summary>At least one; all that were found, not the first alone.</summary>
    public ImmutableArray<ConfigurationProblem> Problems { get; } = problems;

    private static string Text(ImmutableArray<ConfigurationProblem> problems) =>
        problems is [var only]
            ? $"refused, nothing was touched: {only}"
            : $"refused for {problems.Length} reasons, nothing was touched\n"
                + string.Join("\n", problems.Select(p => "  - " + p));
}
