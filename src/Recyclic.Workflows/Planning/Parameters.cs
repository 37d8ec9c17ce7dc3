using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>Finds parameters by name.</summary>
internal static class Parameters
{
    /// <summary>By the name on the command line or the member's; null when there is none.</summary>
    public static BuildParameter? Find(BuildGraph graph, string name) =>
        graph.Parameters.FirstOrDefault(p => Normal(p.Name) == Normal(name))
        ?? graph.Parameters.FirstOrDefault(p => p.MemberName == name);

    /// <summary>What a person who runs the workflow by hand chooses from; empty: any text.</summary>
    public static ImmutableArray<string> ChoicesOf(Input input, BuildParameter parameter) =>
        input.Choices.IsEmpty ? parameter.Choices : input.Choices;

    public static string Normal(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
