using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: which variables of the deployer's machine are secrets, and which of them compose is to have.</summary>
/// <param name="Given">
/// By name: what the environment gives the compose files. Compose alone gets it, and only where the files name it.
/// </param>
/// <param name="Names">The variables that hold a secret of the build.</param>
public sealed record DeclaredSecrets(ImmutableDictionary<string, string> Given, ImmutableHashSet<string> Names)
{
    /// <summary>Nobody has declared any; the credentials of CI systems are secrets all the same.</summary>
    public static DeclaredSecrets None { get; } = new(ImmutableDictionary<string, string>.Empty, []);

    /// <summary>What CI systems put into the environment of a job to act in its name.</summary>
    private static readonly ImmutableHashSet<string> OfCi =
    [
        // GitHub
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "GH_ENTERPRISE_TOKEN",
        "GITHUB_ENTERPRISE_TOKEN",
        // GitLab
        "CI_JOB_TOKEN",
        "CI_BUILD_TOKEN",
        "CI_JOB_JWT",
        "CI_JOB_JWT_V1",
        "CI_JOB_JWT_V2",
        "CI_REGISTRY_PASSWORD",
        "CI_DEPLOY_PASSWORD",
        "CI_DEPENDENCY_PROXY_PASSWORD",
        // These two have the token in them.
        "CI_REPOSITORY_URL",
        "CI_BUILD_REPO",
        "GITLAB_TOKEN",
        "GITLAB_PRIVATE_TOKEN",
        // Azure, Bitbucket, Buildkite, CircleCI, Drone, Forgejo and Gitea, Travis
        "SYSTEM_ACCESSTOKEN",
        "BITBUCKET_STEP_OIDC_TOKEN",
        "BUILDKITE_AGENT_ACCESS_TOKEN",
        "CIRCLE_TOKEN",
        "CIRCLE_OIDC_TOKEN",
        "CIRCLE_OIDC_TOKEN_V2",
        "DRONE_NETRC_PASSWORD",
        "FORGEJO_TOKEN",
        "GITEA_TOKEN",
        "TRAVIS_ACCESS_TOKEN",
        // Of the docker command line and of this library's own deploys, whoever sets them.
        "DOCKER_AUTH_CONFIG",
        "DEPLOY_SSH_KEY",
    ];

    /// <summary>Whether a variable is a credential that a CI system or a deploy works by.</summary>
    public static bool IsCiCredential(string name) =>
        OfCi.Contains(name) || name.StartsWith("ACTIONS_", StringComparison.Ordinal);

    /// <summary>Whether compose does not get a variable, though its files name it.</summary>
    public bool Withholds(string name) => !Given.ContainsKey(name) && (Names.Contains(name) || IsCiCredential(name));

    /// <summary>What it is called in a sentence.</summary>
    internal string KindOf(string name) =>
        Names.Contains(name) ? "a secret of the build" : "a credential of the CI system";

    /// <summary>The record's own would print the values.</summary>
    public override string ToString() => string.Join(", ", Names.Order(StringComparer.Ordinal));
}
