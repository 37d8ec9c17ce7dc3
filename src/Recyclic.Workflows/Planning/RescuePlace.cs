using System.Collections.Immutable;

namespace Recyclic.Workflows.Planning;

/// <summary>The place of a rescue: that of the job which it puts right, with less of it. Pure.</summary>
internal static class RescuePlace
{
    private const string GitHubToken = "GITHUB_TOKEN";

    /// <summary>
    /// It puts a host right, and neither tells nor asks GitHub anything: it has the repository, and an identity that a
    /// cloud gives the job. Only steps and a container of the place's own may need more, and then to read. Whatever else
    /// the job would wait for or run is not its business.
    /// </summary>
    public static Place Of(Place place) =>
        place with
        {
            Permissions = new(
                place
                    .Permissions.Scopes.Where(scope =>
                        scope.Key == "id-token"
                        || scope.Value != "write" && (!place.Steps.IsEmpty || place.Container is not null)
                    )
                    .ToImmutableSortedDictionary(StringComparer.Ordinal)
                    .SetItem("contents", "read")
            ),
            Secrets = place.RescueSecrets is { } named
                ? [.. named.Intersect(place.Secrets)]
                : place.Secrets.Remove(GitHubToken),
            Env = new(
                place
                    .Env.Values.Where(variable => IsSeen(variable, place))
                    .ToImmutableSortedDictionary(StringComparer.Ordinal)
            ),
            DisplayName = null,
            If = null,
            Concurrency = null,
            Services = [],
            StepsAfter = [],
            StepOutputs = Env.None,
        };

    private static bool IsSeen(KeyValuePair<string, string> variable, Place place) =>
        !EnvRules.HasToken(variable.Value)
        && (!EnvRules.HasSecret(variable.Value) || place.RescueSecrets?.Contains(variable.Key) != false);
}
