using Recyclic.Build.Running;

namespace Recyclic.Build.CI;

/// <summary>
/// Where a build runs: <c>Host is GitHubActions</c>. Everything is read from the environment that the build was started
/// with, so that a test can choose it.
/// </summary>
public abstract class Host
{
    private readonly IReadOnlyDictionary<string, string> _environment;

    private protected Host(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    /// <summary>The name of the type: <c>GitHubActions</c>.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>
    /// The first that recognises its own variable; <see cref="OtherServer"/> where only <c>CI</c> or the like is set.
    /// </summary>
    internal static Host Of(IReadOnlyDictionary<string, string> environment)
    {
        if (!BuildServer.IsMeantBy(environment))
            return new Terminal(environment);
        return BuildServer.Has(environment, "GITHUB_ACTIONS") ? new GitHubActions(environment)
            : BuildServer.Has(environment, "GITLAB_CI") ? new GitLab(environment)
            : BuildServer.Has(environment, "TF_BUILD") ? new AzurePipelines(environment)
            : BuildServer.Has(environment, "TEAMCITY_VERSION") ? new TeamCity(environment)
            : BuildServer.Has(environment, "JENKINS_URL") ? new Jenkins(environment)
            : BuildServer.Has(environment, "BITBUCKET_BUILD_NUMBER") ? new Bitbucket(environment)
            : BuildServer.Has(environment, "APPVEYOR") ? new AppVeyor(environment)
            : new OtherServer(environment);
    }

    private protected static T? Current<T>()
        where T : Host => Of(BuildSession.Current.Host.Environment) as T;

    /// <summary>Null when it is not set, or empty.</summary>
    private protected string? Variable(string name) =>
        _environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private protected long? Number(string name) => long.TryParse(Variable(name), out var number) ? number : null;
}

/// <summary>No build server: a person's machine.</summary>
public sealed class Terminal : Host
{
    internal Terminal(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }
}

/// <summary>A build server of another kind: <c>CI</c> is set.</summary>
public sealed class OtherServer : Host
{
    internal OtherServer(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }
}

/// <summary>Azure Pipelines (<c>TF_BUILD</c>).</summary>
public sealed class AzurePipelines : Host
{
    internal AzurePipelines(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }
}

/// <summary>TeamCity (<c>TEAMCITY_VERSION</c>).</summary>
public sealed class TeamCity : Host
{
    internal TeamCity(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }
}

/// <summary>Jenkins (<c>JENKINS_URL</c>).</summary>
public sealed class Jenkins : Host
{
    internal Jenkins(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }
}

/// <summary>Bitbucket Pipelines (<c>BITBUCKET_BUILD_NUMBER</c>).</summary>
public sealed class Bitbucket : Host
{
    internal Bitbucket(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }
}

/// <summary>AppVeyor (<c>APPVEYOR</c>).</summary>
public sealed class AppVeyor : Host
{
    internal AppVeyor(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }
}
