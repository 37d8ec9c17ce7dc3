using System.Collections.Immutable;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.GitLab;

/// <summary>
/// From GitHub's services of a job to GitLab's: the service is reached by its name, whatever ports it names. Pure.
/// </summary>
internal static class GitLabServices
{
    private static readonly string[] Known = ["image", "env", "ports"];

    public static bool IsKnown(YamlNode services) =>
        services is YamlMap map
        && map.Entries.All(entry =>
            entry.Value is YamlMap service
            && service.Find("image") is YamlText
            && service.Entries.All(part => Known.Contains(part.Key))
        );

    public static YamlList Of(YamlNode? services) =>
        services is YamlMap map
            ? new([.. map.Entries.Select(entry => Service(entry.Key, (YamlMap)entry.Value))])
            : new();

    public static YamlList Of(ImmutableArray<Service> services) =>
        new([
            .. services.Select(service =>
                (YamlNode)
                    new YamlMap(("name", service.Container.Image), ("alias", service.Name)).WithAny(
                        "variables",
                        GitLabVariables.Of([], [], false, service.Container.Env)
                    )
            ),
        ]);

    private static YamlMap Service(string alias, YamlMap service) =>
        new YamlMap(("name", service.Find("image")!), ("alias", alias)).WithAny("variables", service.Find("env"));
}
