namespace Recyclic.Build.Running;

/// <summary>Whether nobody sits in front of the build.</summary>
internal static class BuildServer
{
    private static readonly string[] Variables =
    [
        "CI",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "TF_BUILD",
        "TEAMCITY_VERSION",
        "JENKINS_URL",
        "BITBUCKET_BUILD_NUMBER",
        "APPVEYOR",
    ];

    public static bool IsMeantBy(IReadOnlyDictionary<string, string> environment) =>
        Variables.Any(name => Has(environment, name));

    public static bool Has(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out var value)
        && value is not ("" or "0")
        && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
}
